/// The kinds of workloads: where each keeps its pod, and what can patch it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loadline/gitops/formats.hpp"

namespace loadline::gitops {

/// Whether tools merge the containers of a kind by name. Where they do not, a merge replaces the
/// whole list.
enum class MergeKeys { kYes, kNo };

struct KindRule {
  std::string kind{};
  std::string api_version{};            ///< "apps/v1"
  std::vector<std::string> pod_spec{};  ///< path from the root: spec, template, spec
  MergeKeys merge_keys = MergeKeys::kNo;

  /// "apps"; empty for the core group.
  [[nodiscard]] std::string group() const;
  /// "v1"
  [[nodiscard]] std::string version() const;
};

/// A custom kind of that name first, then Kubernetes' own and Rollout; nullopt for any other.
std::optional<KindRule> rule_of(std::string_view kind, const std::vector<CustomKind>& kinds);

/// Kubernetes' own and Rollout, spelled exactly so.
bool is_known_kind(std::string_view kind);

/// "a.b\.c" -> a, b.c. Empty keys stay, so that a caller can refuse them.
std::vector<std::string> split_dotted(std::string_view path);

}  // namespace loadline::gitops
