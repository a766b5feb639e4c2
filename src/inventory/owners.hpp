/// The chain of owners above a pod, as kube-state-metrics' series tell it.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "loadline/model/labels.hpp"
#include "loadline/model/workload.hpp"

namespace loadline {

/// Writes the pod that a kube_pod_* series is about over `pod`, whose memory is used again; its
/// name is empty where the series names none.
void read_pod(const Labels& labels, const std::string& cluster_label, PodKey& pod);

/// How much an owner counts against others of the same object.
enum class Standing { kNone, kNoController, kUnsaid, kController };

struct OwnerReference {
  Standing standing = Standing::kNone;
  std::string kind{};
  std::string name{};
};

/// The workload of each pod that kube_pod_owner tells of.
using PodOwners = std::unordered_map<PodKey, WorkloadKey, KeyHash>;

/// Gathers owners row by row, in any order, and then resolves the chains.
///
/// Of several owners of one object the controller counts, then one of which nothing is said, then
/// one that is no controller; an owner counts more than none (a ReplicaSet may be adopted inside
/// the window). A ReplicaSet or Job of which nothing is told is judged by its name: made by a
/// Deployment or CronJob where the name ends as theirs do, else itself the workload.
class OwnerTable {
 public:
  explicit OwnerTable(std::string cluster_label) : cluster_label_(std::move(cluster_label)) {}

  void add_pod_owner(const Labels& row);         ///< of kube_pod_owner
  void add_replicaset_owner(const Labels& row);  ///< of kube_replicaset_owner
  void add_job_owner(const Labels& row);         ///< of kube_job_owner
  /// Gives memory back while it works: the table is empty afterwards.
  [[nodiscard]] PodOwners resolve();

 private:
  void add_above(const Labels& row, std::string_view kind, std::string_view label);

  std::string cluster_label_{};
  std::unordered_map<PodKey, OwnerReference, KeyHash> above_pods_{};
  std::unordered_map<WorkloadKey, OwnerReference, KeyHash> above_others_{};
};

}  // namespace loadline
