/// Saves what changes, and keeps what could not be saved until it can be.
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "loadline/store/profile_store.hpp"

namespace loadline::service {

/// What one step of a cycle changed.
struct Changes {
  std::optional<StateHeader> header{};
  Touched touched{};
  Marks marks{};
  std::vector<WorkloadKey> workloads{};
  std::optional<ClusterFacts> cluster{};
};

/// A store that fails (full disk) costs nothing but reading the unsaved part again after a restart:
/// changes add up and go out together with the next ones, so that a mark is never stored without
/// what was read up to it. One thread at a time.
class Saver {
 public:
  /// `known` holds the facts of the workloads that Changes name; it must outlive the saver.
  Saver(std::unique_ptr<ProfileStore> store, const KnownWorkloads& known);

  /// Writes what waits and this, in one transaction.
  Result<void> save(Changes changes);
  /// Takes what is going to be dropped out of what waits. Call before UsageState::drop_before,
  /// which makes pointers invalid.
  void forget_before(std::int32_t first_day);
  /// As ProfileStore::drop.
  Result<void> drop(std::int32_t first_day, const std::vector<RunId>& runs,
                    const std::vector<WorkloadKey>& workloads);
  /// Goes on with another store, which holds nothing of what waits. Give memory_store() first where
  /// the old one's lock would be in the way.
  void replace(std::unique_ptr<ProfileStore> store) { store_ = std::move(store); }
  /// Forgets everything, stored or waiting.
  Result<void> clear();
  [[nodiscard]] StoreSize size() const { return store_->size(); }

 private:
  std::unique_ptr<ProfileStore> store_;
  const KnownWorkloads& known_;
  Changes waiting_{};
};

}  // namespace loadline::service
