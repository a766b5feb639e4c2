/// A JSON6902 patch in memory.
#pragma once

#include "loadline/config/yaml.hpp"
#include "loadline/model/result.hpp"

namespace loadline::gitops {

/// test, add, replace and remove, one after the other; `test` of null holds where there is nothing,
/// as in kustomize. Fails with kInvalidInput, the operation's number and path in the sentence,
/// where a test does not hold or a path leads nowhere.
Result<YamlNode> apply_operations(YamlNode object, const YamlNode& operations);

}  // namespace loadline::gitops
