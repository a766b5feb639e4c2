#include "loadline/usage/profile.hpp"

#include <algorithm>

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

}  // namespace

UsageSketch ResourceProfile::merged(std::int32_t first_day) const {
  std::vector<const UsageSketch*> parts;
  parts.reserve(days.size());
  for (const DayUsage& day : days)
    if (day.day >= first_day) parts.push_back(&day.sketch);
  return UsageSketch::sum(parts);
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
