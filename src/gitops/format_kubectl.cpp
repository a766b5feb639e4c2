#include "gitops/format_parts.hpp"
#include "gitops/format_renderers.hpp"

namespace loadline::gitops {
namespace {

/// Absence says "not mine" to server-side apply, not "none": a limit that another manager set
/// stays.
void tell_kept_limits(FormatOutput& output, const WorkloadPatch& workload) {
  for (const ContainerPatch& container : workload.containers) {
    for (const Resource resource : kResources) {
      const Requirement& value = container.values[resource];
      const bool is_absent = container.original && !(*container.original)[resource].limit;
      if (!value.request || value.limit || is_absent) continue;
      output.unsaid(workload.workload, container,
                    "server-side apply cannot remove the " + std::string(to_string(resource)) +
                        " limit that another field manager set; remove it by hand");
    }
  }
}

}  // namespace

Rendered render_kubectl(const PatchPlan& plan, const FormatOptions& options) {
  FormatOutput output(PatchFormat::kKubectl);
  for_each_known(output, plan, options, [&](const KindRule& rule, const WorkloadPatch& workload) {
    const WorkloadKey& key = workload.workload;
    if (rule.merge_keys == MergeKeys::kNo) {
      output.unsaid(workload, "server-side apply would replace the container list of a " +
                                  key.kind + "; use json6902");
      return;
    }
    const WorkloadPatch kept = mergeable(output, workload, options);
    if (kept.containers.empty()) return;
    output.file(cluster_folder(key.cluster) + file_in_cluster(key),
                partial_object(rule, kept, options, NoLimit::kOmitted));
    output.said(kept);
    tell_kept_limits(output, kept);
  });
  return output.take();
}

}  // namespace loadline::gitops
