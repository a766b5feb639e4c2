#include <map>
#include <utility>

#include "gitops/format_index.hpp"
#include "gitops/format_operations.hpp"
#include "gitops/format_parts.hpp"
#include "gitops/format_renderers.hpp"
#include "loadline/gitops/patch_path.hpp"

namespace loadline::gitops {
namespace {

/// The patch as it would stand in a file of its own; empty where nothing can be said. Its object
/// has the target's name, but not its namespace: a chart's objects seldom name theirs.
std::string patch_text(FormatOutput& output, const KindRule& rule, const WorkloadPatch& workload,
                       const FormatOptions& options) {
  if (rule.merge_keys == MergeKeys::kNo) {
    const Yaml operations = json6902_operations(output, rule, workload, options);
    return operations.items.empty() ? "" : yaml_text(operations);
  }
  const WorkloadPatch kept = mergeable(output, workload, options);
  if (kept.containers.empty()) return {};
  output.said(kept);
  return yaml_text(partial_object(rule, kept, options, NoLimit::kNull));
}

Yaml release_yaml(Yaml patches) {
  Yaml renderer = Yaml::map({{"kustomize", Yaml::map({{"patches", std::move(patches)}})}});
  return Yaml::map({{"apiVersion", Yaml::of("helm.toolkit.fluxcd.io/v2")},
                    {"kind", Yaml::of("HelmRelease")},
                    {"metadata", Yaml::map({{"name", Yaml::of("any")}})},
                    {"spec", Yaml::map({{"postRenderers", Yaml::list({std::move(renderer)})}})}});
}

}  // namespace

Rendered render_flux(const PatchPlan& plan, const FormatOptions& options) {
  FormatOutput output(PatchFormat::kFlux);
  std::map<std::string, Yaml> files;
  for_each_known(output, plan, options, [&](const KindRule& rule, const WorkloadPatch& workload) {
    const WorkloadKey& key = workload.workload;
    const std::string text = patch_text(output, rule, workload, options);
    if (text.empty()) return;
    Yaml& patches = files
                        .try_emplace(cluster_folder(key.cluster) +
                                         patch_path_part(key.namespace_name) + ".yaml",
                                     Yaml::list())
                        .first->second;
    patches.items.push_back(Yaml::map(
        {{"target", target_yaml(rule, key, Unnamed::kMatches)}, {"patch", Yaml::block(text)}}));
  });
  for (auto& [path, patches] : files) output.file(path, release_yaml(std::move(patches)));
  return output.take();
}

}  // namespace loadline::gitops
