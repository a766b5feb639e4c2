/// Who owns each pod, what its containers ask for today and how many replicas run: everything
/// loadline knows of the cluster, told by kube-state-metrics' series in Prometheus, without the
/// Kubernetes API.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "loadline/model/labels.hpp"
#include "loadline/model/resources.hpp"
#include "loadline/model/time.hpp"
#include "loadline/model/workload.hpp"

namespace loadline {

enum class OwnerSource {
  kKubeStateMetrics,  ///< told by kube_pod_owner and friends
  kPodName,           ///< inferred from the pod's name; reports mark such workloads
};

struct PodOwner {
  WorkloadKey workload{};
  OwnerSource source = OwnerSource::kKubeStateMetrics;

  bool operator==(const PodOwner&) const = default;
};

/// What the kernel killed of one container for want of memory, all its pods together. Told by the
/// end of the last run (exact), else by its restart, else by cAdvisor's events (to five minutes).
/// Not told: pods that are never restarted (restartPolicy Never, as of many Jobs), whose end
/// Kubernetes keeps in another state.
struct OomKills {
  /// Known ones inside the window: at least one for each pod that was killed; of several inside
  /// five minutes one is known.
  std::uint32_t count = 0;
  std::int64_t last_ms = 0;  ///< the latest, Unix time; 0 without any
  /// The highest memory limit under which one happened, bytes; nullopt: none was set, or unknown.
  std::optional<double> limit_bytes{};

  bool operator==(const OomKills&) const = default;
};

/// Facts of one container of one workload, from the newest pod that has them.
struct ContainerFacts {
  ContainerType type = ContainerType::kContainer;
  Requirements current{};
  bool current_known =
      false;  ///< false: no series said anything; "unset" and "unknown" are different things
  std::uint32_t restarts = 0;  ///< of the pods that live at the end of the window, together
  OomKills oom_kills{};
  /// Share of the CFS periods in which it was throttled since it started, of the replica that was
  /// throttled most, to a hundredth; nullopt: no series tells, as where there is no CPU limit, or
  /// it is under one hundredth.
  std::optional<double> throttled_ratio{};

  bool operator==(const ContainerFacts&) const = default;
};

/// Pods of a workload on nodes of one pool.
struct PoolShare {
  std::string pool{};  ///< empty: not told
  std::uint32_t pods = 0;

  bool operator==(const PoolShare&) const = default;
};

struct WorkloadFacts {
  std::uint32_t live_pods = 0;  ///< Pending or Running at the end of the window
  /// The HorizontalPodAutoscaler that scales it (KEDA's too); empty: none.
  std::string autoscaler{};
  /// Whether it scales by the utilisation of the resource, so that a request moves its target.
  PerResource<bool> autoscaled{};
  std::map<std::string, ContainerFacts, std::less<>> containers{};
  /// Where its pods run, by pool; empty unless prices ask for it (InventoryOptions::pool_label).
  std::vector<PoolShare> pools{};

  bool operator==(const WorkloadFacts&) const = default;
};

struct NamespaceKey {
  std::string cluster{};
  std::string namespace_name{};

  bool operator==(const NamespaceKey&) const = default;
  auto operator<=>(const NamespaceKey&) const = default;
};

/// What LimitRanges of a namespace ask of each container, cores or bytes: the tightest of them.
struct ContainerBounds {
  std::optional<double> least{};       ///< of request and limit
  std::optional<double> most{};        ///< of request and limit
  std::optional<double> most_ratio{};  ///< limit / request

  bool operator==(const ContainerBounds&) const = default;
};

struct NamespaceFacts {
  PerResource<ContainerBounds> bounds{};
  /// hard - used of the ResourceQuota that leaves least, all pods of the namespace together; not
  /// negative. nullopt: no quota on it.
  Requirements quota_left{};

  bool operator==(const NamespaceFacts&) const = default;
};

/// What bounds a recommendation from outside its workload.
struct ClusterFacts {
  std::map<NamespaceKey, NamespaceFacts> namespaces{};  ///< those with a LimitRange or a quota
  /// The most that one node offers pods (kube_node_status_allocatable), by cluster.
  std::map<std::string, PerResource<std::optional<double>>> largest_nodes{};

  bool operator==(const ClusterFacts&) const = default;
};

/// Immutable once built; then safe to read from any thread. A move hands over the tables and copies
/// nothing, also of single entries (`extract` of the maps); a copy of 100,000 pods costs 50 MB.
class Inventory {
 public:
  /// The owner told by kube-state-metrics, else the one inferred from the pod's name.
  [[nodiscard]] PodOwner owner_of(const PodKey& pod) const;
  /// nullptr where kube-state-metrics never told of the workload or the container.
  [[nodiscard]] const WorkloadFacts* find(const WorkloadKey& workload) const;
  [[nodiscard]] const ContainerFacts* find(const ContainerKey& container) const;
  /// True where kube-state-metrics told of at least one pod.
  [[nodiscard]] bool has_kube_state_metrics() const { return !owners_.empty(); }

  std::unordered_map<PodKey, WorkloadKey, KeyHash> owners_{};
  std::unordered_map<WorkloadKey, WorkloadFacts, KeyHash> workloads_{};
  ClusterFacts cluster_{};
};

/// Infers the owner from the name of a pod alone: Deployment (name-<pod-template hash>-<5
/// characters>), CronJob (name-<minutes since epoch>-<5>, or the older seconds form), StatefulSet
/// (name-<ordinal>, up to four digits), DaemonSet or Job (name-<5 characters>: called Job where a
/// word of the name is "job" or a number of six digits and more), else the Pod itself. The
/// characters are those of Kubernetes' rand.String (bcdfghjklmnpqrstvwxz2456789); a hash has 6 to
/// 10 of the ten that can occur in one (456789bcdf). A guess: it is always marked kPodName.
WorkloadKey infer_owner(const PodKey& pod);

}  // namespace loadline
