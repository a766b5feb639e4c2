/// Why a value of the tree is what it is: codes that follow from the value's last change and stay
/// until the next.
#pragma once

#include <optional>
#include <vector>

#include "loadline/gitops/plan.hpp"

namespace loadline::gitops {

/// What the pods ask for today; nullopt where that is unknown.
std::optional<Requirements> current_of(const Recommendation& row);

struct Planned {
  const Requirements* emitted = nullptr;  ///< nullptr: new to the tree
  const EmittedOrigin* origin = nullptr;  ///< nullptr: new, or not remembered
  Requirement values{};                   ///< what the tree will say of this resource
};

/// The remembered reasons where the values stay; else which way each value went, with the evidence
/// that goes with it. Where the memory is lost, today's values are what is compared with.
std::vector<Reason> reasons_of(const Recommendation& row, const Planned& planned,
                               Resource resource);

}  // namespace loadline::gitops
