#include "gitops/verify_compare.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "loadline/model/labels.hpp"
#include "loadline/model/quantity.hpp"
#include "loadline/model/resources.hpp"

namespace loadline::gitops {
namespace {

YamlNode* pod_of(YamlNode& object, const std::vector<std::string>& pod_spec) {
  YamlNode* pod = &object;
  for (const std::string& step : pod_spec) {
    pod = pod->find(step);
    if (pod == nullptr) return nullptr;
  }
  return pod;
}

/// By name, so that the order of plain containers does not count.
using Containers = std::map<std::string, YamlNode>;
struct Taken {
  std::vector<std::string> order{};
  Containers containers{};
};

/// Takes a list of the pod away and keeps it by name; what has no name of its own stays.
Taken take(YamlNode* pod, const char* list) {
  Taken taken;
  YamlNode* const node = pod != nullptr ? pod->find(list) : nullptr;
  if (node == nullptr) return taken;
  std::vector<YamlNode> rest;
  for (YamlNode& item : node->items) {
    const YamlNode* const name = item.find("name");
    const std::string text = name != nullptr ? name->text : "";
    if (taken.containers.emplace(text, item).second) {
      taken.order.push_back(text);
    } else {
      rest.push_back(item);
    }
  }
  node->items = std::move(rest);
  return taken;
}

YamlNode without_resources(YamlNode container) {
  std::erase_if(container.members, [](const auto& member) { return member.first == "resources"; });
  return container;
}

/// nullopt: not set. A text that is no quantity is not ours to judge.
std::optional<double> amount(const YamlNode& container, const char* list, Resource resource) {
  const YamlNode* node = container.find("resources");
  if (node != nullptr) node = node->find(list);
  if (node != nullptr) node = node->find(to_string(resource));
  if (node == nullptr || node->kind != YamlNode::Kind::kScalar) return std::nullopt;
  const Result<double> value = parse_quantity(node->text);
  return value ? std::optional(*value) : std::nullopt;
}

void add_limit_problems(const std::string& name, const YamlNode& after,
                        std::vector<PatchProblem>& problems) {
  for (const Resource resource : kResources) {
    const auto request = amount(after, "requests", resource);
    const auto limit = amount(after, "limits", resource);
    if (!request || !limit || *request <= *limit) continue;
    problems.push_back({name, "its " + std::string(to_string(resource)) +
                                  " request would be above its limit, which Kubernetes refuses; "
                                  "the manifest sets what the patch leaves alone"});
  }
}

/// Kinds of resources other than cpu and memory are not loadline's.
bool same_resources(const YamlNode& before, const YamlNode& after) {
  const YamlNode none;
  const YamlNode* const left = before.find("resources");
  const YamlNode* const right = after.find("resources");
  return (left != nullptr ? *left : none) == (right != nullptr ? *right : none);
}

std::string names_text(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + printable(name);
  return text.empty() ? "none" : text;
}

void compare(const Taken& before, const Taken& after, std::vector<PatchProblem>& problems) {
  for (const std::string& name : after.order) {
    const auto old = before.containers.find(name);
    const YamlNode& container = after.containers.at(name);
    if (old == before.containers.end()) {
      problems.push_back(
          {name, "it would be added; the manifest's containers are " + names_text(before.order)});
    } else if (without_resources(old->second) != without_resources(container)) {
      problems.push_back({name, "something else than its resources would change"});
    } else if (!same_resources(old->second, container)) {
      add_limit_problems(name, container, problems);
    }
  }
  for (const std::string& name : before.order) {
    if (!after.containers.contains(name)) problems.push_back({name, "it would be removed"});
  }
}

}  // namespace

std::vector<PatchProblem> problems_of(const Manifest& manifest, const YamlNode& after) {
  YamlNode old_rest = manifest.object;
  YamlNode new_rest = after;
  YamlNode* const old_pod = pod_of(old_rest, manifest.pod_spec);
  YamlNode* const new_pod = pod_of(new_rest, manifest.pod_spec);
  std::vector<PatchProblem> problems;
  const Taken old_init = take(old_pod, "initContainers");
  const Taken new_init = take(new_pod, "initContainers");
  compare(old_init, new_init, problems);
  compare(take(old_pod, "containers"), take(new_pod, "containers"), problems);
  if (problems.empty() && old_init.order != new_init.order) {
    problems.push_back({"",
                        "its init containers would run in another order; write the patches "
                        "with --manifests"});
  }
  if (problems.empty() && old_rest != new_rest) {
    problems.push_back({"", "something else than resources would change"});
  }
  return problems;
}

}  // namespace loadline::gitops
