/// Who a container belongs to: the identity on which every profile and recommendation hangs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace loadline {

/// Two kinds with one name are two workloads. `cluster` is empty unless a cluster label is
/// configured. `kind` is Kubernetes' own word: Deployment, StatefulSet, DaemonSet, CronJob, Job,
/// Pod, Rollout, ...
struct WorkloadKey {
  std::string cluster{};
  std::string namespace_name{};
  std::string kind{};
  std::string name{};

  bool operator==(const WorkloadKey&) const = default;
  auto operator<=>(const WorkloadKey&) const = default;
};

struct ContainerKey {
  WorkloadKey workload{};
  std::string container{};
  std::string pod{};  ///< of a profile of this pod alone; empty: of all pods together

  bool operator==(const ContainerKey&) const = default;
  auto operator<=>(const ContainerKey&) const = default;
};

/// A sidecar is a native one: an init container whose restart policy is Always.
enum class ContainerType { kContainer, kInit, kSidecar };

/// "container", "init", "sidecar".
constexpr std::string_view to_string(ContainerType type) {
  switch (type) {
    case ContainerType::kContainer:
      return "container";
    case ContainerType::kInit:
      return "init";
    case ContainerType::kSidecar:
      return "sidecar";
  }
  return "";
}

/// A pod by name; names are unique inside a namespace of a cluster at any one time.
struct PodKey {
  std::string cluster{};
  std::string namespace_name{};
  std::string pod{};

  bool operator==(const PodKey&) const = default;
  auto operator<=>(const PodKey&) const = default;
};

/// Which of `total` instances a workload belongs to, 0 to total - 1: the same on every machine, and
/// of all containers of the workload. StableHash of cluster, namespace, kind and name, modulo
/// total.
int shard_of(const WorkloadKey& workload, int total);

/// Hashes for unordered maps. Not stable across processes: never write them to disk.
struct KeyHash {
  std::size_t operator()(const PodKey& key) const;
  std::size_t operator()(const WorkloadKey& key) const;
  std::size_t operator()(const ContainerKey& key) const;
};

}  // namespace loadline
