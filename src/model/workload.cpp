#include "loadline/model/workload.hpp"

#include <cassert>

#include "loadline/model/stable_hash.hpp"

namespace loadline {
namespace {

/// Folds one field in, multiplying the parts so that every bit of the result depends on the order
/// of the fields: ("a", "bc") and ("ab", "c") differ, and so do swapped fields.
std::size_t mix(std::size_t seed, std::string_view field) {
  std::uint64_t h = seed ^ std::hash<std::string_view>{}(field);
  h *= 0x9E3779B97F4A7C15ULL;
  h ^= h >> 32U;
  h *= 0xD6E8FEB86659FD93ULL;
  h ^= h >> 29U;
  return static_cast<std::size_t>(h);
}

}  // namespace

int shard_of(const WorkloadKey& workload, int total) {
  assert(total > 0);
  const std::uint64_t hash = StableHash()
                                 .add(workload.cluster)
                                 .add(workload.namespace_name)
                                 .add(workload.kind)
                                 .add(workload.name)
                                 .value();
  return static_cast<int>(hash % static_cast<std::uint64_t>(total));
}

std::size_t KeyHash::operator()(const PodKey& key) const {
  return mix(mix(mix(1, key.cluster), key.namespace_name), key.pod);
}

std::size_t KeyHash::operator()(const WorkloadKey& key) const {
  return mix(mix(mix(mix(2, key.cluster), key.namespace_name), key.kind), key.name);
}

std::size_t KeyHash::operator()(const ContainerKey& key) const {
  const std::size_t hash = mix((*this)(key.workload), key.container);
  return key.pod.empty() ? hash : mix(hash, key.pod);
}

}  // namespace loadline
