/// The steps between a quantile and a recommended value: each a pure function from a draft and the
/// evidence to the next draft, run in the order of `guards()`. A new guard is a new function and a
/// new line of that list. Guards that raise stand before the rounding, guards that cap behind it,
/// what leaves the container alone last.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "loadline/recommend/recommendation.hpp"
#include "recommend/growth.hpp"

namespace loadline::recommend_stage {

/// What is about to be recommended of one resource, and why so. Cores or bytes.
struct Draft {
  double request = 0;
  std::optional<double> limit{};  ///< nullopt: no limit
  std::vector<Reason> reasons{};
};

/// What is known beside the usage's quantiles; nothing of it makes the guards silent.
struct Surroundings {
  GuardPolicy guards{};
  const ContainerFacts* facts = nullptr;
  const WorkloadFacts* workload = nullptr;
  const NamespaceFacts* space = nullptr;
  std::optional<double> largest_node{};  ///< allocatable of this resource
  std::optional<double> newest_max{};    ///< the newest day's maximum
  std::optional<Growth> growth{};
  double pressed_ratio = 0;  ///< share of the samples at today's limit, or close below it
  std::uint32_t replicas = 0;
};

/// What a guard may look at. Lives as long as the call.
struct Evidence {
  Resource resource = Resource::kCpu;
  const ResourcePolicy& policy;
  const ResourceAdvice& advice;  ///< usage and current values; `target` is set
  Surroundings around{};
};

using Guard = Draft (*)(Draft draft, const Evidence& evidence);

// What raises (safety_guards.cpp).

/// Takes the request of memory that grows from its last day; the limit follows by the factor.
Draft growth_guard(Draft draft, const Evidence& evidence);
/// Lowers nothing where today's limit holds the usage down: where the policy's quantile lies at the
/// limit (95 % of it and more), or CPU was throttled in 5 % and more of the CFS periods.
Draft censored_guard(Draft draft, const Evidence& evidence);
/// Memory limit >= max_factor x the observed maximum of any replica.
Draft observed_max_guard(Draft draft, const Evidence& evidence);
/// Memory limit >= oom_factor x the limit under which the kernel killed it; but no higher than
/// 8 x the quantile, so that kills that no limit ends raise it no further. Never under the limit at
/// the kill.
Draft oom_guard(Draft draft, const Evidence& evidence);
/// Memory limit >= the newest day's maximum, whatever the guards above are set to.
Draft in_use_guard(Draft draft, const Evidence& evidence);

// What shapes (guards.cpp).

/// Raises request and limit to the policy's floor; says kFloor where it decided the request.
Draft floor_guard(Draft draft, const Evidence& evidence);
/// Rounds both up to the policy's grid.
Draft grid_guard(Draft draft, const Evidence& evidence);
/// Lowers both to the policy's ceiling.
Draft ceiling_guard(Draft draft, const Evidence& evidence);
/// Raises a limit below the request to the request: Kubernetes refuses the pod otherwise.
Draft request_within_limit_guard(Draft draft, const Evidence& evidence);
/// Sets what the policy names.
Draft fixed_guard(Draft draft, const Evidence& evidence);

// What bounds from outside (cluster_guards.cpp).

/// Lowers both to what the largest node offers, on the grid: the pod would not be placed.
Draft node_guard(Draft draft, const Evidence& evidence);
/// Moves both into the namespace's LimitRange, and the request up where limit / request is over its
/// ratio: the pod would not be admitted.
Draft limit_range_guard(Draft draft, const Evidence& evidence);
/// Leaves a resource as it is by whose utilisation an HPA scales: another request moves its target.
Draft autoscaler_guard(Draft draft, const Evidence& evidence);
/// Says where all replicas together do not fit what the ResourceQuota leaves; changes nothing.
Draft quota_guard(Draft draft, const Evidence& evidence);

struct NamedGuard {
  std::string_view name{};  ///< "observed maximum": for the arithmetic that explain shows
  Guard run = nullptr;
};
/// The guards in the order in which they run.
const std::vector<NamedGuard>& guards();

}  // namespace loadline::recommend_stage
