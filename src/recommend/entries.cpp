#include "recommend/entries.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace loadline::recommend_stage {
namespace {

using Pods = std::vector<const ProfileSet::value_type*>;

bool has_days(const ContainerProfile& profile) {
  return std::any_of(profile.resources.values.begin(), profile.resources.values.end(),
                     [](const ResourceProfile& resource) { return !resource.days.empty(); });
}

ContainerKey without_pod(const ContainerKey& key) {
  return {.workload = key.workload, .container = key.container};
}

PodHistory history_of(const ProfileSet::value_type& pod) {
  PodHistory history{.pod = pod.first.pod};
  for (const Resource resource : kResources) {
    history.days[resource] = pod.second.resources[resource].days;
  }
  return history;
}

ContainerProfile joined(const Pods& pods) {
  std::vector<const ContainerProfile*> profiles;
  profiles.reserve(pods.size());
  for (const auto* pod : pods) profiles.push_back(&pod->second);
  return pooled(profiles);
}

}  // namespace

Entries::Entries(const ProfileSet& profiles, const Inventory& inventory) : inventory_(inventory) {
  add_profiled(profiles);
  add_apart(profiles);
  add_unprofiled(profiles);
  std::ranges::sort(entries_, [](const Entry& a, const Entry& b) { return *a.key < *b.key; });
}

/// One whose every sample was dropped is listed only if the cluster tells of it.
void Entries::add_profiled(const ProfileSet& profiles) {
  entries_.reserve(profiles.size());
  for (const auto& [key, profile] : profiles) {
    if (!key.pod.empty()) continue;
    if (has_days(profile) || inventory_.find(key) != nullptr) {
      entries_.push_back({.key = &key, .profile = &profile});
    }
  }
}

void Entries::add_apart(const ProfileSet& profiles) {
  std::map<ContainerKey, Pods> groups;
  for (const auto& entry : profiles) {
    if (!entry.first.pod.empty()) groups[without_pod(entry.first)].push_back(&entry);
  }
  for (auto& [key, pods] : groups) {
    std::ranges::sort(pods, {}, [](const auto* pod) { return pod->first.pod; });
    Entry entry{.key = &keys_.emplace_back(key), .profile = &joined_.emplace_back(joined(pods))};
    for (const auto* pod : pods) entry.pods.push_back(history_of(*pod));
    if (has_days(*entry.profile) || inventory_.find(key) != nullptr) {
      entries_.push_back(std::move(entry));
    }
  }
}

void Entries::add_unprofiled(const ProfileSet& profiles) {
  const std::set<ContainerKey> apart(keys_.begin(), keys_.end());
  for (const auto& [key, facts] : inventory_.workloads_) {
    if (facts.live_pods == 0) continue;
    for (const auto& container : facts.containers) {
      ContainerKey candidate{.workload = key, .container = container.first};
      if (profiles.contains(candidate) || apart.contains(candidate)) continue;
      keys_.push_back(std::move(candidate));
      entries_.push_back({.key = &keys_.back(), .profile = &nothing_});
    }
  }
}

Subject Entries::subject_of(const Entry& entry, std::int32_t today) const {
  return {.key = *entry.key,
          .profile = *entry.profile,
          .workload = inventory_.find(entry.key->workload),
          .facts = inventory_.find(*entry.key),
          .today = today,
          .cluster = &inventory_.cluster_,
          .pods = entry.pods};
}

}  // namespace loadline::recommend_stage
