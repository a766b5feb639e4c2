#include "gitops/format_index.hpp"

namespace loadline::gitops {
namespace {

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (std::string_view("\\.+*?()|[]{}^$").find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

Yaml exactly(std::string_view text) {
  return Yaml::of("^" + escaped(text) + "$");
}

Yaml namespace_pattern(const std::string& name, Unnamed namespaces) {
  if (namespaces == Unnamed::kOther || name == "default") return exactly(name);
  return Yaml::of("^(" + escaped(name) + "|default)$");
}

}  // namespace

Yaml target_yaml(const KindRule& rule, const WorkloadKey& workload, Unnamed namespaces) {
  return Yaml::map({{"group", exactly(rule.group())},
                    {"version", exactly(rule.version())},
                    {"kind", exactly(rule.kind)},
                    {"name", exactly(workload.name)},
                    {"namespace", namespace_pattern(workload.namespace_name, namespaces)}});
}

void put_indexes(FormatOutput& output, const PatchPlan& plan,
                 const std::vector<IndexEntry>& entries) {
  for (const std::string& cluster : clusters_of(plan)) {
    Yaml patches = Yaml::list();
    for (const IndexEntry& entry : entries) {
      if (entry.workload.cluster != cluster) continue;
      patches.items.push_back(
          Yaml::map({{"path", Yaml::of(file_in_cluster(entry.workload))},
                     {"target", target_yaml(entry.rule, entry.workload, Unnamed::kOther)}}));
    }
    Yaml index = Yaml::map({{"apiVersion", Yaml::of("kustomize.config.k8s.io/v1alpha1")},
                            {"kind", Yaml::of("Component")},
                            {"patches", std::move(patches)}});
    index.comment = "Written by loadline. A file that is edited by hand is kept and reported.";
    output.file(cluster_folder(cluster) + "kustomization.yaml", index);
  }
}

}  // namespace loadline::gitops
