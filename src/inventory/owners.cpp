#include "inventory/owners.hpp"

#include <tuple>
#include <utility>

#include "inventory/owner_names.hpp"

namespace loadline {
namespace {

/// An owner's kind or name; "" for the "<none>" that kube-state-metrics wrote before 2.8.
std::string_view told(std::string_view value) {
  return value == "<none>" ? std::string_view() : value;
}

OwnerReference reference_in(const Labels& labels) {
  const std::string_view kind = told(labels.get("owner_kind"));
  const std::string_view name = told(labels.get("owner_name"));
  if (kind.empty() || name.empty()) return {};
  const std::string_view controller = told(labels.get("owner_is_controller"));
  const Standing standing = controller == "true"    ? Standing::kController
                            : controller == "false" ? Standing::kNoController
                                                    : Standing::kUnsaid;
  return {standing, std::string(kind), std::string(name)};
}

/// Equals are told apart by name, so that the order of the answer does not matter.
bool counts_more(const OwnerReference& a, const OwnerReference& b) {
  if (a.standing != b.standing) return a.standing > b.standing;
  return std::tie(a.kind, a.name) < std::tie(b.kind, b.name);
}

using OwnerOf = std::unordered_map<WorkloadKey, OwnerReference, KeyHash>;

template <typename Owners, typename Key>
void add_row(Owners& owner_of, const Key& key, const Labels& row) {
  OwnerReference reference = reference_in(row);
  const auto [at, is_new] = owner_of.try_emplace(key, reference);
  if (!is_new && counts_more(reference, at->second)) at->second = std::move(reference);
}

/// The workload of a ReplicaSet or Job that no series tells of.
WorkloadKey judged_by_name(WorkloadKey object) {
  const bool is_job = object.kind == "Job";
  const auto parent =
      is_job ? without_schedule_time(object.name) : without_template_hash(object.name);
  if (!parent) return object;
  object.name = std::string(*parent);
  object.kind = is_job ? "CronJob" : "Deployment";
  return object;
}

/// A mirror of a static pod is called after the pod and its node: the same pod on every node.
WorkloadKey static_pod(WorkloadKey pod, std::string_view node) {
  const std::string suffix = "-" + std::string(node);
  if (pod.name.size() > suffix.size() && pod.name.ends_with(suffix)) {
    pod.name.resize(pod.name.size() - suffix.size());
  }
  return pod;
}

WorkloadKey workload_of(const PodKey& pod, const OwnerReference& owner, const OwnerOf& owner_of) {
  if (owner.standing == Standing::kNone) return {pod.cluster, pod.namespace_name, "Pod", pod.pod};
  if (owner.kind == "Node") {
    return static_pod({pod.cluster, pod.namespace_name, "Pod", pod.pod}, owner.name);
  }
  WorkloadKey object{pod.cluster, pod.namespace_name, owner.kind, owner.name};
  if (object.kind != "ReplicaSet" && object.kind != "Job") return object;
  const auto parent = owner_of.find(object);
  if (parent == owner_of.end()) return judged_by_name(std::move(object));
  if (parent->second.standing == Standing::kNone) return object;
  return {pod.cluster, pod.namespace_name, parent->second.kind, parent->second.name};
}

}  // namespace

void read_pod(const Labels& labels, const std::string& cluster_label, PodKey& pod) {
  pod.cluster = labels.get(cluster_label);
  pod.namespace_name = exported_or_own(labels, "namespace");
  pod.pod = exported_or_own(labels, "pod");
}

void OwnerTable::add_pod_owner(const Labels& row) {
  PodKey pod;
  read_pod(row, cluster_label_, pod);
  if (!pod.pod.empty()) add_row(above_pods_, pod, row);
}

void OwnerTable::add_replicaset_owner(const Labels& row) {
  add_above(row, "ReplicaSet", "replicaset");
}

void OwnerTable::add_job_owner(const Labels& row) {
  add_above(row, "Job", "job_name");
}

void OwnerTable::add_above(const Labels& row, std::string_view kind, std::string_view label) {
  const std::string_view name = exported_or_own(row, label);
  if (name.empty()) return;
  const WorkloadKey object{std::string(row.get(cluster_label_)),
                           std::string(exported_or_own(row, "namespace")), std::string(kind),
                           std::string(name)};
  add_row(above_others_, object, row);
}

PodOwners OwnerTable::resolve() {
  PodOwners workloads;
  workloads.reserve(above_pods_.size());
  while (!above_pods_.empty()) {
    auto row = above_pods_.extract(above_pods_.begin());
    WorkloadKey workload = workload_of(row.key(), row.mapped(), above_others_);
    workloads.emplace(std::move(row.key()), std::move(workload));
  }
  above_others_.clear();
  return workloads;
}

}  // namespace loadline
