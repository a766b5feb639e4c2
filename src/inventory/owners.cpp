#include "inventory/owners.hpp"

#include <tuple>
#include <utility>

#include "inventory/owner_names.hpp"

namespace loadline {
namespace {

/// How much an owner counts against others of the same object.
enum class Standing { kNone, kNoController, kUnsaid, kController };

struct OwnerReference {
  Standing standing = Standing::kNone;
  std::string kind{};
  std::string name{};
};

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

/// Any object that owns or is owned, by its own key.
using OwnerOf = std::unordered_map<WorkloadKey, OwnerReference, KeyHash>;

struct OwnedKind {
  std::string_view kind{};
  std::string_view label{};  ///< that names the object
};

void add_rows(OwnerOf& owner_of, const std::vector<Labels>& rows, const OwnedKind& owned,
              const std::string& cluster_label) {
  for (const Labels& row : rows) {
    const std::string_view name = exported_or_own(row, owned.label);
    if (name.empty()) continue;
    WorkloadKey key{std::string(row.get(cluster_label)),
                    std::string(exported_or_own(row, "namespace")), std::string(owned.kind),
                    std::string(name)};
    OwnerReference reference = reference_in(row);
    const auto [at, is_new] = owner_of.try_emplace(std::move(key), reference);
    if (!is_new && counts_more(reference, at->second)) at->second = std::move(reference);
  }
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

WorkloadKey workload_of(const WorkloadKey& pod, const OwnerReference& owner,
                        const OwnerOf& owner_of) {
  if (owner.standing == Standing::kNone) return pod;
  if (owner.kind == "Node") return static_pod(pod, owner.name);
  WorkloadKey object{pod.cluster, pod.namespace_name, owner.kind, owner.name};
  if (object.kind != "ReplicaSet" && object.kind != "Job") return object;
  const auto parent = owner_of.find(object);
  if (parent == owner_of.end()) return judged_by_name(std::move(object));
  if (parent->second.standing == Standing::kNone) return object;
  return {pod.cluster, pod.namespace_name, parent->second.kind, parent->second.name};
}

}  // namespace

PodKey pod_of(const Labels& labels, const std::string& cluster_label) {
  return {std::string(labels.get(cluster_label)), std::string(exported_or_own(labels, "namespace")),
          std::string(exported_or_own(labels, "pod"))};
}

std::unordered_map<PodKey, WorkloadKey, KeyHash> resolve_owners(const ClusterSeries& series,
                                                                const std::string& cluster_label) {
  OwnerOf above_pods;
  OwnerOf above_others;
  add_rows(above_pods, series.pod_owners, {"Pod", "pod"}, cluster_label);
  add_rows(above_others, series.replicaset_owners, {"ReplicaSet", "replicaset"}, cluster_label);
  add_rows(above_others, series.job_owners, {"Job", "job_name"}, cluster_label);
  std::unordered_map<PodKey, WorkloadKey, KeyHash> workloads;
  workloads.reserve(above_pods.size());
  for (const auto& [pod, owner] : above_pods) {
    workloads.emplace(PodKey{pod.cluster, pod.namespace_name, pod.name},
                      workload_of(pod, owner, above_others));
  }
  return workloads;
}

}  // namespace loadline
