// Reading on from a state that earlier reads left behind.
#include "loadline/usage/state.hpp"

#include <algorithm>
#include <random>

#include "loadline/usage/collector.hpp"
#include "support/catch.hpp"

namespace loadline {
namespace {

using std::chrono::days;
using std::chrono::hours;

const TimePoint kStart = from_unix_ms(19'700 * kMillisecondsPerDay);
const std::int64_t kStartMs = to_unix_ms(kStart);
constexpr std::int64_t kStep = 30'000;

struct Series {
  Labels labels{};
  std::vector<Sample> samples{};
};

Labels labels_of(std::string_view metric, std::string_view ns, std::string_view pod,
                 std::string_view core = "total") {
  Labels labels{{"container", "app"}, {"image", "x"}, {"id", "/a"}};
  labels.set("__name__", metric);
  labels.set("namespace", ns);
  labels.set("pod", pod);
  labels.set("cpu", core);
  return labels;
}

std::vector<Sample> steady(std::int64_t from_ms, std::int64_t to_ms, double per_step) {
  std::vector<Sample> samples;
  for (std::int64_t t_ms = from_ms; t_ms < to_ms; t_ms += kStep)
    samples.push_back({t_ms, per_step * static_cast<double>(samples.size() + 1)});
  return samples;
}

/// What lies in the range, as a source would send it.
void feed(UsageSink& sink, const Series& series, TimeRange range) {
  std::vector<Sample> inside;
  std::ranges::copy_if(series.samples, std::back_inserter(inside), [&](const Sample& sample) {
    return sample.t_ms >= to_unix_ms(range.start) && sample.t_ms < to_unix_ms(range.end);
  });
  if (inside.empty()) return;
  sink.begin_series(series.labels);
  sink.on_samples(inside);
  sink.end_series();
}

/// One read of [begin, window.end), of series in this order.
Touched read(UsageState& state, const std::vector<Series>& all, TimeRange window, TimePoint begin,
             const Inventory& inventory = {}, const UsageOptions& options = {}) {
  UsageCollector collector(state, inventory, options, window);
  {
    const auto sink = collector.make_sink();
    for (const Series& series : all) feed(*sink, series, {begin, window.end});
    sink->end_selection();
  }
  collector.finish();
  return collector.take_touched();
}

Touched read_all(UsageState& state, const std::vector<Series>& all, TimeRange window) {
  return read(state, all, window, window.start - UsageOptions{}.lead_in());
}

/// Jittered scrapes, gaps, resets, restarts.
std::vector<Series> messy_cluster(std::mt19937_64& random, TimeRange range) {
  std::vector<Series> all;
  for (const auto* ns : {"shop", "web", "db"}) {
    for (const auto* pod : {"a", "b"}) {
      for (const auto metric : {kCpuMetric, kMemoryMetric}) {
        Series series{labels_of(metric, ns, pod), {}};
        double value = 1;
        for (std::int64_t t_ms =
                 to_unix_ms(range.start) + static_cast<std::int64_t>(random() % 9000);
             t_ms < to_unix_ms(range.end);) {
          series.samples.push_back({t_ms, value});
          t_ms += kStep + static_cast<std::int64_t>(random() % 7) - 3;
          if (random() % 400 == 0) t_ms += static_cast<std::int64_t>(random() % 40) * 3'600'000;
          value = random() % 700 == 0 ? 0.5 : value + static_cast<double>(random() % 1000) / 33;
        }
        all.push_back(std::move(series));
      }
    }
  }
  return all;
}

}  // namespace

TEST_CASE("any split into cycles, in any order of series, is bit for bit one read of everything") {
  std::mt19937_64 random(11);
  const TimeRange range{kStart, kStart + days(3)};
  std::vector<Series> all = messy_cluster(random, range);
  UsageState whole;
  read_all(whole, all, range);
  for (int round = 0; round < 10; ++round) {
    UsageState cycles;
    TimePoint mark = range.start - UsageOptions{}.lead_in();
    while (mark < range.end) {
      const TimePoint end = std::min(
          range.end, std::max(mark, range.start) +
                         Milliseconds(1 + static_cast<std::int64_t>(random() % 40'000'000)));
      std::ranges::shuffle(all, random);
      read(cycles, all, {range.start, end}, mark);
      mark = end;
    }
    REQUIRE(cycles.profiles == whole.profiles);
  }
}

TEST_CASE("a window that moves on day by day holds what a read of that window alone holds") {
  std::mt19937_64 random(12);
  const std::vector<Series> all = messy_cluster(random, {kStart, kStart + days(6)});
  UsageState moving;
  TimePoint mark = kStart;
  for (TimePoint end = kStart + hours(5); end < kStart + days(6); end += hours(5)) {
    const TimeRange window = profiling_window(end, days(2));
    moving.drop_before(utc_day(window.start));
    read(moving, all, window, mark);
    mark = end;
    UsageState fresh;
    read_all(fresh, all, window);
    REQUIRE(moving.profiles.size() == fresh.profiles.size());
    for (const auto& [key, profile] : fresh.profiles) {
      const ContainerProfile& other = moving.profiles.at(key);
      CHECK(coverage_of(profile) == coverage_of(other));
      for (const Resource resource : kResources) {
        const auto& days_of = profile.resources[resource].days;
        const auto& others = other.resources[resource].days;
        REQUIRE(days_of.size() == others.size());
        for (std::size_t i = 0; i < days_of.size(); ++i) {
          CHECK(days_of[i].sketch == others[i].sketch);
          CHECK(days_of[i].scrapes_seen == others[i].scrapes_seen);
        }
      }
    }
  }
}

TEST_CASE("the lead-in gives the window's first scrapes their CPU values and is no usage itself") {
  const TimeRange window{kStart, kStart + hours(1)};
  const Series series{labels_of(kCpuMetric, "shop", "a"),
                      steady(kStartMs - 600'000, kStartMs + 3'600'000, 15)};
  UsageState with;
  read_all(with, {series}, window);
  const DayUsage& day = with.profiles.begin()->second.resources[Resource::kCpu].days.front();
  CHECK(with.profiles.begin()->second.resources[Resource::kCpu].days.size() == 1);
  CHECK(day.sketch.count() == 120);
  CHECK(day.scrapes_seen == 120);
  CHECK(day.scrapes_expected == 120);
  CHECK(day.first_ms == kStartMs);
}

TEST_CASE("a gap over midnight counts, but not in the coverage of a profile's first day") {
  Series series{labels_of(kMemoryMetric, "shop", "a"), steady(kStartMs, kStartMs + 3'600'000, 1e6)};
  const std::int64_t later_ms = kStartMs + kMillisecondsPerDay + 3'600'000;
  for (const Sample& sample : steady(later_ms, later_ms + 3'600'000, 1e6))
    series.samples.push_back(sample);
  UsageState state;
  read_all(state, {series}, {kStart, kStart + days(2)});
  const ContainerProfile& profile = state.profiles.begin()->second;
  // 23 h and 30 s at 30 s between the last scrape of the first day and the first of the second,
  // and another hour of that second day.
  CHECK(profile.resources[Resource::kMemory].days[1].scrapes_expected == 120 + 24 * 120);
  CHECK(profile.resources[Resource::kMemory].days[1].scrapes_carried == 24 * 120);
  CHECK(*coverage_of(profile).ratio == Approx(240.0 / (26 * 120)));
  state.drop_before(19'701);
  CHECK(coverage_of(state.profiles.begin()->second).ratio == 1.0);
}

TEST_CASE("what leaves the window goes: days, runs, and containers that have neither") {
  const Series gone{labels_of(kMemoryMetric, "shop", "old"),
                    steady(kStartMs, kStartMs + 90'000, 1)};
  const Series stays{labels_of(kMemoryMetric, "web", "new"),
                     steady(kStartMs, kStartMs + 2 * kMillisecondsPerDay, 1)};
  UsageState state;
  read_all(state, {gone, stays}, {kStart, kStart + days(2)});
  CHECK(state.drop_before(19'700).empty());
  CHECK(state.drop_before(19'701).size() == 1);
  REQUIRE(state.profiles.size() == 1);
  CHECK(state.profiles.begin()->first.workload.namespace_name == "web");
  CHECK(state.profiles.begin()->second.resources[Resource::kMemory].days.size() == 1);
  CHECK(state.runs.size() == 1);
}

TEST_CASE("what a read touches is told once, in order") {
  const Series cpu{labels_of(kCpuMetric, "shop", "a"), steady(kStartMs, kStartMs + 90'000'000, 3)};
  const Series memory{labels_of(kMemoryMetric, "shop", "a"), cpu.samples};
  UsageState state;
  const Touched touched = read_all(state, {cpu, memory}, {kStart, kStart + days(2)});
  REQUIRE(touched.runs.size() == 1);
  REQUIRE(touched.days.size() == 2);
  CHECK(touched.days[0].day == 19'700);
  CHECK(touched.days[1].day == 19'701);
  CHECK(touched.days[0].container->second.id == 1);
  CHECK(read_all(state, {cpu, memory}, {kStart, kStart + days(2)}).empty());
}

TEST_CASE("each workload is in exactly one shard, and the shards together are everything") {
  std::mt19937_64 random(13);
  const TimeRange range{kStart, kStart + hours(2)};
  std::vector<Series> all;
  for (int i = 0; i < 60; ++i)
    all.push_back({labels_of(kMemoryMetric, "shop", "p" + std::to_string(i) + "x"),
                   steady(kStartMs, kStartMs + 7'200'000, 1e6 + i)});
  UsageState whole;
  read_all(whole, all, range);
  ProfileSet together;
  for (int index = 0; index < 3; ++index) {
    UsageState part;
    read(part, all, range, range.start, {}, {.shard = {.index = index, .total = 3}});
    CHECK(part.profiles.size() > 8);
    for (const auto& [key, profile] : part.profiles) CHECK(together.emplace(key, profile).second);
  }
  CHECK(together == whole.profiles);
}

TEST_CASE("samples go to the told owner from the moment that one is told") {
  const Series series{labels_of(kMemoryMetric, "shop", "worker-7bk2x"),
                      steady(kStartMs, kStartMs + 7'200'000, 1e6)};
  UsageState state;
  read(state, {series}, {kStart, kStart + hours(1)}, kStart);
  CHECK(state.profiles.begin()->second.owner_source == OwnerSource::kPodName);
  Inventory told;
  told.owners_[{"", "shop", "worker-7bk2x"}] = {"", "shop", "CronJob", "worker"};
  read(state, {series}, {kStart, kStart + hours(2)}, kStart + hours(1), told);
  const ContainerKey key{{"", "shop", "CronJob", "worker"}, "app"};
  REQUIRE(state.profiles.contains(key));
  CHECK(state.profiles.at(key).resources[Resource::kMemory].days.front().scrapes_seen == 120);
  CHECK(state.runs.size() == 1);
}

TEST_CASE("per-core counters of a read that broke are read again whole") {
  const TimeRange range{kStart, kStart + hours(1)};
  const std::vector<Series> cores{
      {labels_of(kCpuMetric, "shop", "a", "cpu00"), steady(kStartMs, kStartMs + 3'600'000, 3)},
      {labels_of(kCpuMetric, "shop", "a", "cpu01"), steady(kStartMs, kStartMs + 3'600'000, 6)}};
  UsageState whole;
  read_all(whole, cores, range);
  CHECK(*whole.profiles.begin()->second.resources[Resource::kCpu].merged().max() == Approx(0.3));
  UsageState broken;
  {
    const Inventory nobody;  // outlives the collector
    UsageCollector collector(broken, nobody, {}, range);
    const auto sink = collector.make_sink();
    feed(*sink, cores[0], range);
  }
  read_all(broken, cores, range);
  CHECK(broken.profiles == whole.profiles);
}

TEST_CASE("the id of a run depends on every part and on where parts end") {
  UsageState state;
  std::vector<Series> all;
  for (const auto& [ns, pod] : {std::pair{"ab", "c"}, std::pair{"a", "bc"}, std::pair{"a", "c"}})
    all.push_back({labels_of(kMemoryMetric, ns, pod), steady(kStartMs, kStartMs + 60'000, 1)});
  read_all(state, all, {kStart, kStart + hours(1)});
  CHECK(state.runs.size() == 3);
}

}  // namespace loadline
