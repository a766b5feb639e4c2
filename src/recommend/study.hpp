/// One resource of one container: from its days to values and the reasons for them.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "loadline/recommend/recommend.hpp"
#include "recommend/guards.hpp"

namespace loadline::recommend_stage {

/// What was found; belongs to the recommendation's reasons and verdict.
struct Findings {
  std::vector<Reason> reasons{};
  bool has_change = false;  ///< a current value is known to differ
};

/// Fills in one resource of the recommendation and says what is to be said about it.
void study(Resource resource, const Subject& subject, const Policy& policy,
           Recommendation& recommendation, Findings& findings);

/// What the days of the profile before `end` recommend by themselves: nothing of the cluster nor of
/// today's values, as `loadline backtest` replays it. `before` is the sum of those days, not empty;
/// `pods` as in Subject.
Requirement advise_by_usage(Resource resource, const ResourceProfile& profile,
                            const UsageSketch& before, std::span<const PodHistory> pods,
                            const Policy& policy, std::int32_t end);

/// What stood after one guard.
struct Step {
  std::string_view guard{};  ///< its name; "quantile" for the first
  double request = 0;
  std::optional<double> limit{};
};

/// The way from the quantile to the recommended values: the first step and each that changed
/// something. Empty without usage.
std::vector<Step> steps_of(Resource resource, const Subject& subject, const Policy& policy,
                           const ResourceAdvice& advice);

}  // namespace loadline::recommend_stage
