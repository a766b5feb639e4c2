/// The target of a patch in a kustomization, and which manifests it matches.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gitops/manifests.hpp"
#include "loadline/config/yaml.hpp"
#include "loadline/model/result.hpp"

namespace loadline::gitops {

/// The one text that a pattern matches ("^a\.b$" -> "a.b"); nullopt where it may match others.
std::optional<std::string> literal_of(std::string_view pattern);

/// "^shop$/^Deployment$/^web$" in short: "shop/Deployment/web".
std::string target_name(const YamlNode& target);

/// Manifests whose group, version, kind, name and namespace match, each a regular expression of the
/// whole text. kInvalidInput where the target has no kind or no name (it would match everything) or
/// a pattern is no regular expression.
Result<std::vector<const Manifest*>> matching(const YamlNode& target, const ManifestIndex& index);

}  // namespace loadline::gitops
