/// A strategic merge in memory, as kustomize and server-side apply do it to the objects that
/// loadline patches: containers by name, everything else as JSON merge.
#pragma once

#include "loadline/config/yaml.hpp"

namespace loadline::gitops {

/// Maps are merged key by key and null removes one; "containers" and "initContainers" are merged by
/// name, those that the patch names first (so does kustomize), the unknown ones added; any other
/// list or value is replaced.
YamlNode strategic_merge(const YamlNode& object, const YamlNode& patch);

}  // namespace loadline::gitops
