#include "loadline/inventory/build.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "inventory/owners.hpp"

namespace loadline {
namespace {

/// The order in which pods are believed: living ones first, then the newest, then by name.
struct Rank {
  bool is_live = false;
  double created = 0;
  std::string_view pod{};

  [[nodiscard]] auto order() const { return std::tie(is_live, created, pod); }
  bool operator<(const Rank& other) const { return order() < other.order(); }
};

/// What the best pod so far says of a container.
struct Draft {
  std::optional<Rank> rank{};
  ContainerFacts facts{};
};
using Drafts = std::map<std::string, Draft, std::less<>>;

struct Pod {
  Drafts* containers = nullptr;
  bool is_live = false;
  /// Its values were asked for: what they do not say is not set. Other pods are known only by
  /// their owner and init containers, which are told over the whole window.
  bool was_asked = false;
  double newest = 0;                            ///< creation of the newest of that name
  std::map<std::string_view, double> by_uid{};  ///< a StatefulSet gives a name again
};

bool is_amount(double value) {
  return std::isfinite(value) && value >= 0;
}

std::optional<Resource> resource_in(const Labels& labels) {
  const std::string_view name = labels.get("resource");
  for (const Resource resource : kResources) {
    if (name == to_string(resource)) return resource;
  }
  return std::nullopt;
}

/// Holds views into the series; neither outlives build_inventory.
class Builder {
 public:
  Builder(const ClusterSeries& series, const std::string& cluster_label)
      : series_(series), cluster_label_(cluster_label) {}

  Inventory build() {
    inventory_.owners_ = resolve_owners(series_, cluster_label_);
    for (const auto& [pod, workload] : inventory_.owners_) {
      inventory_.workloads_.try_emplace(workload);
    }
    rank_pods();
    note_clusters_with_requests();
    take_containers();
    take_values(series_.requests, &Requirement::request);
    take_values(series_.limits, &Requirement::limit);
    move_drafts();
    return std::move(inventory_);
  }

 private:
  /// The state of the series' pod, made where it is new; nullptr where the series names none.
  Pod* pod_in(const Labels& labels) {
    PodKey key = pod_of(labels, cluster_label_);
    if (key.pod.empty()) return nullptr;
    const auto [at, is_new] = pods_.try_emplace(std::move(key));
    if (is_new) {
      const WorkloadKey workload = inventory_.owner_of(at->first).workload;
      inventory_.workloads_.try_emplace(workload);
      at->second.containers = &drafts_[workload];
    }
    return &at->second;
  }

  void rank_pods() {
    for (const InstantSample& sample : series_.pod_created) {
      Pod* const pod = pod_in(sample.labels);
      if (pod == nullptr || !is_amount(sample.value)) continue;
      pod->was_asked = true;
      pod->newest = std::max(pod->newest, sample.value);
      double& created = pod->by_uid[sample.labels.get("uid")];
      created = std::max(created, sample.value);
    }
    for (const InstantSample& sample : series_.live_pods) {
      Pod* const pod = sample.value == 1 ? pod_in(sample.labels) : nullptr;
      if (pod == nullptr || pod->is_live) continue;  // two phases, two replicas: one pod
      pod->is_live = true;
      pod->was_asked = true;
      const PodKey key = pod_of(sample.labels, cluster_label_);
      ++inventory_.workloads_[inventory_.owner_of(key).workload].live_pods;
    }
  }

  /// Kubernetes gives whoever sets a limit a request too: where a cluster has no request at all,
  /// the metric is missing, and that a container has none proves nothing.
  void note_clusters_with_requests() {
    for (const InstantSample& sample : series_.requests) {
      clusters_with_requests_.emplace(sample.labels.get(cluster_label_));
    }
  }

  void take_containers() {
    for (const Labels& labels : series_.containers) {
      if (Pod* const pod = pod_in(labels)) pod->was_asked = true;
    }
    for (const Labels& labels : series_.containers) note_container(labels);
    for (const Labels& labels : series_.init_containers) {
      ContainerFacts* const facts = note_container(labels);
      if (facts == nullptr) continue;
      const bool is_sidecar = labels.get("restart_policy") == "Always";
      if (is_sidecar) facts->type = ContainerType::kSidecar;
      if (facts->type == ContainerType::kContainer) facts->type = ContainerType::kInit;
    }
  }

  ContainerFacts* note_container(const Labels& labels) {
    Pod* const pod = pod_in(labels);
    ContainerFacts* const facts = facts_for(pod, labels);
    if (facts == nullptr) return nullptr;
    const bool can_tell = clusters_with_requests_.contains(labels.get(cluster_label_));
    facts->current_known = facts->current_known || (pod->was_asked && can_tell);
    return facts;
  }

  void take_values(const std::vector<InstantSample>& samples,
                   std::optional<double> Requirement::*part) {
    for (const InstantSample& sample : samples) {
      const std::optional<Resource> resource = resource_in(sample.labels);
      if (!resource || !is_amount(sample.value)) continue;
      ContainerFacts* const facts = facts_for(pod_in(sample.labels), sample.labels);
      if (facts == nullptr) continue;
      // Replicas of kube-state-metrics may be a scrape apart after a resize: the larger counts.
      std::optional<double>& value = facts->current[*resource].*part;
      value = std::max(value.value_or(0), sample.value);
      facts->current_known = true;
      const bool is_init = sample.labels.get("__name__").starts_with("kube_pod_init_");
      if (is_init && facts->type == ContainerType::kContainer) facts->type = ContainerType::kInit;
    }
  }

  /// Where to write what this pod says; nullptr where a pod that is believed more has spoken. The
  /// first word of a better pod wipes out what the others said, so that the facts of a container
  /// are those of one pod.
  ContainerFacts* facts_for(const Pod* pod, const Labels& labels) {
    const std::string_view container = exported_or_own(labels, "container");
    if (pod == nullptr || container.empty()) return nullptr;
    auto at = pod->containers->find(container);
    if (at == pod->containers->end()) {
      at = pod->containers->emplace(std::string(container), Draft{}).first;
    }
    Draft& draft = at->second;
    const Rank rank = rank_of(*pod, labels);
    if (draft.rank && rank < *draft.rank) return nullptr;
    if (!draft.rank || *draft.rank < rank) draft = Draft{rank, {}};
    return &draft.facts;
  }

  static Rank rank_of(const Pod& pod, const Labels& labels) {
    const auto created = pod.by_uid.find(labels.get("uid"));
    return {pod.is_live, created == pod.by_uid.end() ? pod.newest : created->second,
            exported_or_own(labels, "pod")};
  }

  void move_drafts() {
    for (auto& [workload, containers] : drafts_) {
      WorkloadFacts& facts = inventory_.workloads_[workload];
      for (auto& [name, draft] : containers) facts.containers.emplace(name, draft.facts);
    }
  }

  const ClusterSeries& series_;
  const std::string& cluster_label_;
  Inventory inventory_{};
  std::unordered_map<PodKey, Pod, KeyHash> pods_{};
  std::unordered_map<WorkloadKey, Drafts, KeyHash> drafts_{};
  std::set<std::string, std::less<>> clusters_with_requests_{};
};

}  // namespace

Inventory build_inventory(const ClusterSeries& series, const std::string& cluster_label) {
  return Builder(series, cluster_label).build();
}

}  // namespace loadline
