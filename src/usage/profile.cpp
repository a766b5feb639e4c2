#include "loadline/usage/profile.hpp"

#include <algorithm>
#include <map>

namespace loadline {
namespace {

struct Watched {
  std::uint64_t seen = 0;
  std::uint64_t expected = 0;
  std::int64_t days = 0;
  std::int64_t first_ms = 0;
  std::int64_t last_ms = 0;
};

Watched watched(const ResourceProfile& profile) {
  Watched result;
  for (const DayUsage& day : profile.days) {
    const bool is_first = result.days++ == 0;
    if (is_first) result.first_ms = day.first_ms;
    result.last_ms = day.last_ms;
    result.seen += day.scrapes_seen;
    result.expected += day.scrapes_expected - (is_first ? day.scrapes_carried : 0);
  }
  return result;
}

Milliseconds history_of(const Watched& watched) {
  return Milliseconds(
      std::min(watched.last_ms - watched.first_ms, watched.days * kMillisecondsPerDay));
}

UsageSketch sum_of(std::span<const DayUsage> days) {
  std::vector<const UsageSketch*> parts;
  parts.reserve(days.size());
  for (const DayUsage& day : days) parts.push_back(&day.sketch);
  return UsageSketch::sum(parts);
}

}  // namespace

UsageSketch ResourceProfile::merged(std::int32_t first_day) const {
  const auto first = std::ranges::lower_bound(days, first_day, {}, &DayUsage::day);
  return sum_of(std::span(first, days.end()));
}

UsageSketch ResourceProfile::merged_before(std::int32_t day) const {
  const auto end = std::ranges::lower_bound(days, day, {}, &DayUsage::day);
  return sum_of(std::span(days.begin(), end));
}

DayUsage pooled_day(std::span<const DayUsage* const> parts) {
  DayUsage pooled{.day = parts.front()->day,
                  .first_ms = parts.front()->first_ms,
                  .last_ms = parts.front()->last_ms};
  std::vector<const UsageSketch*> sketches;
  sketches.reserve(parts.size());
  for (const DayUsage* part : parts) {
    sketches.push_back(&part->sketch);
    pooled.scrapes_seen += part->scrapes_seen;
    pooled.scrapes_expected += part->scrapes_expected;
    pooled.scrapes_carried += part->scrapes_carried;
    pooled.first_ms = std::min(pooled.first_ms, part->first_ms);
    pooled.last_ms = std::max(pooled.last_ms, part->last_ms);
  }
  pooled.sketch = UsageSketch::sum(sketches);
  return pooled;
}

ContainerProfile pooled(std::span<const ContainerProfile* const> pods) {
  ContainerProfile all{.owner_source = OwnerSource::kPodName};
  for (const Resource resource : kResources) {
    std::map<std::int32_t, std::vector<const DayUsage*>> days;
    for (const ContainerProfile* pod : pods) {
      for (const DayUsage& day : pod->resources[resource].days) days[day.day].push_back(&day);
    }
    for (const auto& [day, parts] : days) all.resources[resource].days.push_back(pooled_day(parts));
  }
  for (const ContainerProfile* pod : pods) {
    all.live_pods += pod->live_pods;
    // One pod that is told of vouches for those that are not.
    if (pod->owner_source == OwnerSource::kKubeStateMetrics) all.owner_source = pod->owner_source;
  }
  return all;
}

Coverage coverage_of(const ContainerProfile& profile) {
  Coverage coverage;
  bool first = true;
  for (const Resource resource : kResources) {
    const Watched seen = watched(profile.resources[resource]);
    if (seen.expected == 0) continue;
    const double ratio = static_cast<double>(seen.seen) / static_cast<double>(seen.expected);
    coverage.ratio = std::min(coverage.ratio.value_or(ratio), ratio);
    coverage.history = first ? history_of(seen) : std::min(coverage.history, history_of(seen));
    first = false;
  }
  return coverage;
}

}  // namespace loadline
