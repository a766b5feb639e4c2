#include "gitops/format_index.hpp"
#include "gitops/format_operations.hpp"
#include "gitops/format_parts.hpp"
#include "gitops/format_renderers.hpp"

namespace loadline::gitops {
namespace {

/// A merge where containers merge by name; operations where a merge would replace the whole list.
Yaml patch_yaml(FormatOutput& output, const KindRule& rule, const WorkloadPatch& workload,
                const FormatOptions& options) {
  if (rule.merge_keys == MergeKeys::kNo) {
    return json6902_operations(output, rule, workload, options);
  }
  const WorkloadPatch kept = mergeable(output, workload, options);
  if (kept.containers.empty()) return Yaml::map();
  output.said(kept);
  return partial_object(rule, kept, options, NoLimit::kNull);
}

using MakePatch = Yaml (*)(FormatOutput&, const KindRule&, const WorkloadPatch&,
                           const FormatOptions&);

Rendered render_indexed(PatchFormat format, MakePatch make_patch, const PatchPlan& plan,
                        const FormatOptions& options) {
  FormatOutput output(format);
  std::vector<IndexEntry> entries;
  for_each_known(output, plan, options, [&](const KindRule& rule, const WorkloadPatch& workload) {
    const Yaml patch = make_patch(output, rule, workload, options);
    if (patch.members.empty() && patch.items.empty()) return;
    output.file(cluster_folder(workload.workload.cluster) + file_in_cluster(workload.workload),
                patch);
    entries.push_back({rule, workload.workload});
  });
  put_indexes(output, plan, entries);
  return output.take();
}

}  // namespace

Rendered render_kustomize(const PatchPlan& plan, const FormatOptions& options) {
  return render_indexed(PatchFormat::kKustomize, patch_yaml, plan, options);
}

Rendered render_json6902(const PatchPlan& plan, const FormatOptions& options) {
  return render_indexed(PatchFormat::kJson6902, json6902_operations, plan, options);
}

}  // namespace loadline::gitops
