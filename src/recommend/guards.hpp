/// The steps between a quantile and a recommended value: each a pure function from a draft and the
/// evidence to the next draft, run in the order of `guards()`. A new guard is a new function and a
/// new line of that list. Guards that raise stand before the rounding, guards that cap behind it.
#pragma once

#include <vector>

#include "loadline/recommend/recommendation.hpp"

namespace loadline::recommend_stage {

/// What is about to be recommended of one resource, and why so. Cores or bytes.
struct Draft {
  double request = 0;
  std::optional<double> limit{};  ///< nullopt: no limit
  std::vector<Reason> reasons{};
};

/// What a guard may look at. Lives as long as the call.
struct Evidence {
  Resource resource = Resource::kCpu;
  const ResourcePolicy& policy;
  const ResourceAdvice& advice;  ///< usage and current values; `target` is set
};

using Guard = Draft (*)(Draft draft, const Evidence& evidence);

/// Raises request and limit to the policy's floor; says kFloor where it decided the request.
Draft floor_guard(Draft draft, const Evidence& evidence);
/// Rounds both up to the policy's grid.
Draft grid_guard(Draft draft, const Evidence& evidence);
/// Raises a limit below the request to the request: Kubernetes refuses the pod otherwise.
Draft request_within_limit_guard(Draft draft, const Evidence& evidence);

/// The guards in the order in which they run.
const std::vector<Guard>& guards();

}  // namespace loadline::recommend_stage
