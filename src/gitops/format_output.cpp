#include "gitops/format_output.hpp"

#include <utility>

#include "loadline/gitops/patch_path.hpp"

namespace loadline::gitops {

void FormatOutput::file(const std::string& path, const Yaml& content) {
  rendered_.tree.files[std::string(to_string(format_)) + "/" + path] = yaml_text(content);
}

void FormatOutput::said(const WorkloadKey& workload, const ContainerPatch& container) {
  const ContainerKey key{workload, container.container};
  rendered_.tree.values[key] = container.values;
  rendered_.tree.origins[key] = {container.original, container.reasons};
}

void FormatOutput::unsaid(const WorkloadKey& workload, const ContainerPatch& container,
                          std::string_view why) {
  rendered_.unpatched.push_back(
      {{workload, container.container}, std::string(to_string(format_)) + ": " + std::string(why)});
}

void FormatOutput::said(const WorkloadPatch& workload) {
  for (const ContainerPatch& container : workload.containers) said(workload.workload, container);
}

void FormatOutput::unsaid(const WorkloadPatch& workload, std::string_view why) {
  for (const ContainerPatch& container : workload.containers) {
    unsaid(workload.workload, container, why);
  }
}

Rendered FormatOutput::take() {
  return std::move(rendered_);
}

std::set<std::string> clusters_of(const PatchPlan& plan) {
  std::set<std::string> clusters;
  for (const WorkloadPatch& workload : plan.workloads) clusters.insert(workload.workload.cluster);
  for (const Unpatched& row : plan.unpatched) clusters.insert(row.key.workload.cluster);
  if (clusters.empty()) clusters.emplace();
  return clusters;
}

std::string cluster_folder(const std::string& cluster) {
  return cluster.empty() ? "" : patch_path_part(cluster) + "/";
}

std::string file_in_cluster(const WorkloadKey& workload) {
  WorkloadKey local = workload;
  local.cluster.clear();
  return patch_path(local) + ".yaml";
}

}  // namespace loadline::gitops
