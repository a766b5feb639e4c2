#include "usage/run.hpp"

#include <algorithm>
#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid.hpp>
#include <cstring>

#include "loadline/model/stable_hash.hpp"
#include "loadline/usage/collector.hpp"

namespace loadline {
namespace {

void append_sized(std::string& name, std::string_view part) {
  const std::uint64_t size = part.size();
  for (int shift = 0; shift < 64; shift += 8) name.push_back(static_cast<char>(size >> shift));
  name.append(part);
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

RunId run_id(const SeriesIdentity& identity) {
  std::string name;
  name.reserve(512);
  for (const std::string_view part :
       {identity.cluster, identity.namespace_name, identity.pod, identity.container, identity.id})
    append_sized(name, part);
  const boost::uuids::name_generator_sha1 generate{boost::uuids::uuid{}};
  const boost::uuids::uuid uuid = generate(name.data(), name.size());
  RunId id;
  std::copy(uuid.begin(), uuid.end(), id.bytes.begin());
  return id;
}

std::uint64_t hash_of(const Labels& labels) {
  StableHash hash;
  for (const auto& pair : labels.pairs()) hash.add(pair.first).add(pair.second);
  return hash.value();
}

}  // namespace loadline
