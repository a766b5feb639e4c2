#include "service/cycle_plan.hpp"

#include "support/catch.hpp"
#include "support/matchers.hpp"

namespace loadline::service {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const TimePoint kNoon = from_unix_ms(1'700'000'000'000);

}  // namespace

TEST_CASE("samples may be two scrapes late, or as late as is configured") {
  CHECK(settle_of({}, seconds(30), seconds(0)) == seconds(60));
  CHECK(settle_of({}, seconds(30), seconds(30)) == seconds(60));
  CHECK(settle_of({.settle = seconds(5)}, seconds(30), minutes(4)) == seconds(5));
  CHECK(settle_of({.settle = seconds(0)}, seconds(30), minutes(4)) == seconds(0));
}

TEST_CASE("owners are waited for where kube-state-metrics is scraped less often") {
  CHECK(settle_of({}, seconds(15), seconds(60)) == seconds(75));
  CHECK(settle_of({}, seconds(30), minutes(4)) == seconds(270));
}

TEST_CASE("a result is stale after three of the longest intervals and the settle delay") {
  CHECK(max_age_of({.interval = minutes(5), .jitter = 0.1}, seconds(60)) ==
        3 * seconds(330) + seconds(60));
  CHECK(max_age_of({.max_age = hours(2)}, seconds(60)) == hours(2));
}

TEST_CASE("the wait is the interval with its jitter, and short after failures") {
  const ServeConfig serve{.interval = minutes(5), .jitter = 0.1};
  struct Row {
    std::uint64_t failures;
    double random;
    Milliseconds delay;
  };
  for (const Row& row : {Row{0, 0.5, minutes(5)}, Row{0, 0, seconds(270)}, Row{1, 0.9, seconds(10)},
                         Row{2, 0.1, seconds(20)}, Row{5, 0.1, seconds(160)},
                         Row{6, 0.1, minutes(5)}, Row{1'000'000, 0.1, minutes(5)}}) {
    INFO(row.failures);
    CHECK(delay_after(serve, row.failures, row.random) == row.delay);
  }
  CHECK(delay_after({.interval = seconds(2)}, 1, 0.5) == seconds(2));
}

TEST_CASE("namespaces are read from their marks, new ones and old ones from the earliest") {
  const Marks marks{{"old", kNoon - hours(100)}, {"shop", kNoon}, {"gone", kNoon}};
  const auto begins = begins_of({"new", "old", "shop"}, marks, kNoon - hours(10));
  CHECK(begins == std::map<std::string, TimePoint, std::less<>>{
                      {"new", kNoon - hours(10)}, {"old", kNoon - hours(10)}, {"shop", kNoon}});
}

TEST_CASE("the fingerprint names what decides the profiles and nothing else") {
  const Config config;
  const std::string base = fingerprint_of(config);
  const auto changed = [&](auto change) {
    Config other = config;
    change(other);
    return fingerprint_of(other) != base;
  };
  CHECK(changed([](Config& c) { c.prometheus.url = "http://other:9090"; }));
  CHECK(changed([](Config& c) { c.matchers = {{"cluster", MatchOp::kEqual, "eu"}}; }));
  CHECK(changed([](Config& c) { c.usage.cluster_label = "cluster"; }));
  CHECK(changed([](Config& c) { c.usage.require_image = false; }));
  CHECK(changed([](Config& c) { c.usage.cpu_window = seconds(90); }));
  CHECK(changed([](Config& c) { c.serve.total_shards = 3; }));
  CHECK_FALSE(changed([](Config& c) { c.usage.namespaces = {"shop"}; }));
  CHECK_FALSE(changed([](Config& c) { c.policy.min_change = 0.5; }));
  CHECK_FALSE(changed([](Config& c) { c.serve.interval = seconds(1); }));
}

TEST_CASE("the shard is what is configured or the number at the end of the pod's name") {
  CHECK(shard_index_of({}, "loadline-x7f9c") == 0);
  CHECK(shard_index_of({.total_shards = 3, .shard = 2}, "") == 2);
  CHECK(shard_index_of({.total_shards = 30}, "loadline-12") == 12);
  for (const char* name :
       {"", "loadline", "loadline-", "loadline-a1", "loadline-1a", "loadline--"}) {
    const Result<int> index = shard_index_of({.total_shards = 3}, name);
    INFO(name);
    REQUIRE_FALSE(index);
    CHECK(index.error().kind == ErrorKind::kInvalidInput);
    CHECK_THAT(index.error().message, Catch::Contains("--shard"));
  }
  CHECK_FALSE(shard_index_of({.total_shards = 3}, "loadline-3"));
  CHECK_FALSE(shard_index_of({.total_shards = 1, .shard = 1}, ""));
}

}  // namespace loadline::service
