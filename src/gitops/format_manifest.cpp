#include "gitops/kinds.hpp"
#include "loadline/gitops/formats.hpp"

namespace loadline {
namespace {

/// The text of a scalar member; empty where there is none.
std::string text_of(const YamlNode* node, std::string_view key) {
  const YamlNode* const member = node == nullptr ? nullptr : node->find(key);
  return member != nullptr && member->kind == YamlNode::Kind::kScalar ? member->text : "";
}

/// The names of a node's maps and values, two levels down: resources/limits/cpu.
void add_present(const YamlNode& node, const std::string& path, std::set<std::string>& present) {
  if (node.kind == YamlNode::Kind::kNull) return;
  present.insert(path);
  for (const auto& [key, value] : node.members) {
    std::string below = path;
    below.append("/").append(key);
    add_present(value, below, present);
  }
}

std::vector<ManifestContainer> containers_of(const YamlNode& pod, std::string_view list) {
  std::vector<ManifestContainer> containers;
  const YamlNode* const node = pod.find(list);
  if (node == nullptr) return containers;
  for (const YamlNode& item : node->items) {
    ManifestContainer container{text_of(&item, "name"), {}};
    const YamlNode* const resources = item.find("resources");
    if (resources != nullptr) add_present(*resources, "resources", container.present);
    containers.push_back(std::move(container));
  }
  return containers;
}

}  // namespace

std::optional<std::pair<WorkloadKey, ManifestPod>> manifest_pod(
    const YamlNode& manifest, const std::vector<CustomKind>& kinds,
    std::string_view default_namespace) {
  const auto rule = gitops::rule_of(text_of(&manifest, "kind"), kinds);
  if (!rule || text_of(&manifest, "apiVersion") != rule->api_version) return std::nullopt;
  const YamlNode* pod = &manifest;
  for (const std::string& step : rule->pod_spec) {
    pod = pod->find(step);
    if (pod == nullptr) return std::nullopt;
  }
  const YamlNode* const metadata = manifest.find("metadata");
  WorkloadKey key{"", text_of(metadata, "namespace"), rule->kind, text_of(metadata, "name")};
  if (key.namespace_name.empty()) key.namespace_name = default_namespace;
  return std::pair(
      key, ManifestPod{containers_of(*pod, "containers"), containers_of(*pod, "initContainers")});
}

}  // namespace loadline
