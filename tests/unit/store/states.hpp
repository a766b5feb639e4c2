/// States to store and to compare: made from a seed, with names that no file format likes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "loadline/store/profile_store.hpp"

namespace loadline::test {

inline constexpr std::int32_t kFirstDay = 20'400;

/// What a store is given and gives back, without the things that depend on how it was made.
struct Everything {
  StateHeader header{};
  UsageState usage{};
  Marks marks{};
  KnownWorkloads workloads{};
  ClusterFacts cluster{};

  /// As the service does when the window moves on; the ids of the runs that went.
  std::vector<RunId> drop_before(std::int32_t first_day) {
    const TimePoint begin = start_of_day(first_day);
    std::erase_if(marks, [begin](const auto& mark) { return mark.second < begin; });
    return usage.drop_before(first_day);
  }
};

inline std::vector<const RunEntry*> runs_of(const UsageState& state) {
  std::vector<const RunEntry*> runs;
  for (const RunEntry& run : state.runs) runs.push_back(&run);
  std::ranges::sort(runs, {}, [](const RunEntry* run) { return run->first; });
  return runs;
}

inline std::vector<TouchedDay> days_of(const ContainerEntry& entry) {
  std::vector<TouchedDay> days;
  for (const Resource resource : kResources)
    for (const DayUsage& day : entry.second.resources[resource].days)
      days.push_back({.container = &entry, .day = day.day});
  std::ranges::sort(days, {}, &TouchedDay::day);
  days.erase(std::unique(days.begin(), days.end()), days.end());
  return days;
}

/// A batch that names all there is.
inline StateBatch batch_of(const Everything& all) {
  StateBatch batch{.header = all.header, .marks = all.marks, .cluster = all.cluster};
  for (const ContainerEntry& entry : all.usage.profiles)
    for (const TouchedDay& day : days_of(entry)) batch.touched.days.push_back(day);
  std::ranges::sort(batch.touched.days, [](const TouchedDay& a, const TouchedDay& b) {
    return std::pair(a.day, a.container->second.id) < std::pair(b.day, b.container->second.id);
  });
  batch.touched.runs = runs_of(all.usage);
  for (const auto& workload : all.workloads) batch.workloads.push_back(&workload);
  return batch;
}

/// Containers by key and with their ids, runs by id and the container's key: every value.
inline bool same_usage(const UsageState& a, const UsageState& b) {
  if (a.profiles.size() != b.profiles.size() || a.runs.size() != b.runs.size()) return false;
  for (const auto& [key, profile] : a.profiles) {
    const auto other = b.profiles.find(key);
    if (other == b.profiles.end() || !(other->second == profile) || other->second.id != profile.id)
      return false;
  }
  for (const auto& [id, run] : a.runs) {
    const auto other = b.runs.find(id);
    if (other == b.runs.end() || !(other->second.tracks == run.tracks) ||
        other->second.pod != run.pod || other->second.container->first != run.container->first)
      return false;
  }
  return true;
}

inline bool same(const Everything& a, const StoredState& b) {
  return a.header == b.header && a.marks == b.marks && a.workloads == b.workloads &&
         a.cluster == b.cluster && same_usage(a.usage, b.usage);
}

/// Leaves what containers ask for, as stores of schema version 1 did.
inline void forget_evidence(Everything& all) {
  for (auto& [key, facts] : all.workloads) {
    facts.autoscaler.clear();
    facts.autoscaled = {};
    for (auto& [name, container] : facts.containers) {
      container.restarts = 0;
      container.oom_kills = {};
      container.throttled_ratio.reset();
    }
  }
}

class RandomStates {
 public:
  explicit RandomStates(std::uint64_t seed) : random_(seed) {}

  Everything state(std::size_t containers) {
    Everything all;
    all.header = {.fingerprint = name(),
                  .scrape_interval = Milliseconds(below(60'000)),
                  .first_day = kFirstDay - static_cast<std::int32_t>(below(3)),
                  .complete_up_to = from_unix_ms(time_of(kFirstDay))};
    for (std::size_t i = 0; i < containers; ++i) add_container(all);
    all.cluster = bounds();
    return all;
  }

  void add_container(Everything& all) {
    const WorkloadKey workload{
        .cluster = name(), .namespace_name = name(), .kind = name(), .name = name()};
    ContainerEntry& entry = all.usage.container({.workload = workload, .container = name()});
    entry.second.owner_source =
        below(2) == 0 ? OwnerSource::kPodName : OwnerSource::kKubeStateMetrics;
    fill_days(entry.second);
    for (std::uint64_t runs = 1 + below(3); runs > 0; --runs) add_run(all.usage, entry);
    all.marks[workload.namespace_name] = from_unix_ms(time_of(kFirstDay));
    all.workloads[workload] = facts();
  }

  /// Reads on: new samples in some containers and runs; what has been touched.
  StateBatch read_on(Everything& all) {
    StateBatch batch;
    if (below(3) == 0) add_container(all);
    for (ContainerEntry& entry : all.usage.profiles) {
      if (below(2) == 0) continue;
      auto& days = entry.second.resources[Resource::kCpu].days;
      const std::int32_t today = days.empty() ? kFirstDay : days.back().day + (below(3) == 0);
      if (days.empty() || days.back().day != today) days.push_back(day(today));
      days.back().sketch.add(1.5);
    }
    for (auto& run : all.usage.runs)
      if (below(2) == 0) run.second.tracks[Resource::kMemory] = track();
    for (auto& mark : all.marks) mark.second += Milliseconds(below(100'000));
    return batch_of(all);
  }

  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

  /// Often one that a cluster would have, sometimes empty, NUL, quotes or no UTF-8 at all.
  std::string name() {
    static const std::vector<std::string> kNames{"shop",
                                                 "checkout",
                                                 "Deployment",
                                                 "",
                                                 std::string("a\0b", 3),
                                                 "'; DROP TABLE run; --",
                                                 "\xff\xfe",
                                                 "\"\n\t",
                                                 "\xc3\x28",
                                                 std::string(300, 'x')};
    return kNames[below(kNames.size())] + std::to_string(below(1'000'000));
  }

 private:
  static std::int64_t start_ms(std::int32_t day) { return day * kMillisecondsPerDay; }
  std::int64_t time_of(std::int32_t day) {
    return start_ms(day) + static_cast<std::int64_t>(below(86'400'000));
  }

  DayUsage day(std::int32_t number) {
    DayUsage usage{.day = number,
                   .scrapes_seen = static_cast<std::uint32_t>(random_()),
                   .scrapes_expected = static_cast<std::uint32_t>(below(5'000)),
                   .scrapes_carried = static_cast<std::uint32_t>(below(2'000))};
    usage.first_ms = time_of(number);
    usage.last_ms = time_of(number);
    const double scale = below(2) == 0 ? 0.5 : 3e9;
    for (std::uint64_t n = below(60); n > 0; --n)
      usage.sketch.add(scale * (1 + 1e-3 * static_cast<double>(below(5'000))));
    return usage;
  }

  void fill_days(ContainerProfile& profile) {
    for (const Resource resource : kResources)
      for (std::int32_t n = kFirstDay; n < kFirstDay + 6; ++n)
        if (below(3) != 0) profile.resources[resource].days.push_back(day(n));
  }

  Track track() {
    Track track{.series = random_()};
    if (below(8) == 0) return track;
    track.last_ms = time_of(kFirstDay + 5);
    if (below(4) != 0) track.previous_ms = track.last_ms - 30'000;
    for (std::int64_t n = static_cast<std::int64_t>(below(6)); n > 0; --n)
      track.tail.push_back(
          {.t_ms = track.last_ms - n * 15'000 + 1, .value = static_cast<double>(random_()) * 1e-9});
    return track;
  }

  void add_run(UsageState& state, ContainerEntry& entry) {
    RunId id;
    for (auto& byte : id.bytes) byte = static_cast<std::uint8_t>(random_());
    Run run{.container = &entry, .pod = random_()};
    for (const Resource resource : kResources) run.tracks[resource] = track();
    state.runs.emplace(id, std::move(run));
  }

  std::optional<double> value() {
    return below(2) == 0 ? std::nullopt : std::optional(static_cast<double>(below(1'000'000)));
  }

  ClusterFacts bounds() {
    ClusterFacts facts;
    for (std::uint64_t n = below(4); n > 0; --n) {
      NamespaceFacts& space = facts.namespaces[{.cluster = name(), .namespace_name = name()}];
      for (const Resource resource : kResources) {
        space.bounds[resource] = {.least = value(), .most = value(), .most_ratio = value()};
        space.quota_left[resource] = {.request = value(), .limit = value()};
      }
    }
    for (std::uint64_t n = below(3); n > 0; --n) facts.largest_nodes[name()] = {{value(), value()}};
    return facts;
  }

  void add_evidence(ContainerFacts& container) {
    if (below(2) == 0) return;
    container.restarts = static_cast<std::uint32_t>(below(3) * random_());
    if (below(2) == 0)
      container.oom_kills = {.count = static_cast<std::uint32_t>(below(200)),
                             .last_ms = time_of(kFirstDay),
                             .limit_bytes = value()};
    container.throttled_ratio = value();
  }

  WorkloadFacts facts() {
    WorkloadFacts facts{.live_pods = static_cast<std::uint32_t>(below(100))};
    for (std::uint64_t n = below(4); n > 0; --n) {
      ContainerFacts container{.type = static_cast<ContainerType>(below(3)),
                               .current_known = below(2) == 0};
      for (const Resource resource : kResources)
        container.current[resource] = {.request = value(), .limit = value()};
      add_evidence(container);
      facts.containers[name()] = container;
    }
    if (below(2) == 0) facts.autoscaler = name();
    for (bool& scales : facts.autoscaled.values) scales = below(3) == 0;
    return facts;
  }

  std::mt19937_64 random_;
};

}  // namespace loadline::test
