/// The values of one container in the tree: where they start from and where they go.
#pragma once

#include <optional>

#include "loadline/model/resources.hpp"
#include "loadline/recommend/recommendation.hpp"

namespace loadline::gitops {

/// Where the values of a resource start from: what the tree says, else what the pods ask for today;
/// nullopt where nobody knows. `emitted` is nullptr for a container that is not in the tree.
std::optional<Requirement> base_of(const Recommendation& row, const Requirements* emitted,
                                   Resource resource);

/// What the tree will say of one resource, as it will be written; without a request it says
/// nothing.
Requirement planned(const Recommendation& row, const Requirements* emitted, Resource resource,
                    double dead_band);

}  // namespace loadline::gitops
