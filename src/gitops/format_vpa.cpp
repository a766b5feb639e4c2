#include "gitops/format_parts.hpp"
#include "gitops/format_renderers.hpp"
#include "loadline/gitops/archive.hpp"
#include "loadline/gitops/patch_path.hpp"

namespace loadline::gitops {
namespace {

/// "deployment-web"; a hash where kind and name are not plain ones. No kind is called "loadline".
std::string object_name(const WorkloadKey& workload) {
  const std::string path = patch_path({"", "x", workload.kind, workload.name});
  std::string name = path.substr(path.find('/') + 1);
  if (name.find('_') == std::string::npos) return name;
  return "loadline-" + sha256_hex(workload.kind + "/" + workload.name).substr(0, 32);
}

Yaml container_policy(const ContainerPatch& container) {
  Yaml controlled = Yaml::list();
  for (const Resource resource : kResources) {
    if (container.values[resource].request) {
      controlled.items.push_back(Yaml::of(to_string(resource)));
    }
  }
  const Yaml requests = resources_yaml(container.values, NoLimit::kOmitted).at("requests");
  Yaml policy = Yaml::map({{"containerName", Yaml::of(container.container)},
                           {"controlledResources", std::move(controlled)},
                           {"controlledValues", Yaml::of("RequestsOnly")},
                           {"minAllowed", requests},
                           {"maxAllowed", requests}});
  policy.comment = comment_of(container);
  return policy;
}

Yaml policies_yaml(const std::vector<ContainerPatch>& containers) {
  Yaml policies = Yaml::list();
  for (const ContainerPatch& container : containers) {
    policies.items.push_back(container_policy(container));
  }
  policies.items.push_back(
      Yaml::map({{"containerName", Yaml::of("*")}, {"mode", Yaml::of("Off")}}));
  return policies;
}

Yaml autoscaler(const KindRule& rule, const WorkloadPatch& workload, VpaMode mode) {
  const WorkloadKey& key = workload.workload;
  Yaml spec = Yaml::map();
  spec.add("targetRef", Yaml::map({{"apiVersion", Yaml::of(rule.api_version)},
                                   {"kind", Yaml::of(rule.kind)},
                                   {"name", Yaml::of(key.name)}}));
  spec.add("updatePolicy",
           Yaml::map({{"updateMode", Yaml::of(mode == VpaMode::kOff ? "Off" : "Initial")}}));
  spec.add("resourcePolicy",
           Yaml::map({{"containerPolicies", policies_yaml(workload.containers)}}));
  return Yaml::map({{"apiVersion", Yaml::of("autoscaling.k8s.io/v1")},
                    {"kind", Yaml::of("VerticalPodAutoscaler")},
                    {"metadata", Yaml::map({{"name", Yaml::of(object_name(key))},
                                            {"namespace", Yaml::of(key.namespace_name)}})},
                    {"spec", std::move(spec)}});
}

/// An autoscaler knows plain containers alone, and leaves limits to the manifest.
WorkloadPatch scalable(FormatOutput& output, const WorkloadPatch& workload) {
  WorkloadPatch kept = workload;
  kept.containers.clear();
  for (const ContainerPatch& container : workload.containers) {
    if (container.type == ContainerType::kContainer) {
      kept.containers.push_back(container);
    } else {
      output.unsaid(workload.workload, container,
                    "a VerticalPodAutoscaler does not manage init containers and sidecars");
    }
  }
  return kept;
}

}  // namespace

Rendered render_vpa(const PatchPlan& plan, const FormatOptions& options) {
  FormatOutput output(PatchFormat::kVpa);
  for_each_known(output, plan, options, [&](const KindRule& rule, const WorkloadPatch& workload) {
    const WorkloadKey& key = workload.workload;
    if (key.kind == "Pod" || key.kind == "Job") {
      output.unsaid(workload, "a VerticalPodAutoscaler cannot scale a single " + key.kind);
      return;
    }
    const WorkloadPatch kept = scalable(output, workload);
    if (kept.containers.empty()) return;
    output.file(cluster_folder(key.cluster) + file_in_cluster(key),
                autoscaler(rule, kept, options.vpa_mode));
    output.said(kept);
  });
  return output.take();
}

}  // namespace loadline::gitops
