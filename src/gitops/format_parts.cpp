#include "gitops/format_parts.hpp"

#include <algorithm>
#include <utility>

#include "loadline/model/quantity.hpp"

namespace loadline::gitops {
namespace {

bool is_in(const std::vector<ManifestContainer>& list, const std::string& name) {
  return std::any_of(list.begin(), list.end(),
                     [&name](const ManifestContainer& row) { return row.name == name; });
}

std::vector<ContainerPatch> of_list(const WorkloadPatch& workload, std::string_view list) {
  std::vector<ContainerPatch> found;
  std::copy_if(workload.containers.begin(), workload.containers.end(), std::back_inserter(found),
               [list](const ContainerPatch& patch) { return list_of(patch.type) == list; });
  return found;
}

Yaml container_yaml(const ContainerPatch& patch, NoLimit no_limit) {
  Yaml item = Yaml::map(
      {{"name", Yaml::of(patch.container)}, {"resources", resources_yaml(patch.values, no_limit)}});
  item.comment = comment_of(patch);
  return item;
}

/// In the manifest's order, up to the last that is patched.
Yaml ordered(const std::vector<ManifestContainer>& order,
             const std::vector<ContainerPatch>& patches, NoLimit no_limit) {
  Yaml list = Yaml::list();
  std::size_t left = patches.size();
  for (const ManifestContainer& row : order) {
    if (left == 0) break;
    const auto patch = std::find_if(
        patches.begin(), patches.end(),
        [&row](const ContainerPatch& candidate) { return candidate.container == row.name; });
    if (patch == patches.end()) {
      list.items.push_back(Yaml::map({{"name", Yaml::of(row.name)}}));
    } else {
      list.items.push_back(container_yaml(*patch, no_limit));
      --left;
    }
  }
  return list;
}

Yaml list_yaml(const std::vector<ContainerPatch>& patches,
               const std::vector<ManifestContainer>* order, NoLimit no_limit) {
  if (order != nullptr) return ordered(*order, patches, no_limit);
  Yaml list = Yaml::list();
  for (const ContainerPatch& patch : patches) {
    list.items.push_back(container_yaml(patch, no_limit));
  }
  return list;
}

/// Why a merge cannot say a container; empty where it can.
std::string_view merge_obstacle(const WorkloadPatch& workload, const ContainerPatch& container,
                                const FormatOptions& options) {
  const auto* const list = manifest_list(options, workload.workload, container.type);
  if (list != nullptr) {
    return is_in(*list, container.container)
               ? ""
               : "the manifest has no container of this name, and a merge would add one";
  }
  const bool is_ordered = container.type != ContainerType::kContainer;
  return is_ordered && known_in_list(workload, container.type) > 1
             ? "the pod has several init containers, and a merge would change their order; pass "
               "--manifests with the manifests that it is to keep"
             : "";
}

}  // namespace

std::string quantity(Resource resource, double value) {
  return resource == Resource::kCpu ? format_cpu(value) : format_memory(value);
}

Yaml resources_yaml(const Requirements& values, NoLimit no_limit) {
  Yaml resources = Yaml::map();
  for (const Resource resource : kResources) {
    const Requirement& value = values[resource];
    if (!value.request) continue;
    resources.at("requests").add(to_string(resource), Yaml::of(quantity(resource, *value.request)));
  }
  for (const Resource resource : kResources) {
    const Requirement& value = values[resource];
    if (!value.request || (!value.limit && no_limit == NoLimit::kOmitted)) continue;
    resources.at("limits").add(to_string(resource), value.limit
                                                        ? Yaml::of(quantity(resource, *value.limit))
                                                        : Yaml::null());
  }
  return resources;
}

std::string comment_of(const ContainerPatch& container) {
  return reasons_text(container.reasons);
}

std::string_view list_of(ContainerType type) {
  return type == ContainerType::kContainer ? "containers" : "initContainers";
}

const std::vector<ManifestContainer>* manifest_list(const FormatOptions& options,
                                                    const WorkloadKey& workload,
                                                    ContainerType type) {
  const auto found =
      options.manifests.find({"", workload.namespace_name, workload.kind, workload.name});
  if (found == options.manifests.end()) return nullptr;
  return type == ContainerType::kContainer ? &found->second.containers
                                           : &found->second.init_containers;
}

std::size_t known_in_list(const WorkloadPatch& workload, ContainerType type) {
  const std::size_t known = type == ContainerType::kContainer ? workload.known_containers
                                                              : workload.known_init_containers;
  return std::max(known, of_list(workload, list_of(type)).size());
}

std::string unknown_kind(std::string_view kind) {
  return "the kind \"" + std::string(kind) +
         "\" is not known; tell its apiVersion and its pod's path with patch.kinds";
}

WorkloadPatch mergeable(FormatOutput& output, const WorkloadPatch& workload,
                        const FormatOptions& options) {
  WorkloadPatch kept = workload;
  kept.containers.clear();
  for (const ContainerPatch& container : workload.containers) {
    const std::string_view obstacle = merge_obstacle(workload, container, options);
    if (obstacle.empty()) {
      kept.containers.push_back(container);
    } else {
      output.unsaid(workload.workload, container, obstacle);
    }
  }
  return kept;
}

Yaml partial_object(const KindRule& rule, const WorkloadPatch& workload,
                    const FormatOptions& options, NoLimit no_limit) {
  const WorkloadKey& key = workload.workload;
  Yaml object = Yaml::map({{"apiVersion", Yaml::of(rule.api_version)},
                           {"kind", Yaml::of(rule.kind)},
                           {"metadata", Yaml::map({{"name", Yaml::of(key.name)},
                                                   {"namespace", Yaml::of(key.namespace_name)}})}});
  Yaml* pod = &object;
  for (const std::string& step : rule.pod_spec) pod = &pod->at(step);
  for (const ContainerType type : {ContainerType::kInit, ContainerType::kContainer}) {
    const std::vector<ContainerPatch> patches = of_list(workload, list_of(type));
    if (patches.empty()) continue;
    pod->add(list_of(type), list_yaml(patches, manifest_list(options, key, type), no_limit));
  }
  return object;
}

}  // namespace loadline::gitops
