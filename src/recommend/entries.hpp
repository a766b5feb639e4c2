/// What is recommended for: containers with a profile, and those that the cluster tells of without
/// one.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "loadline/recommend/recommend.hpp"

namespace loadline::recommend_stage {

/// A container and what is known of its usage. The key and the profile belong to whoever tells of
/// them: the profiles, or these Entries.
struct Entry {
  const ContainerKey* key = nullptr;
  const ContainerProfile* profile = nullptr;
  std::vector<PodHistory> pods{};  ///< where they are kept apart, by name
};

/// Entries of every container that was seen, and of every container of a live workload without a
/// profile; by key. Pods that are kept apart (ContainerKey::pod) are joined.
class Entries {
 public:
  /// Both must outlive the entries.
  Entries(const ProfileSet& profiles, const Inventory& inventory);
  Entries(const Entries&) = delete;  // entries point into it
  Entries& operator=(const Entries&) = delete;

  [[nodiscard]] const std::vector<Entry>& all() const { return entries_; }
  [[nodiscard]] Subject subject_of(const Entry& entry, std::int32_t today) const;

 private:
  void add_profiled(const ProfileSet& profiles);
  void add_apart(const ProfileSet& profiles);
  void add_unprofiled(const ProfileSet& profiles);

  const Inventory& inventory_;
  std::deque<ContainerKey> keys_{};
  std::deque<ContainerProfile> joined_{};
  ContainerProfile nothing_{};
  std::vector<Entry> entries_{};
};

}  // namespace loadline::recommend_stage
