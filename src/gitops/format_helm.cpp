#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "gitops/format_parts.hpp"
#include "gitops/format_renderers.hpp"
#include "loadline/gitops/patch_path.hpp"

namespace loadline::gitops {
namespace {

/// YAML allows no longer key on one line with its value.
constexpr std::size_t kLongestKey = 1000;

using ValuesPath = std::vector<std::string>;
/// What one values file says: sorted, so that the keys come out sorted at each level.
using ReleaseValues = std::map<ValuesPath, ContainerPatch>;

bool is_for(const HelmMapping& mapping, const WorkloadPatch& workload,
            const ContainerPatch& container) {
  const WorkloadKey& key = workload.workload;
  if (mapping.namespace_name != key.namespace_name) return false;
  if (mapping.workload != key.name && mapping.workload != key.kind + "/" + key.name) return false;
  if (!mapping.container.empty()) return mapping.container == container.container;
  return container.type == ContainerType::kContainer;
}

bool is_beginning_of(const ValuesPath& beginning, const ValuesPath& path) {
  return beginning.size() <= path.size() &&
         std::equal(beginning.begin(), beginning.end(), path.begin());
}

bool is_taken(const ReleaseValues& values, const ValuesPath& path) {
  return std::any_of(values.begin(), values.end(), [&path](const auto& entry) {
    return is_beginning_of(entry.first, path) || is_beginning_of(path, entry.first);
  });
}

/// Why a mapping cannot take a container; empty where it can.
std::string obstacle(const HelmMapping& mapping, const WorkloadPatch& workload,
                     const ReleaseValues& values, const ValuesPath& path) {
  if (mapping.container.empty() && known_in_list(workload, ContainerType::kContainer) > 1) {
    return "the mapping to " + mapping.path +
           " names no container, and the workload has several; name one";
  }
  const bool is_bad = std::any_of(path.begin(), path.end(), [](const std::string& key) {
    return key.empty() || key.size() > kLongestKey;
  });
  if (is_bad) return "the path \"" + mapping.path + "\" has a key that is empty or too long";
  if (is_taken(values, path)) {
    return "an earlier mapping has put a container at or around " + mapping.path + " already";
  }
  return {};
}

Yaml values_yaml(const ReleaseValues& values) {
  Yaml root = Yaml::map();
  for (const auto& [path, container] : values) {
    Yaml* at = &root;
    for (const std::string& key : path) at = &at->at(key);
    *at = resources_yaml(container.values, NoLimit::kNull);
  }
  return root;
}

/// Puts containers into the values files of their releases, mapping by mapping.
class Mapper {
 public:
  explicit Mapper(const PatchPlan& plan) : plan_(plan) {}

  void add(const HelmMapping& mapping) {
    for (const std::string& cluster : clusters_of(plan_)) {
      // Every release has a file: a team's reference to it must not break.
      files_[file_of(cluster, mapping)];
    }
    for (const WorkloadPatch& workload : plan_.workloads) {
      for (const ContainerPatch& container : workload.containers) {
        if (is_for(mapping, workload, container)) put(mapping, workload, container);
      }
    }
  }

  Rendered take() {
    for (const WorkloadPatch& workload : plan_.workloads) {
      for (const ContainerPatch& container : workload.containers)
        tell_unmapped(workload, container);
    }
    for (const auto& [path, values] : files_) output_.file(path, values_yaml(values));
    return output_.take();
  }

 private:
  static std::string file_of(const std::string& cluster, const HelmMapping& mapping) {
    return cluster_folder(cluster) + patch_path_part(mapping.release) + ".yaml";
  }

  void put(const HelmMapping& mapping, const WorkloadPatch& workload,
           const ContainerPatch& container) {
    mapped_.insert({workload.workload, container.container});
    ReleaseValues& values = files_[file_of(workload.workload.cluster, mapping)];
    const ValuesPath path = split_dotted(mapping.path);
    const std::string why = obstacle(mapping, workload, values, path);
    if (!why.empty()) {
      output_.unsaid(workload.workload, container, why);
      return;
    }
    values.emplace(path, container);
    output_.said(workload.workload, container);
  }

  void tell_unmapped(const WorkloadPatch& workload, const ContainerPatch& container) {
    if (mapped_.count({workload.workload, container.container}) > 0) return;
    output_.unsaid(workload.workload, container,
                   "no mapping says where its resources sit in which chart's values");
  }

  const PatchPlan& plan_;
  std::map<std::string, ReleaseValues> files_{};
  std::set<ContainerKey> mapped_{};
  FormatOutput output_{PatchFormat::kHelmValues};
};

}  // namespace

Rendered render_helm_values(const PatchPlan& plan, const FormatOptions& options) {
  Mapper mapper(plan);
  for (const HelmMapping& mapping : options.helm) mapper.add(mapping);
  return mapper.take();
}

}  // namespace loadline::gitops
