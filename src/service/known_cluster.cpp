#include "service/known_cluster.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace loadline::service {
namespace {

/// What was read says what the container asks for. Of pods that are dead it must say so by a value:
/// an index may be as coarse as a day and name their containers long after their last values.
bool says_more(const ContainerFacts& fresh, bool is_live) {
  const bool has_value = std::ranges::any_of(fresh.current.values, [](const Requirement& current) {
    return current.request || current.limit;
  });
  return has_value || (is_live && fresh.current_known);
}

void keep_what_is_known(WorkloadFacts& facts, const WorkloadFacts& before) {
  const bool is_live = facts.live_pods > 0;
  for (const auto& [name, container] : before.containers) {
    const auto at = facts.containers.find(name);
    if (at == facts.containers.end() && is_live) continue;
    if (at == facts.containers.end() || !says_more(at->second, is_live)) {
      facts.containers.insert_or_assign(name, container);
    }
  }
}

bool update(WorkloadFacts& known, WorkloadFacts fresh) {
  keep_what_is_known(fresh, known);
  if (known == fresh) return false;
  known = std::move(fresh);
  return true;
}

}  // namespace

bool is_current(const Inventory& fresh) {
  return std::ranges::any_of(fresh.workloads_,
                             [](const auto& workload) { return workload.second.live_pods > 0; });
}

std::vector<WorkloadKey> absorb(Inventory& known, Inventory fresh, const Shard& shard) {
  std::vector<WorkloadKey> changed;
  known.owners_ = std::move(fresh.owners_);
  if (!is_current(fresh) && !known.workloads_.empty()) return changed;
  for (auto& [key, facts] : known.workloads_) {
    if (facts.live_pods == 0 || fresh.workloads_.contains(key)) continue;
    facts.live_pods = 0;
    changed.push_back(key);
  }
  for (auto& [key, facts] : fresh.workloads_) {
    if (!shard.holds(key)) continue;
    const auto [at, is_new] = known.workloads_.try_emplace(key);
    if (update(at->second, std::move(facts)) || is_new) changed.push_back(key);
  }
  std::ranges::sort(changed);
  return changed;
}

std::vector<WorkloadKey> forget_unused(Inventory& known, const ProfileSet& profiles) {
  std::unordered_set<WorkloadKey, KeyHash> in_use;
  for (const auto& [key, profile] : profiles) in_use.insert(key.workload);
  std::vector<WorkloadKey> forgotten;
  std::erase_if(known.workloads_, [&](const auto& workload) {
    const bool is_unused = workload.second.live_pods == 0 && !in_use.contains(workload.first);
    if (is_unused) forgotten.push_back(workload.first);
    return is_unused;
  });
  std::ranges::sort(forgotten);
  return forgotten;
}

}  // namespace loadline::service
