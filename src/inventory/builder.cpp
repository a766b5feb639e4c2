#include "inventory/builder.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <tuple>
#include <utility>

namespace loadline {
namespace {

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

std::size_t hash_of_uid(const Labels& labels) {
  return std::hash<std::string_view>()(labels.get("uid"));
}

}  // namespace

bool InventoryBuilder::Rank::operator<(const Rank& other) const {
  return std::tie(is_live, created, pod) < std::tie(other.is_live, other.created, other.pod);
}

InventoryBuilder::InventoryBuilder(PodOwners owners, std::string cluster_label)
    : cluster_label_(std::move(cluster_label)), owners_(std::move(owners)) {
  for (const auto& [pod, workload] : owners_) drafts_.try_emplace(workload);
  pods_.reserve(owners_.size());
}

void InventoryBuilder::add_created(const Labels& labels, double seconds) {
  Pod* const pod = answering_pod_in(labels);
  if (pod == nullptr || !is_amount(seconds)) return;
  pod->was_asked = true;
  pod->newest = std::max(pod->newest, seconds);
  const std::size_t uid = hash_of_uid(labels);
  const auto known =
      std::find_if(pod->creations.begin(), pod->creations.end(),
                   [uid](const Creation& creation) { return creation.uid_hash == uid; });
  if (known == pod->creations.end()) {
    pod->creations.push_back({uid, seconds});
  } else {
    known->seconds = std::max(known->seconds, seconds);
  }
}

void InventoryBuilder::add_live(const Labels& labels, double value) {
  Pod* const pod = value == 1 ? answering_pod_in(labels) : nullptr;
  if (pod == nullptr || pod->is_live) return;  // two phases, two replicas: one pod
  pod->is_live = true;
  pod->was_asked = true;
  ++pod->workload->live_pods;
}

/// Kubernetes gives whoever sets a limit a request too: where a cluster has no request at all, the
/// metric is missing, and that a container has none proves nothing.
void InventoryBuilder::add_request(const Labels& labels, double amount) {
  const std::string_view cluster = labels.get(cluster_label_);
  if (!clusters_with_requests_.contains(cluster)) clusters_with_requests_.emplace(cluster);
  take_value(labels, amount, &Requirement::request);
}

void InventoryBuilder::add_limit(const Labels& labels, double amount) {
  take_value(labels, amount, &Requirement::limit);
}

void InventoryBuilder::add_container(const Labels& labels) {
  Pod* const pod = answering_pod_in(labels);
  if (pod == nullptr) return;
  pod->was_asked = true;
  note_container(labels, pod);
}

void InventoryBuilder::add_restarts(const Labels& labels, double count) {
  const std::string_view container = exported_or_own(labels, "container");
  const Pod* const pod = pod_in(labels);
  if (pod == nullptr || !pod->is_live || container.empty() || !is_amount(count)) return;
  auto& containers = pod->workload->containers;
  auto at = containers.find(container);
  if (at == containers.end()) at = containers.emplace(std::string(container), Draft{}).first;
  at->second.restarts += count;
}

void InventoryBuilder::add_init_container(const Labels& labels) {
  Draft* const draft = note_container(labels, pod_in(labels));
  if (draft == nullptr) return;
  const bool is_sidecar = labels.get("restart_policy") == "Always";
  if (is_sidecar) draft->facts.type = ContainerType::kSidecar;
  if (draft->facts.type == ContainerType::kContainer) draft->facts.type = ContainerType::kInit;
}

Inventory InventoryBuilder::build() {
  Inventory inventory;
  pods_.clear();
  while (!drafts_.empty()) {
    auto node = drafts_.extract(drafts_.begin());
    WorkloadFacts facts = facts_of(node.key(), node.mapped());
    inventory.workloads_.emplace(std::move(node.key()), std::move(facts));
  }
  inventory.owners_ = std::move(owners_);
  return inventory;
}

WorkloadFacts InventoryBuilder::facts_of(const WorkloadKey& workload,
                                         const WorkloadDraft& draft) const {
  WorkloadFacts facts{.live_pods = draft.live_pods};
  const bool can_tell = clusters_with_requests_.contains(workload.cluster);
  for (const auto& [name, container] : draft.containers) {
    ContainerFacts& told = facts.containers.emplace(name, container.facts).first->second;
    told.current_known = told.current_known || (container.is_listed && can_tell);
    told.restarts = static_cast<std::uint32_t>(std::min<double>(container.restarts, UINT32_MAX));
  }
  return facts;
}

/// The state of the row's pod, made where it is new; nullptr where the row names none.
InventoryBuilder::Pod* InventoryBuilder::pod_in(const Labels& labels) {
  read_pod(labels, cluster_label_, key_);
  if (key_.pod.empty()) return nullptr;
  const auto owner = owners_.find(key_);
  const bool is_told = owner != owners_.end();
  const PodKey& name = is_told ? owner->first : *inferred_.insert(key_).first;
  const auto [at, is_new] = pods_.try_emplace(&name);
  if (is_new) at->second = make_pod(name, is_told ? &owner->second : nullptr);
  return &at->second;
}

/// The same for a row that is an answer at the end of the window.
InventoryBuilder::Pod* InventoryBuilder::answering_pod_in(const Labels& labels) {
  Pod* const pod = pod_in(labels);
  if (pod != nullptr && pod->is_told) pod->workload->is_answered = true;
  return pod;
}

InventoryBuilder::Pod InventoryBuilder::make_pod(const PodKey& name, const WorkloadKey* told) {
  WorkloadDraft& workload = drafts_[told != nullptr ? *told : infer_owner(name)];
  return {.name = name.pod, .workload = &workload, .is_told = told != nullptr};
}

void InventoryBuilder::take_value(const Labels& labels, double amount,
                                  std::optional<double> Requirement::*part) {
  const Pod* const pod = answering_pod_in(labels);
  const std::optional<Resource> resource = resource_in(labels);
  if (!resource || !is_amount(amount)) return;
  Draft* const draft = draft_for(pod, labels);
  if (draft == nullptr) return;
  ContainerFacts& facts = draft->facts;
  // Replicas of kube-state-metrics may be a scrape apart after a resize: the larger counts.
  std::optional<double>& value = facts.current[*resource].*part;
  value = std::max(value.value_or(0), amount);
  facts.current_known = true;
  const bool is_init = labels.get("__name__").starts_with("kube_pod_init_");
  if (is_init && facts.type == ContainerType::kContainer) facts.type = ContainerType::kInit;
}

InventoryBuilder::Draft* InventoryBuilder::note_container(const Labels& labels, const Pod* pod) {
  Draft* const draft = draft_for(pod, labels);
  if (draft != nullptr) draft->is_listed = draft->is_listed || pod->was_asked;
  return draft;
}

/// Where to write what this pod says; nullptr where a pod that is believed more has spoken. The
/// first word of a better pod wipes out what the others said, so that the facts of a container are
/// those of one pod.
InventoryBuilder::Draft* InventoryBuilder::draft_for(const Pod* pod, const Labels& labels) {
  const std::string_view container = exported_or_own(labels, "container");
  if (pod == nullptr || container.empty()) return nullptr;
  auto& containers = pod->workload->containers;
  auto at = containers.find(container);
  if (at == containers.end()) at = containers.emplace(std::string(container), Draft{}).first;
  Draft& draft = at->second;
  const Rank rank = rank_of(*pod, labels);
  if (draft.rank && rank < *draft.rank) return nullptr;
  if (!draft.rank || *draft.rank < rank) {
    draft = Draft{.rank = rank, .restarts = draft.restarts};
  }
  return &draft;
}

InventoryBuilder::Rank InventoryBuilder::rank_of(const Pod& pod, const Labels& labels) {
  const std::size_t uid = hash_of_uid(labels);
  for (const Creation& creation : pod.creations) {
    if (creation.uid_hash == uid) return {pod.is_live, creation.seconds, pod.name};
  }
  return {pod.is_live, pod.newest, pod.name};
}

}  // namespace loadline
