#include "usage/run.hpp"

#include <cstring>
#include <functional>
#include <optional>

#include "loadline/usage/collector.hpp"

namespace loadline {
namespace {

void append_sized(std::string& key, std::string_view part) {
  const std::uint64_t size = part.size();
  char bytes[sizeof size];
  std::memcpy(bytes, &size, sizeof size);
  key.append(bytes, sizeof size).append(part);
}

std::optional<Resource> resource_of(std::string_view metric) {
  if (metric == kCpuMetric) return Resource::kCpu;
  if (metric == kMemoryMetric) return Resource::kMemory;
  return std::nullopt;
}

}  // namespace

std::optional<SeriesIdentity> identify(const Labels& labels, const std::string& cluster_label) {
  const auto resource = resource_of(labels.get("__name__"));
  SeriesIdentity identity{.namespace_name = exported_or_own(labels, "namespace"),
                          .pod = exported_or_own(labels, "pod"),
                          .container = exported_or_own(labels, "container"),
                          .id = labels.get("id")};
  if (!resource || identity.pod.empty() || identity.container.empty() ||
      identity.container == "POD")
    return std::nullopt;
  identity.resource = *resource;
  if (!cluster_label.empty()) identity.cluster = labels.get(cluster_label);
  if (*resource == Resource::kCpu && labels.get("cpu") != "total")
    identity.core = labels.get("cpu");
  return identity;
}

RunKey key_of(const SeriesIdentity& identity) {
  RunKey key{.bytes = std::string(to_string(identity.resource))};
  append_sized(key.bytes, identity.cluster);
  append_sized(key.bytes, identity.namespace_name);
  append_sized(key.bytes, identity.pod);
  key.pod_offset = key.bytes.size() - identity.pod.size();
  append_sized(key.bytes, identity.container);
  append_sized(key.bytes, identity.id);
  append_sized(key.bytes, identity.core);
  return key;
}

std::size_t hash_of(const Labels& labels) {
  std::size_t hash = 0;
  for (const auto& pair : labels.pairs()) {
    hash = hash * 31 + std::hash<std::string>{}(pair.first);
    hash = hash * 31 + std::hash<std::string>{}(pair.second);
  }
  return hash;
}

}  // namespace loadline
