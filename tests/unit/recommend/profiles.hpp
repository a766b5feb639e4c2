/// Profiles and facts stated as data, for the tests of this stage.
#pragma once

#include <optional>
#include <utility>

#include "loadline/recommend/recommend.hpp"

namespace loadline::test {

inline constexpr double kMi = 1024.0 * 1024.0;
inline constexpr double kGi = 1024.0 * kMi;

inline ContainerKey web_key(std::string container = "app") {
  return {{"", "shop", "Deployment", "web"}, std::move(container)};
}

/// `days` whole days of one sample a minute at `usage`, and one at `max` each day: p95 is `usage`.
inline ResourceProfile steady(double usage, double max, int days = 14,
                              std::uint32_t scrapes_seen = 1440) {
  ResourceProfile profile;
  for (int i = 0; i < days; ++i) {
    DayUsage day;
    day.day = 20'000 + i;
    day.scrapes_seen = scrapes_seen;
    day.scrapes_expected = 1440;
    day.first_ms = day.day * kMillisecondsPerDay;
    day.last_ms = day.first_ms + kMillisecondsPerDay - 60'000;
    for (int k = 0; k < 99; ++k) day.sketch.add(usage);
    day.sketch.add(max);
    profile.days.push_back(std::move(day));
  }
  return profile;
}

inline ContainerProfile profile_of(ResourceProfile cpu, ResourceProfile memory) {
  ContainerProfile profile;
  profile.resources[Resource::kCpu] = std::move(cpu);
  profile.resources[Resource::kMemory] = std::move(memory);
  profile.live_pods = 2;
  return profile;
}

inline ContainerFacts facts_of(Requirement cpu, Requirement memory) {
  ContainerFacts facts;
  facts.current[Resource::kCpu] = cpu;
  facts.current[Resource::kMemory] = memory;
  facts.current_known = true;
  return facts;
}

}  // namespace loadline::test
