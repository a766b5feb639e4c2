/// What a patch did to a manifest, and whether it may.
#pragma once

#include <string>
#include <vector>

#include "gitops/manifests.hpp"
#include "loadline/config/yaml.hpp"

namespace loadline::gitops {

struct PatchProblem {
  std::string container{};  ///< empty: the whole object
  std::string sentence{};
};

/// A container added or gone, init containers in another order, anything but resources changed, a
/// request above its limit in a container whose resources changed. Empty: good.
std::vector<PatchProblem> problems_of(const Manifest& manifest, const YamlNode& after);

}  // namespace loadline::gitops
