/// How values in force follow advice: the rule of gitops/plan.hpp for days that are over, restated
/// because gitops is a later stage.
#pragma once

#include <optional>

#include "loadline/model/resources.hpp"

namespace loadline::recommend_stage {

/// The values in force after advice; `advised.request` is set. Nothing in force: the advice. A
/// request or limit that is set on one side only counts as a change. `seen_max` reaching the limit
/// in force lets it rise by any amount.
Requirement follow(const std::optional<Requirement>& in_force, const Requirement& advised,
                   std::optional<double> seen_max, double dead_band);

}  // namespace loadline::recommend_stage
