#include "gitops/format_operations.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "gitops/format_parts.hpp"

namespace loadline::gitops {
namespace {

std::string pointer_part(std::string_view key) {
  std::string part;
  for (const char c : key) {
    if (c == '~') {
      part += "~0";
    } else if (c == '/') {
      part += "~1";
    } else {
      part += c;
    }
  }
  return part;
}

Yaml operation(std::string_view op, const std::string& path) {
  return Yaml::map({{"op", Yaml::of(op)}, {"path", Yaml::of(path)}});
}

Yaml operation(std::string_view op, const std::string& path, Yaml value) {
  Yaml made = operation(op, path);
  made.add("value", std::move(value));
  return made;
}

/// Where a container stands and what is there.
struct Place {
  std::size_t index = 0;
  std::set<std::string> present{};  ///< as in ManifestContainer
};

std::set<std::string> present_in(const Requirements& values) {
  std::set<std::string> present;
  for (const Resource resource : kResources) {
    const std::string name(to_string(resource));
    if (values[resource].request) {
      present.insert({"resources", "resources/requests", "resources/requests/" + name});
    }
    if (values[resource].limit) {
      present.insert({"resources", "resources/limits", "resources/limits/" + name});
    }
  }
  return present;
}

using Found = std::pair<std::optional<Place>, std::string_view>;

Found place_in_manifest(const std::vector<ManifestContainer>& list, const std::string& name) {
  const auto row = std::find_if(list.begin(), list.end(), [&name](const ManifestContainer& item) {
    return item.name == name;
  });
  if (row == list.end()) return {std::nullopt, "the manifest has no container of this name"};
  return {Place{static_cast<std::size_t>(row - list.begin()), row->present}, ""};
}

/// The place of a container, or why it is not certain.
Found place_of(const WorkloadPatch& workload, const ContainerPatch& container,
               const FormatOptions& options) {
  const auto* const list = manifest_list(options, workload.workload, container.type);
  if (list != nullptr) return place_in_manifest(*list, container.container);
  if (known_in_list(workload, container.type) > 1) {
    return {std::nullopt,
            "its index among several containers is not known; pass --manifests with the manifests "
            "that it is for"};
  }
  if (!container.original) {
    return {std::nullopt,
            "which resources its manifest sets is not known; pass --manifests with the manifests "
            "that it is for"};
  }
  return {Place{0, present_in(*container.original)}, ""};
}

/// One of "requests" and "limits" with what is to stand in it; null removes.
struct Wanted {
  std::string name{};
  Yaml values = Yaml::map();
};

std::vector<Wanted> wanted_of(const ContainerPatch& container) {
  std::vector<Wanted> wanted;
  for (auto& [name, values] : resources_yaml(container.values, NoLimit::kNull).members) {
    wanted.push_back({name, values});
  }
  return wanted;
}

Yaml without_nulls(const Yaml& map) {
  Yaml kept = Yaml::map();
  std::copy_if(map.members.begin(), map.members.end(), std::back_inserter(kept.members),
               [](const auto& member) { return member.second.kind != Yaml::Kind::kNull; });
  return kept;
}

/// Adds a map where there is none.
std::vector<Yaml> added(const std::string& path, Yaml map) {
  if (map.members.empty()) return {};
  return {operation("test", path, Yaml::null()), operation("add", path, std::move(map))};
}

std::vector<Yaml> changed(const std::string& path, const Wanted& wanted,
                          const std::set<std::string>& present) {
  const std::string there = "resources/" + wanted.name + "/";
  std::vector<Yaml> operations;
  for (const auto& [resource, value] : wanted.values.members) {
    const bool is_there = present.count(there + resource) > 0;
    std::string at = path;
    at.append("/").append(resource);
    if (value.kind != Yaml::Kind::kNull) {
      operations.push_back(operation(is_there ? "replace" : "add", at, value));
    } else if (is_there) {
      operations.push_back(operation("remove", at));
    }
  }
  return operations;
}

std::vector<Yaml> resource_operations(const std::string& container_path,
                                      const ContainerPatch& container,
                                      const std::set<std::string>& present) {
  const std::string path = container_path + "/resources";
  const std::vector<Wanted> wanted = wanted_of(container);
  if (present.count("resources") == 0) {
    Yaml all = Yaml::map();
    for (const Wanted& list : wanted) {
      Yaml values = without_nulls(list.values);
      if (!values.members.empty()) all.add(list.name, std::move(values));
    }
    return added(path, std::move(all));
  }
  std::vector<Yaml> operations;
  for (const Wanted& list : wanted) {
    const std::string at = path + "/" + list.name;
    const std::vector<Yaml> next = present.count("resources/" + list.name) > 0
                                       ? changed(at, list, present)
                                       : added(at, without_nulls(list.values));
    operations.insert(operations.end(), next.begin(), next.end());
  }
  return operations;
}

std::string container_pointer(const KindRule& rule, const ContainerPatch& container,
                              std::size_t index) {
  std::string path;
  for (const std::string& step : rule.pod_spec) path += "/" + pointer_part(step);
  return path + "/" + std::string(list_of(container.type)) + "/" + std::to_string(index);
}

std::vector<Yaml> container_operations(const KindRule& rule, const ContainerPatch& container,
                                       const Place& place) {
  const std::string path = container_pointer(rule, container, place.index);
  std::vector<Yaml> operations{operation("test", path + "/name", Yaml::of(container.container))};
  operations.front().comment = comment_of(container);
  const std::vector<Yaml> changes = resource_operations(path, container, place.present);
  operations.insert(operations.end(), changes.begin(), changes.end());
  return operations;
}

}  // namespace

Yaml json6902_operations(FormatOutput& output, const KindRule& rule, const WorkloadPatch& workload,
                         const FormatOptions& options) {
  Yaml list = Yaml::list();
  for (const ContainerPatch& container : workload.containers) {
    const Found found = place_of(workload, container, options);
    if (!found.first) {
      output.unsaid(workload.workload, container, found.second);
      continue;
    }
    const std::vector<Yaml> made = container_operations(rule, container, *found.first);
    list.items.insert(list.items.end(), made.begin(), made.end());
    output.said(workload.workload, container);
  }
  return list;
}

}  // namespace loadline::gitops
