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

/// What is known of a container without a pod. Of the pods that live it has no restart.
ContainerFacts at_rest(ContainerFacts facts) {
  facts.restarts = 0;
  return facts;
}

/// What was read now with what is known from before, of a container that both tell of.
ContainerFacts joined(const ContainerFacts& before, ContainerFacts fresh, bool is_live,
                      const KillTimes& times) {
  const OomKills kills = merged(before.oom_kills, fresh.oom_kills, times);
  if (!says_more(fresh, is_live)) {
    ContainerFacts kept = before;
    kept.restarts = fresh.restarts;
    kept.throttled_ratio = is_live ? fresh.throttled_ratio : before.throttled_ratio;
    fresh = kept;
  } else if (!is_live && !fresh.throttled_ratio) {
    fresh.throttled_ratio = before.throttled_ratio;
  }
  fresh.oom_kills = kills;
  return fresh;
}

void keep_what_is_known(WorkloadFacts& facts, const WorkloadFacts& before, const KillTimes& times) {
  const bool is_live = facts.live_pods > 0;
  for (const auto& [name, container] : before.containers) {
    const auto at = facts.containers.find(name);
    if (at != facts.containers.end()) {
      at->second = joined(container, at->second, is_live, times);
    } else if (!is_live) {
      facts.containers.emplace(name, at_rest(container));
    }
  }
}

bool update(WorkloadFacts& known, WorkloadFacts fresh, const KillTimes& times) {
  keep_what_is_known(fresh, known, times);
  if (known == fresh) return false;
  known = std::move(fresh);
  return true;
}

/// Of a workload that nothing is told of any more; whether that is news.
bool rest(WorkloadFacts& facts) {
  if (facts.live_pods == 0) return false;
  facts.live_pods = 0;
  for (auto& container : facts.containers) container.second = at_rest(container.second);
  return true;
}

/// Whether there was one to forget.
bool forget_old_kills(WorkloadFacts& facts, std::int64_t start_ms) {
  bool forgot = false;
  for (auto& container : facts.containers) {
    OomKills& kills = container.second.oom_kills;
    if (kills == OomKills{} || kills.last_ms >= start_ms) continue;
    kills = {};
    forgot = true;
  }
  return forgot;
}

void forget_old_kills(Inventory& known, TimePoint start, std::vector<WorkloadKey>& changed) {
  for (auto& [key, facts] : known.workloads_) {
    if (forget_old_kills(facts, to_unix_ms(start))) changed.push_back(key);
  }
}

void sort_once(std::vector<WorkloadKey>& keys) {
  std::ranges::sort(keys);
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
}

}  // namespace

bool is_current(const Inventory& fresh) {
  return std::ranges::any_of(fresh.workloads_,
                             [](const auto& workload) { return workload.second.live_pods > 0; });
}

OomKills merged(const OomKills& known, const OomKills& fresh, const KillTimes& times) {
  OomKills all = known.last_ms >= to_unix_ms(times.window_start) ? known : OomKills{};
  all.limit_bytes = std::max(all.limit_bytes, fresh.limit_bytes);
  const bool is_whole = times.counted_from <= times.window_start;
  if (fresh.last_ms < all.last_ms || (fresh.last_ms == all.last_ms && !is_whole)) return all;
  const std::uint32_t told = fresh.last_ms == 0 ? 0 : std::max<std::uint32_t>(fresh.count, 1);
  const std::uint64_t count = (is_whole ? 0 : std::uint64_t{all.count}) + told;
  all.count = static_cast<std::uint32_t>(std::min<std::uint64_t>(count, UINT32_MAX));
  all.last_ms = fresh.last_ms;
  return all;
}

std::vector<WorkloadKey> absorb(Inventory& known, Inventory fresh, const Shard& shard,
                                const KillTimes& times) {
  std::vector<WorkloadKey> changed;
  known.owners_ = std::move(fresh.owners_);
  forget_old_kills(known, times.window_start, changed);
  if (!is_current(fresh) && !known.workloads_.empty()) return changed;
  for (auto& [key, facts] : known.workloads_) {
    if (!fresh.workloads_.contains(key) && rest(facts)) changed.push_back(key);
  }
  for (auto& [key, facts] : fresh.workloads_) {
    if (!shard.holds(key)) continue;
    const auto [at, is_new] = known.workloads_.try_emplace(key);
    if (update(at->second, std::move(facts), times) || is_new) changed.push_back(key);
  }
  sort_once(changed);
  return changed;
}

bool absorb_bounds(Inventory& known, const Inventory& fresh) {
  if (!is_current(fresh) || known.cluster_ == fresh.cluster_) return false;
  known.cluster_ = fresh.cluster_;
  return true;
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
