#include "loadline/usage/state.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace loadline {
namespace {

void drop_days(ContainerProfile& profile, std::int32_t first_day) {
  for (const Resource resource : kResources) {
    auto& days = profile.resources[resource].days;
    days.erase(days.begin(), std::ranges::lower_bound(days, first_day, {}, &DayUsage::day));
  }
}

bool has_days(const ContainerProfile& profile) {
  return !profile.resources[Resource::kCpu].days.empty() ||
         !profile.resources[Resource::kMemory].days.empty();
}

}  // namespace

std::int64_t last_sample_ms(const Run& run) {
  return std::max(run.tracks[Resource::kCpu].last_ms, run.tracks[Resource::kMemory].last_ms);
}

void Touched::add(const Touched& other) {
  runs.insert(runs.end(), other.runs.begin(), other.runs.end());
  std::ranges::sort(runs, {}, [](const RunEntry* run) { return run->first; });
  runs.erase(std::unique(runs.begin(), runs.end()), runs.end());
  days.insert(days.end(), other.days.begin(), other.days.end());
  std::ranges::sort(
      days, {}, [](const TouchedDay& day) { return std::pair(day.day, day.container->second.id); });
  days.erase(std::unique(days.begin(), days.end()), days.end());
}

ContainerEntry& UsageState::container(ContainerKey key) {
  const auto [at, is_new] = profiles.try_emplace(std::move(key));
  if (is_new) at->second.id = next_container_id++;
  return *at;
}

std::vector<RunId> UsageState::drop_before(std::int32_t first_day) {
  const std::int64_t begin_ms = to_unix_ms(start_of_day(first_day));
  std::vector<RunId> dropped;
  std::erase_if(runs, [&](const RunEntry& run) {
    const bool is_over = last_sample_ms(run.second) < begin_ms;
    if (is_over) dropped.push_back(run.first);
    return is_over;
  });
  std::unordered_set<const ContainerEntry*> in_use;
  for (const auto& [id, run] : runs) in_use.insert(run.container);
  for (auto& [key, profile] : profiles) drop_days(profile, first_day);
  std::erase_if(profiles, [&](const ContainerEntry& entry) {
    return !has_days(entry.second) && !in_use.contains(&entry);
  });
  return dropped;
}

}  // namespace loadline
