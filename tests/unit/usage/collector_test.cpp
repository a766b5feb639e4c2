#include "loadline/usage/collector.hpp"

#include <cmath>
#include <limits>
#include <random>

#include "support/catch.hpp"

namespace loadline {
namespace {

using std::chrono::days;
using std::chrono::hours;

// Midnight UTC.
const TimePoint kStart = from_unix_ms(19'700 * kMillisecondsPerDay);
const std::int64_t kStartMs = to_unix_ms(kStart);
const TimeRange kTwoWeeks{kStart, kStart + days(14)};
constexpr std::int64_t kStep = 30'000;

Labels series_of(std::string_view metric, std::string_view pod, std::string_view id = "/a") {
  Labels labels{{"namespace", "shop"}, {"container", "app"}, {"image", "x"}, {"cpu", "total"}};
  labels.set("__name__", metric);
  labels.set("pod", pod);
  labels.set("id", id);
  return labels;
}
Labels cpu(std::string_view pod, std::string_view id = "/a") {
  return series_of(kCpuMetric, pod, id);
}
Labels memory(std::string_view pod, std::string_view id = "/a") {
  return series_of(kMemoryMetric, pod, id);
}

/// A read of some series; `profile` is that of the one container.
struct World {
  explicit World(TimeRange window = kTwoWeeks, UsageOptions options = {})
      : collector(state, inventory, options, window) {}

  void read(const Labels& labels, const std::vector<Sample>& samples) {
    const auto sink = collector.make_sink();
    sink->begin_series(labels);
    sink->on_samples(samples);
    sink->end_series();
    sink->end_selection();
  }
  [[nodiscard]] const ResourceProfile& profile(Resource resource) const {
    REQUIRE(state.profiles.size() == 1);
    return state.profiles.begin()->second.resources[resource];
  }
  [[nodiscard]] UsageSketch sketch(Resource resource) const { return profile(resource).merged(); }

  Inventory inventory{};
  UsageState state{};
  UsageCollector collector;
};

std::vector<Sample> counter(std::size_t count, double per_step, std::int64_t from_ms = kStartMs) {
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < count; ++i)
    samples.push_back({.t_ms = from_ms + static_cast<std::int64_t>(i) * kStep,
                       .value = per_step * static_cast<double>(i)});
  return samples;
}

}  // namespace

TEST_CASE(
    "CPU usage is the increase over at least a minute and two scrapes, by the time that passed") {
  World world;
  world.read(cpu("web-1"), counter(10, 15));
  CHECK(world.sketch(Resource::kCpu).count() == 8);
  CHECK(world.sketch(Resource::kCpu).min() == 0.5);
  CHECK(world.sketch(Resource::kCpu).max() == 0.5);
}

TEST_CASE("a counter that cAdvisor refreshes at every second scrape still reads evenly") {
  World world;
  std::vector<Sample> samples = counter(100, 6);
  for (std::size_t i = 1; i < samples.size(); i += 2) samples[i].value = samples[i - 1].value;
  world.read(cpu("web-1"), samples);
  CHECK(*world.sketch(Resource::kCpu).quantile(0.95) == Approx(0.2));
}

TEST_CASE(
    "a scrape interval above the window needs two scrapes, one below it as many as fill a minute") {
  World slow(kTwoWeeks, {.scrape_interval = Milliseconds(120'000)});
  slow.read(cpu("a"), {{kStartMs, 0}, {kStartMs + 120'000, 12}, {kStartMs + 240'000, 60}});
  CHECK(slow.sketch(Resource::kCpu).count() == 1);
  CHECK(slow.sketch(Resource::kCpu).max() == 60.0 / 240);
  World quick(kTwoWeeks, {.scrape_interval = Milliseconds(10'000)});
  std::vector<Sample> samples;
  for (int i = 0; i < 8; ++i) samples.push_back({kStartMs + i * 10'000, i * i * 1.0});
  quick.read(cpu("a"), samples);
  CHECK(quick.sketch(Resource::kCpu).count() == 2);
  CHECK(quick.sketch(Resource::kCpu).min() == 36.0 / 60);
  CHECK(quick.sketch(Resource::kCpu).max() == (49.0 - 1) / 60);
}

TEST_CASE("a counter reset counts from zero") {
  World world;
  world.read(cpu("a"), {{kStartMs, 100}, {kStartMs + kStep, 103}, {kStartMs + 2 * kStep, 3}});
  CHECK(world.sketch(Resource::kCpu).max() == 6.0 / 60);
  CHECK(world.collector.stats().counter_resets == 1);
}

TEST_CASE("no value spans a gap of over five minutes") {
  World world;
  auto samples = counter(4, 3);
  for (const Sample& later : counter(4, 3, kStartMs + 3'600'000))
    samples.push_back({later.t_ms, later.value + 1000});
  world.read(cpu("a"), samples);
  CHECK(world.sketch(Resource::kCpu).count() == 4);
  CHECK(world.sketch(Resource::kCpu).max() == 0.1);
  CHECK(world.collector.stats().gaps == 1);
}

TEST_CASE("a gap of exactly five minutes is spanned") {
  World world;
  world.read(cpu("a"), {{kStartMs, 0}, {kStartMs + 300'000, 30}, {kStartMs + 330'000, 33}});
  CHECK(world.sketch(Resource::kCpu).count() == 1);
  CHECK(world.sketch(Resource::kCpu).max() == 33.0 / 330);
}

TEST_CASE("rates never cross from one run of a container to the next") {
  World world;
  world.read(cpu("a", "/old"), counter(4, 30));
  world.read(cpu("a", "/new"), counter(4, 3, kStartMs + 4 * kStep));
  CHECK(world.sketch(Resource::kCpu).count() == 4);
  CHECK(world.sketch(Resource::kCpu).min() == 0.1);
  CHECK(world.sketch(Resource::kCpu).max() == 1.0);
}

TEST_CASE("any cut of the time axis gives bit for bit the same profiles") {
  std::mt19937_64 random(3);
  std::vector<Sample> samples;
  double value = 0;
  std::int64_t t_ms = kStartMs;
  for (int i = 0; i < 9000; ++i) {
    t_ms +=
        kStep + static_cast<std::int64_t>(random() % 7) - 3 + (random() % 500 == 0 ? 900'000 : 0);
    value = random() % 700 == 0 ? 0 : value + static_cast<double>(random() % 1000) / 33;
    samples.push_back({t_ms, value});
  }
  World whole;
  whole.read(cpu("a"), samples);
  whole.read(memory("a"), samples);
  whole.read(cpu("b"), samples);
  for (int round = 0; round < 20; ++round) {
    World cut;
    for (std::size_t from = 0; from < samples.size();) {
      const std::size_t size = std::min<std::size_t>(1 + random() % 997, samples.size() - from);
      const std::vector piece(samples.begin() + static_cast<std::ptrdiff_t>(from),
                              samples.begin() + static_cast<std::ptrdiff_t>(from + size));
      cut.read(cpu("b"), piece);
      cut.read(cpu("a"), piece);
      cut.read(memory("a"), piece);
      from += size;
    }
    REQUIRE(cut.state.profiles == whole.state.profiles);
  }
}

TEST_CASE("a transfer that is repeated adds nothing") {
  World once;
  once.read(cpu("a"), counter(500, 3));
  World twice;
  twice.read(cpu("a"), counter(200, 3));
  twice.read(cpu("a"), counter(500, 3));
  CHECK(twice.state.profiles == once.state.profiles);
  CHECK(twice.collector.stats().duplicate_samples == 200);
}

TEST_CASE("of a high-availability pair one series counts, and the other takes over after a gap") {
  Labels replica = memory("a");
  replica.set("prometheus_replica", "b");
  World world;
  world.read(memory("a"), counter(100, 1e6));
  world.read(replica, counter(50, 1e6, kStartMs + 7'000));
  CHECK(world.sketch(Resource::kMemory).count() == 99);
  world.read(replica, counter(5, 1e6, kStartMs + 100 * kStep + 300'000));
  CHECK(world.sketch(Resource::kMemory).count() == 99 + 4);
}

TEST_CASE("zeros that finished containers leave are no memory, zero CPU is usage") {
  World world;
  world.read(memory("a"), {{kStartMs, 5e6}, {kStartMs + kStep, 0}, {kStartMs + 2 * kStep, 0}});
  world.read(cpu("a"), counter(5, 0));
  CHECK(world.sketch(Resource::kMemory).count() == 1);
  CHECK(world.collector.stats().zero_memory_samples == 2);
  CHECK(world.sketch(Resource::kCpu).max() == 0.0);
}

TEST_CASE("NaN, infinite, negative and absurd values are counted and left out") {
  World world;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double inf = std::numeric_limits<double>::infinity();
  world.read(memory("a"), {{kStartMs, nan},
                           {kStartMs + 1, inf},
                           {kStartMs + 2, -inf},
                           {kStartMs + 3, -1},
                           {kStartMs + 4, 1e18},
                           {kStartMs + 5, 7}});
  CHECK(world.sketch(Resource::kMemory).count() == 1);
  CHECK(world.collector.stats().invalid_samples == 5);
}

TEST_CASE("samples outside the half-open window are dropped") {
  World world({kStart, kStart + Milliseconds(10)});
  world.read(memory("a"),
             {{kStartMs - 86'400'000, 1}, {kStartMs, 2}, {kStartMs + 9, 3}, {kStartMs + 10, 4}});
  CHECK(world.sketch(Resource::kMemory).min() == 2.0);
  CHECK(world.sketch(Resource::kMemory).max() == 3.0);
  CHECK(world.collector.stats().outside_samples == 2);
}

TEST_CASE("counters that come per core are summed scrape by scrape before the rate") {
  Labels first = cpu("a");
  first.set("cpu", "cpu00");
  Labels second = cpu("a");
  second.set("cpu", "cpu01");
  World world;
  const auto sink = world.collector.make_sink();
  auto holed = counter(10, 6);
  holed.erase(holed.begin() + 5);
  for (const auto& [labels, samples] :
       {std::pair{first, counter(10, 3)}, std::pair{second, holed}}) {
    sink->begin_series(labels);
    sink->on_samples(samples);
    sink->end_series();
  }
  sink->end_selection();
  const UsageSketch sketch = world.sketch(Resource::kCpu);
  CHECK(sketch.count() == 7);
  CHECK(*sketch.min() == Approx(0.3));
  CHECK(*sketch.max() == Approx(0.3));
}

TEST_CASE("what is no container's usage is ignored and counted") {
  World world;
  Labels pause = cpu("a");
  pause.set("container", "POD");
  Labels cgroup = cpu("a");
  cgroup.set("container", "");
  world.read(pause, counter(10, 1));
  world.read(cgroup, counter(10, 1));
  world.read(series_of("container_fs_usage_bytes", "a"), counter(10, 1));
  CHECK(world.state.profiles.empty());
  CHECK(world.collector.stats().ignored_series == 3);
}

TEST_CASE("labels that were exported are the exporter's own") {
  Labels labels = memory("cadvisor-x");
  labels.set("exported_pod", "web-0");
  labels.set("exported_namespace", "inner");
  World world;
  world.read(labels, {{kStartMs, 1}});
  CHECK(world.state.profiles.begin()->first.workload.namespace_name == "inner");
}

TEST_CASE("each UTC day has its own sketch and scrape counts") {
  World world;
  world.read(memory("a"), counter(2880 * 2 + 1, 1, kStartMs));
  const auto& recorded = world.profile(Resource::kMemory).days;
  REQUIRE(recorded.size() == 3);
  CHECK(recorded[0].day == 19'700);
  CHECK(recorded[1].scrapes_seen == 2880);
  CHECK(recorded[1].sketch.max() == 2880.0 * 2 - 1);
  CHECK(recorded[1].first_ms == kStartMs + kMillisecondsPerDay);
  CHECK(recorded[2].sketch.count() == 1);
}

TEST_CASE("coverage is scrapes seen by scrapes due, history the shorter of span and days") {
  World world;
  auto samples = counter(1000, 1e6);
  samples.erase(samples.begin() + 100, samples.begin() + 350);
  world.read(memory("a"), samples);
  const Coverage coverage = coverage_of(world.state.profiles.begin()->second);
  CHECK(*coverage.ratio == Approx(749.0 / 999));
  CHECK(coverage.history == Milliseconds(998 * kStep));
}

TEST_CASE("two short runs ten days apart are two days of history, not ten") {
  World world;
  world.read(memory("a", "/1"), counter(50, 1e6));
  world.read(memory("a", "/2"), counter(50, 1e6, kStartMs + 10 * kMillisecondsPerDay));
  const Coverage coverage = coverage_of(world.state.profiles.begin()->second);
  CHECK(coverage.history == days(2));
  CHECK(coverage.ratio == 1.0);
}

TEST_CASE("pods alive at the end of the window are counted once, whatever they were restarted") {
  World world({kStart, kStart + hours(1)});
  const auto late = counter(10, 1e6, kStartMs + 3'600'000 - 10 * kStep);
  world.read(memory("web-a-1", "/1"), late);
  world.read(memory("web-a-1", "/2"), late);
  world.read(cpu("web-a-1", "/1"), late);
  world.read(memory("web-a-2"), counter(10, 1e6));
  world.collector.finish();
  std::uint32_t live = 0;
  for (const auto& [key, profile] : world.state.profiles) live += profile.live_pods;
  CHECK(live == 1);
}

}  // namespace loadline
