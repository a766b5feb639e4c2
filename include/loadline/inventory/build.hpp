/// From kube-state-metrics' series to an Inventory: pure, so that every owner rule is a row in a
/// test.
#pragma once

#include <vector>

#include "loadline/inventory/inventory.hpp"
#include "loadline/prometheus/query_api.hpp"

namespace loadline {

/// The answers from which an inventory is built. Series are label sets over the whole window, so
/// that pods that died inside it still have an owner; samples carry values, at the end of the
/// window or, for workloads without a live pod, the last ones before it.
struct ClusterSeries {
  std::vector<Labels> pod_owners{};         ///< kube_pod_owner
  std::vector<Labels> replicaset_owners{};  ///< kube_replicaset_owner
  std::vector<Labels> job_owners{};         ///< kube_job_owner
  std::vector<Labels> init_containers{};    ///< kube_pod_init_container_info
  std::vector<InstantSample>
      requests{};  ///< kube_pod_container_resource_requests, and the init containers'
  std::vector<InstantSample>
      limits{};  ///< kube_pod_container_resource_limits, and the init containers'
  std::vector<InstantSample> pod_created{};  ///< kube_pod_created: decides which pod is the newest
  std::vector<InstantSample> live_pods{};  ///< kube_pod_status_phase{phase=~"Running|Pending"} == 1
  std::vector<Labels>
      containers{};  ///< kube_pod_container_info at the end (facts known though nothing is set)
  std::vector<InstantSample> restarts{};  ///< kube_pod_container_status_restarts_total
};

/// Replicas of kube-state-metrics repeat series with another instance: harmless, keys deduplicate.
/// exported_* labels are preferred; owner_kind "<none>" and "" both mean no owner. An owner kind
/// that is neither ReplicaSet nor Job is kept as told (StatefulSet, DaemonSet,
/// ReplicationController, Node: a static pod, kept as Pod with the node's name cut off its own).
/// `cluster_label` is empty where the identity has no cluster.
Inventory build_inventory(const ClusterSeries& series, const std::string& cluster_label);

/// Pods of workloads none of whose pods is told of at the end of the window, living or finished:
/// whose last values are to be asked for over the window. Sorted; at most the last 20 by name of
/// each workload. Owners inferred from names are not among them.
std::vector<PodKey> pods_without_live_values(const ClusterSeries& series,
                                             const std::string& cluster_label);

}  // namespace loadline
