/// The backtest that each recommendation carries: what advice by the container's own policy would
/// have risked on the days of its own history, before it had seen them.
///
/// The walk is that of backtest.hpp for the policy `configured`, on days of all replicas pooled,
/// since that is all that a long-running profiler keeps: each complete day with min_history before
/// it is judged by the values that the days before it recommend, followed under the dead band. A
/// day is an OOM-day where the hottest replica exceeded the memory limit. A workload of one pod
/// has exactly the numbers that `loadline backtest` gives it; of several, days count once and not
/// once a pod.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "loadline/model/resources.hpp"
#include "loadline/recommend/history.hpp"
#include "loadline/recommend/policy_book.hpp"
#include "loadline/usage/profile.hpp"

namespace loadline {

struct Hindsight {
  std::uint32_t days = 0;         ///< judged in any resource
  std::uint32_t memory_days = 0;  ///< judged in memory
  std::uint32_t oom_days = 0;     ///< of memory_days: maximum > the limit in force
  /// Samples of the judged days, and those of them above the request then in force: whole buckets
  /// of the sketch, so within 1.6 %.
  PerResource<std::uint64_t> samples{};
  PerResource<std::uint64_t> above_request{};
  std::uint64_t cpu_above_limit = 0;  ///< none where there is no limit

  Hindsight& operator+=(const Hindsight& other);
  bool operator==(const Hindsight&) const = default;
};

/// nullopt where nothing was judged.
std::optional<double> above_request_ratio(const Hindsight& hindsight, Resource resource);
std::optional<double> cpu_above_limit_ratio(const Hindsight& hindsight);

/// Days from `today` on are not over and not judged. `pods`: as in Subject (recommend.hpp).
Hindsight hindsight_of(const ContainerProfile& profile, const Policy& policy, std::int32_t today,
                       std::span<const PodHistory> pods = {});

/// Remembers what hindsight_of said, as days that are over change once a day: a fleet of 100,000
/// costs seconds otherwise, at each look. Entries are found by ContainerProfile::id; a profile
/// without one (0) is computed each time.
class HindsightCache {
 public:
  /// Before a round of `of`: forgets all where the policies or the day are others than in the last
  /// one. Ids up to `last_id` may be asked for.
  void begin(const PolicyBook& book, std::int32_t today, std::uint32_t last_id);
  /// As hindsight_of; `policy` is the one that the book gives for `key`. Safe on several threads
  /// for containers of different ids.
  Hindsight of(const ContainerKey& key, const ContainerProfile& profile, const Policy& policy,
               std::span<const PodHistory> pods = {});

 private:
  struct Entry {
    std::uint64_t seen = 0;  ///< who it is of, and how many scrapes it rests on; 0: nothing
    Hindsight hindsight{};
  };

  std::optional<PolicyBook> book_{};
  std::int32_t today_ = 0;
  std::vector<Entry> entries_{};
};

}  // namespace loadline
