/// The chain of owners above a pod, as kube-state-metrics' series tell it.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "loadline/inventory/build.hpp"

namespace loadline {

/// The pod that a kube_pod_* series is about; its name is empty where the series names none.
PodKey pod_of(const Labels& labels, const std::string& cluster_label);

/// The workload of every pod in `series.pod_owners`.
///
/// Of several owners of one object the controller counts, then one of which nothing is said, then
/// one that is no controller; an owner counts more than none (a ReplicaSet may be adopted inside
/// the window). A ReplicaSet or Job of which nothing is told is judged by its name: made by a
/// Deployment or CronJob where the name ends as theirs do, else itself the workload.
std::unordered_map<PodKey, WorkloadKey, KeyHash> resolve_owners(const ClusterSeries& series,
                                                                const std::string& cluster_label);

}  // namespace loadline
