/// From profile and current requirements to advice: pure functions, `now` nowhere.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "loadline/recommend/hindsight.hpp"
#include "loadline/recommend/history.hpp"
#include "loadline/recommend/policy.hpp"
#include "loadline/recommend/policy_book.hpp"
#include "loadline/recommend/recommendation.hpp"

namespace loadline {

/// What a recommendation rests on. `facts` and `workload` are nullptr where kube-state-metrics
/// tells nothing.
struct Subject {
  const ContainerKey& key;
  const ContainerProfile& profile;
  const WorkloadFacts* workload = nullptr;
  const ContainerFacts* facts = nullptr;
  /// The day that is not over yet: ResourceAdvice::until_yesterday leaves it and later ones out.
  std::int32_t today = INT32_MAX;
  const ClusterFacts* cluster = nullptr;  ///< what bounds it from outside; may be missing
  /// Its pods by themselves, where they are kept apart: their sum is `profile`.
  std::span<const PodHistory> pods{};
};

/// For each resource target = the policy's quantile over the whole window; request =
/// round_up(max(floor, target)), limit = round_up(max(floor, factor x target)), the unrounded
/// target in both; a limit below the request is raised to it. Each step is a guard
/// (src/recommend/guards.hpp: functions from a draft and the evidence to the next draft, in order),
/// and so is all that makes the rule safe: the observed maximum, OOM kills, limits that hold usage
/// down, growth, nodes, LimitRanges, autoscalers. A resource without usage gets no recommended
/// values and the reason no_usage.
///
/// Verdict, the first that holds: excluded by the policy; no_data without usage of any resource;
/// profiling under min_history; change where today's values are unknown (current_unknown: nothing
/// says that they are right) or where any of them differs by min_change or is set on one side only;
/// else keep. Risks are reasons under every verdict. max_above_limit knows no band: maximum >=
/// limit. The row's hindsight is left for recommend_all to fill in.
Recommendation recommend(const Subject& subject, const Policy& policy);

/// Every container that has a profile, and every container of a live workload that has none
/// (no_data), each by its own policy and with its hindsight. Sorted by key. `today` as in Subject.
std::vector<Recommendation> recommend_all(const ProfileSet& profiles, const Inventory& inventory,
                                          const PolicyBook& book, std::int32_t today = INT32_MAX);
/// The same for those who ask again and again: hindsight comes from the cache.
std::vector<Recommendation> recommend_all(const ProfileSet& profiles, const Inventory& inventory,
                                          const PolicyBook& book, std::int32_t today,
                                          HindsightCache& cache);

}  // namespace loadline
