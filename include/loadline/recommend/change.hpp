/// How far a recommended value lies from today's: the measure of the verdict, of `--min-change` and
/// of every output that marks a value as changing.
#pragma once

#include <optional>

#include "loadline/recommend/recommendation.hpp"

namespace loadline {

/// |recommended - current| / current. 0 where both are unset or equal to 1e-9 relative; infinite
/// where one is set and the other is not, or where only the current value is 0.
double relative_change(const std::optional<double>& current,
                       const std::optional<double>& recommended);

/// True where the change is at least `min_change` and not 0; a change of exactly `min_change`
/// counts (to 1e-9, so that 100m -> 110m is 10 %).
bool changes(const std::optional<double>& current, const std::optional<double>& recommended,
             double min_change);

/// The largest relative change of any value of the container; only resources with a recommended
/// request count. Infinite where the current values are unknown but there is a recommendation: then
/// nothing says that they are right.
double largest_change(const Recommendation& recommendation);

/// True where any reason is a risk, or any reason of this resource is.
bool at_risk(const Recommendation& recommendation);
bool at_risk(const Recommendation& recommendation, Resource resource);

}  // namespace loadline
