#include "recommend/replicas.hpp"

#include "loadline/recommend/explain.hpp"
#include "loadline/recommend/recommend.hpp"
#include "profiles.hpp"
#include "support/catch.hpp"

namespace loadline {
namespace {

using test::kMi;
using test::profile_of;
using test::steady;

Policy hottest() {
  Policy policy = default_policy();
  policy.aggregation = Aggregation::kHottest;
  return policy;
}

/// Four pods of one workload: three at 100m, one at `hot_cores`.
ProfileSet fleet(double hot_cores) {
  ProfileSet profiles;
  for (const char* pod : {"web-1", "web-2", "web-3"}) {
    ContainerKey key = test::web_key();
    key.pod = pod;
    profiles[key] = profile_of(steady(0.1, 0.1), steady(100 * kMi, 100 * kMi));
  }
  ContainerKey hot = test::web_key();
  hot.pod = "web-0";
  profiles[hot] = profile_of(steady(hot_cores, hot_cores), steady(100 * kMi, 100 * kMi));
  return profiles;
}

Recommendation advised(const ProfileSet& profiles, const Policy& policy) {
  const auto rows = recommend_all(profiles, {}, policy);
  REQUIRE(rows.size() == 1);
  return rows.front();
}

bool is_told_hot(const Recommendation& row) {
  return std::ranges::any_of(row.reasons, [](const Reason& reason) {
    return reason.code == ReasonCode::kHotReplica && reason.resource == Resource::kCpu;
  });
}

TEST_CASE("pods kept apart are one row, of all their samples") {
  const Recommendation row = advised(fleet(0.1), default_policy());
  CHECK(row.key == test::web_key());
  CHECK(row.replicas == 8);
  CHECK(row.resources[Resource::kCpu].samples == 4 * 14 * 100);
  CHECK(*row.resources[Resource::kCpu].recommended.request == Approx(0.1));
  CHECK_FALSE(is_told_hot(row));
}

TEST_CASE("hottest takes the target from the replica whose own is the highest") {
  // One of four replicas holds 25 % of the samples: the pooled p95 is the hot one's level, too.
  // One of forty would not show: its samples lie above the p95.
  ProfileSet profiles = fleet(0.8);
  for (int i = 0; i < 36; ++i) {
    ContainerKey key = test::web_key();
    key.pod = "more-" + std::to_string(i);
    profiles[key] = profile_of(steady(0.1, 0.1), steady(100 * kMi, 100 * kMi));
  }
  const Recommendation pooled = advised(profiles, default_policy());
  CHECK(*pooled.resources[Resource::kCpu].target == Approx(0.1).epsilon(0.01));
  const Recommendation hot = advised(profiles, hottest());
  CHECK(*hot.resources[Resource::kCpu].target == Approx(0.8).epsilon(0.01));
  CHECK(*hot.resources[Resource::kCpu].p95 == *pooled.resources[Resource::kCpu].p95);
  CHECK(*hot.resources[Resource::kCpu].until_yesterday.request ==
        *hot.resources[Resource::kCpu].recommended.request);
  const ReplicaSpread& spread = pooled.resources[Resource::kCpu].replicas;
  CHECK(spread.pods == 40);
  CHECK(spread.above_request == 1);
  CHECK(*spread.hottest == Approx(0.8).epsilon(0.01));
  CHECK(hot.resources[Resource::kCpu].replicas.above_request == 0);
  CHECK(is_told_hot(pooled));
  CHECK_FALSE(is_told_hot(hot));
}

TEST_CASE("a pod of a few minutes does not stand for the fleet") {
  ProfileSet profiles = fleet(0.1);
  ContainerKey young = test::web_key();
  young.pod = "young";
  ContainerProfile start = profile_of(steady(3, 3, 1), steady(100 * kMi, 100 * kMi, 1));
  for (ResourceProfile& resource : start.resources.values) {
    resource.days.front().last_ms = resource.days.front().first_ms + 600'000;
  }
  profiles[young] = start;
  CHECK(*advised(profiles, hottest()).resources[Resource::kCpu].target ==
        Approx(0.1).epsilon(0.01));
  // Where all are young there is nothing better.
  CHECK(*advised({{young, start}}, hottest()).resources[Resource::kCpu].target ==
        Approx(3).epsilon(0.01));
}

TEST_CASE("hindsight of hottest judges by the hottest replica of the days before") {
  const Recommendation hot = advised(fleet(0.8), hottest());
  CHECK(hot.hindsight.days == 11);
  CHECK(*above_request_ratio(hot.hindsight, Resource::kCpu) == 0);
}

TEST_CASE("explain tells the pods, the hottest first") {
  const auto stories = explain_all(fleet(0.8), {}, default_policy(), INT32_MAX);
  REQUIRE(stories.size() == 1);
  const auto& pods = stories[0].resources[Resource::kCpu].pods;
  REQUIRE(pods.size() == 4);
  CHECK(pods[0].pod == "web-0");
  CHECK(pods[0].target == Approx(0.8).epsilon(0.01));
  CHECK(pods[0].max == 0.8);
  CHECK(stories[0].row == advised(fleet(0.8), default_policy()));
}

TEST_CASE("a container of a live workload whose pods are kept apart is listed once") {
  Inventory inventory;
  inventory.workloads_[test::web_key().workload] = {.live_pods = 4, .containers = {{"app", {}}}};
  CHECK(recommend_all(fleet(0.1), inventory, default_policy()).size() == 1);
}

TEST_CASE("only policies that ask for it keep pods apart") {
  CHECK_FALSE(hottest_rule(default_policy()));
  CHECK(hottest_rule(hottest())(test::web_key()));
  PolicyBook book;
  book.rules.push_back({.match = {.namespace_name = "shop"},
                        .settings = {{"aggregation", "hottest"}},
                        .apply = [](Policy& p) { p.aggregation = Aggregation::kHottest; }});
  const auto rule = hottest_rule(book);
  REQUIRE(rule);
  CHECK(rule(test::web_key()));
  CHECK_FALSE(rule({{"", "data", "Deployment", "web"}, "app"}));
}

}  // namespace
}  // namespace loadline
