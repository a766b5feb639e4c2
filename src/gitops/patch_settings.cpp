#include "gitops/text_file.hpp"
#include "loadline/gitops/patch.hpp"

namespace loadline {

Result<PatchSettings> patch_settings(const Config& config) {
  const PatchConfig& patch = config.patch;
  PatchSettings settings{.policy = {.dead_band = patch.dead_band,
                                    .exclude = patch.exclude,
                                    .exclude_containers = patch.exclude_containers},
                         .namespaces = config.usage.namespaces,
                         .exclude_namespaces = config.usage.exclude_namespaces};
  FormatOptions& formats = settings.formats;
  formats.formats.clear();
  for (const std::string& name : patch.formats) {
    // The configuration knows the names already; a test holds the two lists together.
    if (const auto format = parse_patch_format(name)) formats.formats.push_back(*format);
  }
  for (const PatchKind& kind : patch.kinds) {
    formats.kinds.push_back({kind.kind, kind.api_version, kind.pod_spec});
  }
  formats.vpa_mode = patch.vpa_mode == PatchVpaMode::kOff ? VpaMode::kOff : VpaMode::kInitial;
  if (patch.helm_mapping.empty()) return settings;
  const Result<std::string> text = gitops::read_text_file(patch.helm_mapping, "mapping file");
  if (!text) return tl::unexpected(text.error());
  Result<std::vector<HelmMapping>> mapping = parse_helm_mapping(*text, patch.helm_mapping);
  if (!mapping) return tl::unexpected(mapping.error());
  formats.helm = std::move(*mapping);
  return settings;
}

}  // namespace loadline
