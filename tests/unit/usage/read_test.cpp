#include "loadline/usage/read.hpp"

#include <algorithm>
#include <mutex>
#include <set>

#include "support/catch.hpp"
#include "support/fake_transport.hpp"

namespace loadline {
namespace {

using std::chrono::hours;

const TimeRange kDay{from_unix_ms(1'700'006'400'000), from_unix_ms(1'700'006'400'000) + hours(24)};

/// Gives one memory sample for each selection and keeps what it was asked.
class RecordingSource final : public SeriesSource {
 public:
  Result<ReadStats> read(const Selection& selection, SeriesSink& sink) override {
    const std::scoped_lock lock(mutex_);
    selections_.push_back(selection);
    if (selections_.size() == fail_at_) return fail(ErrorKind::kUnreachable, "gone");
    const std::string& namespaces = selection.matchers.back().value;
    const Sample sample{.t_ms = to_unix_ms(selection.range.start), .value = 5};
    sink.begin_series({{"__name__", std::string(kMemoryMetric)},
                       {"namespace", namespaces},
                       {"pod", "p"},
                       {"container", "c"}});
    sink.on_samples({&sample, 1});
    sink.end_series();
    return ReadStats{.samples = 1, .series = 1, .requests = 1};
  }
  [[nodiscard]] ReadPath path() const override { return ReadPath::kQuery; }

  std::vector<Selection> selections_{};
  std::size_t fail_at_ = 0;

 private:
  std::mutex mutex_{};
};

std::string values(const std::vector<std::string>& names) {
  std::string data;
  for (const std::string& name : names) data += (data.empty() ? "\"" : ",\"") + name + "\"";
  return R"({"status":"success","data":[)" + data + "]}";
}

const Milliseconds kLeadIn = std::chrono::minutes(10);

struct World {
  World(const std::vector<std::string>& namespaces, const std::vector<std::string>& cores) {
    http.on("/api/v1/label/namespace/values", {.body = values(namespaces)});
    http.on("/api/v1/label/cpu/values", {.body = values(cores)});
  }
  Result<ReadStats> read(const ContainerSelection& selection = {}, int concurrency = 1,
                         const OnProgress& on_progress = {}) {
    return read_usage(source, api, selection, kDay, kLeadIn, concurrency, collector, on_progress);
  }

  test::FakeTransport http{};
  QueryApi api{http, {}};
  RecordingSource source{};
  Inventory inventory{};
  UsageState state{};
  UsageCollector collector{state, inventory, {}, kDay};
};

std::vector<std::string> many(std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back("ns-" + std::to_string(i));
  return names;
}

}  // namespace

TEST_CASE("every namespace is read once, whatever the number of threads") {
  const int concurrency = GENERATE(1, 2, 8);
  World world(many(100), {"total"});
  std::size_t last_done = 0;
  const auto stats = world.read({}, concurrency, [&](const ReadProgress& progress) {
    CHECK(progress.groups_done == last_done + 1);
    last_done = progress.groups_done;
    CHECK(progress.groups_total == 25);
  });
  REQUIRE(stats);
  CHECK(stats->samples == 25);
  CHECK(last_done == 25);
  std::multiset<std::string> seen;
  for (const Selection& selection : world.source.selections_) {
    CHECK(selection.range == TimeRange{kDay.start - kLeadIn, kDay.end});
    std::string rest = selection.matchers.back().value + "|";
    for (std::size_t bar = rest.find('|'); bar != std::string::npos; bar = rest.find('|')) {
      seen.insert(rest.substr(0, bar));
      rest.erase(0, bar + 1);
    }
  }
  CHECK(seen.size() == 100);
  CHECK(std::set(seen.begin(), seen.end()).size() == 100);
}

TEST_CASE("a plan puts namespaces with one beginning together and leaves out what is read") {
  const TimePoint end = kDay.end;
  const auto plan = plan_read({{"a", end - hours(2)},
                               {"b", end - hours(1)},
                               {"c", end - hours(2)},
                               {"d", end},
                               {"e", end + hours(1)}},
                              end, 2);
  CHECK(plan == std::vector<ReadGroup>{{{"a", "c"}, {end - hours(2), end}},
                                       {{"b"}, {end - hours(1), end}}});
  CHECK(plan_read({}, end, 8).empty());
}

TEST_CASE("each group tells what it touched, and an error of the listener ends the read") {
  World world({"a", "b", "c"}, {"total"});
  std::vector<std::string> told;
  const auto stats =
      read_groups(world.source,
                  plan_read({{"a", kDay.start}, {"b", kDay.start}, {"c", kDay.start}}, kDay.end, 3),
                  {.concurrency = 1}, world.collector, [&](const GroupRead& read) -> Result<void> {
                    told.push_back(read.group.namespaces.front());
                    CHECK(read.progress.groups_done == told.size());
                    CHECK(read.progress.groups_total == 3);
                    if (told.size() == 2) return fail(ErrorKind::kCancelled, "enough");
                    return {};
                  });
  REQUIRE_FALSE(stats);
  CHECK(stats.error() == Error{ErrorKind::kCancelled, "enough"});
  CHECK(told == std::vector<std::string>{"a", "b"});
}

TEST_CASE("only the chosen namespaces are asked for") {
  World world({"shop", "shop-test", "kube-system", "shop-old"}, {"total"});
  REQUIRE(world.read({.namespaces = {"shop*"}, .exclude_namespaces = {"*-old"}}));
  std::set<std::string> asked;
  for (const Selection& selection : world.source.selections_)
    asked.insert(selection.matchers.back().value);
  CHECK(asked == std::set<std::string>{"shop", "shop-test"});
}

TEST_CASE("a group that fails ends the read with its error") {
  World world(many(100), {"total"});
  world.source.fail_at_ = 3;
  const auto stats = world.read();
  REQUIRE_FALSE(stats);
  CHECK(stats.error() == Error{ErrorKind::kUnreachable, "gone"});
  CHECK(world.source.selections_.size() == 3);
}

TEST_CASE("no namespace at all is an empty read, not an error") {
  World world({}, {});
  const auto stats = world.read();
  REQUIRE(stats);
  CHECK(stats->samples == 0);
  CHECK(world.source.selections_.empty());
}

TEST_CASE("counters that come per core are read in slices that touch and cover the window") {
  World world({"shop"}, {"cpu00", "cpu01"});
  REQUIRE(world.read());
  const auto& asked = world.source.selections_;
  REQUIRE(asked.size() == 5);
  CHECK(asked.front().range.start == kDay.start - kLeadIn);
  CHECK(asked.back().range.end == kDay.end);
  for (std::size_t i = 1; i < asked.size(); ++i)
    CHECK(asked[i].range.start == asked[i - 1].range.end);
}

TEST_CASE("the selection is cAdvisor's two metrics of real containers") {
  CHECK(selector(container_matchers({})) ==
        R"({__name__=~"container_cpu_usage_seconds_total|container_memory_working_set_bytes",)"
        R"(container!="",container!="POD",image!=""})");
  CHECK(container_matchers({.require_image = false}).size() == 3);
}

TEST_CASE("the scrape interval is the median distance, in whole seconds") {
  test::FakeTransport http;
  http.on("/api/v1/label/namespace/values", {.body = values({"shop"})});
  const double start = static_cast<double>(to_unix_ms(kDay.end)) / 1000 - 600;
  std::string samples;
  double at = 0;
  for (const double step : {0.0, 15.004, 14.997, 60.0, 15.0, 15.001}) {
    at += step;
    samples += (samples.empty() ? "[" : ",[") + std::to_string(start + at) + ",\"1\"]";
  }
  http.on("/api/v1/query", {.body = R"({"status":"success","data":{"resultType":"matrix","result":)"
                                    R"([{"metric":{"pod":"p"},"values":[)" +
                                    samples + "]}]}}"});
  QueryApi api(http, {});
  const auto interval = detect_scrape_interval(api, {}, kDay);
  REQUIRE(interval);
  CHECK(*interval == Milliseconds(15'000));
}

TEST_CASE("a thousand namespaces without a sample are asked in groups that grow") {
  test::FakeTransport http;
  std::vector<std::string> names;
  for (int i = 0; i < 1'000; ++i) names.push_back("n" + std::to_string(i));
  http.on("/api/v1/label/namespace/values", {.body = values(names)});
  http.on("/api/v1/query",
          {.body = R"({"status":"success","data":{"resultType":"matrix","result":[]}})"});
  QueryApi api(http, {});
  const auto interval = detect_scrape_interval(api, {}, {kDay.end - hours(1), kDay.end});
  REQUIRE(interval);
  CHECK_FALSE(*interval);
  // The names, four times one of them, then 2, 4, ..., 512.
  REQUIRE(http.requests().size() == 1 + 4 + 9);
  CHECK(http.requests().back().body.find("n999") != std::string::npos);
}

TEST_CASE("without any sample there is no scrape interval, after a bounded number of questions") {
  test::FakeTransport http;
  http.on("/api/v1/label/namespace/values", {.body = values({})});
  QueryApi api(http, {});
  const auto interval = detect_scrape_interval(api, {}, {kDay.start, kDay.start + hours(24 * 15)});
  REQUIRE(interval);
  CHECK_FALSE(*interval);
  CHECK(http.requests().size() <= 12);
}

}  // namespace loadline
