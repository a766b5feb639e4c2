#include "loadline/recommend/backtest.hpp"

#include <map>
#include <string>

#include "profiles.hpp"
#include "recommend/dead_band.hpp"
#include "support/catch.hpp"

namespace loadline {
namespace {

using recommend_stage::follow;
using test::kMi;

/// "web-0" is a pod of StatefulSet/web by its name.
ContainerKey pod_key(const std::string& pod, const std::string& container = "app") {
  return {{"", "shop", "Pod", pod}, container};
}
ContainerKey workload_key(const std::string& name = "web") {
  return {{"", "shop", "StatefulSet", name}, "app"};
}

struct Day {
  std::vector<double> cpu{};
  std::vector<double> memory_mi{};
};

void add_values(ResourceProfile& profile, std::int32_t day, const std::vector<double>& values,
                double unit) {
  if (values.empty()) return;
  DayUsage usage{.day = day};
  usage.first_ms = day * kMillisecondsPerDay;
  usage.last_ms = usage.first_ms + kMillisecondsPerDay - 1;
  usage.scrapes_seen = usage.scrapes_expected = static_cast<std::uint32_t>(values.size());
  for (const double value : values) usage.sketch.add(value * unit);
  profile.days.push_back(std::move(usage));
}

ContainerProfile profile_of_days(const std::map<std::int32_t, Day>& days) {
  ContainerProfile profile;
  for (const auto& [number, day] : days) {
    add_values(profile.resources[Resource::kCpu], number, day.cpu, 1);
    add_values(profile.resources[Resource::kMemory], number, day.memory_mi, kMi);
  }
  return profile;
}

BacktestPolicy fixed(const std::string& name, Requirement cpu, Requirement memory) {
  return {name, "", [=](const HistoryView&) { return Requirements{{cpu, memory}}; }};
}

const Requirement kCpu{0.1, 0.2};
const Requirement kMemory{100 * kMi, 200 * kMi};

/// Five days of one pod; days 4 and 5 are judged.
std::map<std::int32_t, Day> five_days() {
  const std::vector<double> cpu{0.05, 0.05, 0.05, 0.15, 0.25};
  return {{1, {cpu, {150}}},
          {2, {cpu, {150}}},
          {3, {cpu, {150}}},
          {4, {cpu, {150}}},
          {5, {cpu, {250}}}};
}

TEST_CASE("a walk by hand: two days judged after three") {
  const ProfileSet pods{{pod_key("web-0"), profile_of_days(five_days())}};
  const Backtest result = backtest(pods, {}, {fixed("flat", kCpu, kMemory)}, {});
  REQUIRE(result.containers.size() == 1);
  CHECK(result.containers[0].key == workload_key());
  CHECK(result.containers[0].owner_source == OwnerSource::kPodName);
  CHECK(result.judged_days == std::vector<std::int32_t>{4, 5});
  CHECK(result.pod_days == 2);
  CHECK(result.young_containers == 0);
  const BacktestScore& score = result.policies[0].score;
  CHECK(score.oom_days == 1);
  CHECK(score.samples[Resource::kCpu] == 10);
  CHECK(score.above_request[Resource::kCpu] == 4);
  CHECK(score.cpu_above_limit == 2);
  const BacktestRatios ratios = ratios_of(score, result.pod_days, result.judged_days.size());
  CHECK(*ratios.oom_days_per_100_pod_days == 50);
  CHECK(*ratios.above_request[Resource::kCpu] == 0.4);
  CHECK(*ratios.above_request[Resource::kMemory] == 1);
  CHECK(*ratios.cpu_above_limit == 0.2);
  // Memory: (200 - 150) / 200 and (200 - 250) / 200; CPU: the p95 of five is the largest.
  CHECK(*ratios.slack[Resource::kMemory] == Approx(0).margin(1e-12));
  CHECK(*ratios.slack[Resource::kCpu] == Approx((0.2 - 0.25) / 0.2));
  CHECK(*ratios.requested[Resource::kCpu] == Approx(0.1));
  CHECK(*ratios.requested[Resource::kMemory] == 100 * kMi);
  CHECK(*ratios.limits[Resource::kMemory] == 200 * kMi);
  CHECK(*ratios.changes_per_container_day == 0);
  CHECK(*ratios.coverage == 1);
  const WorstPodDay worst{"web-0", 5, 250 * kMi, 200 * kMi};
  CHECK(result.containers[0].policies[0].worst == worst);
}

TEST_CASE("replicas are judged one by one and their requests add up") {
  ProfileSet pods{{pod_key("web-0"), profile_of_days(five_days())}};
  pods[pod_key("web-1")] = profile_of_days({{5, {{0.05}, {50}}}});
  const Backtest result = backtest(pods, {}, {fixed("flat", kCpu, kMemory)}, {});
  const BacktestScore& score = result.policies[0].score;
  CHECK(score.pod_days[Resource::kMemory] == 3);
  CHECK(score.oom_days == 1);
  // One pod on day 4 and two on day 5.
  const auto ratios = ratios_of(score, result.pod_days, result.judged_days.size());
  CHECK(*ratios.requested[Resource::kCpu] == Approx(0.15));
  CHECK(score.container_days == 2);
}

TEST_CASE("a policy sees the days before the judged one, all pods, and no more") {
  ProfileSet pods{{pod_key("web-0"), profile_of_days(five_days())}};
  pods[pod_key("web-1")] = profile_of_days({{2, {{0.05}, {50}}}, {5, {{0.05}, {50}}}});
  std::vector<std::string> seen;
  const BacktestPolicy spy{
      "spy", "", [&](const HistoryView& view) {
        std::string text;
        for (const DayUsage& day : view.pooled.resources[Resource::kCpu].days) {
          text += std::to_string(day.day) + ":" + std::to_string(day.sketch.count()) + " ";
        }
        for (const PodHistory& pod : view.pods) {
          text +=
              std::string(pod.pod) + "=" + std::to_string(pod.days[Resource::kCpu].size()) + " ";
        }
        seen.push_back(text);
        return Requirements{{kCpu, kMemory}};
      }};
  (void)backtest(pods, {}, {spy}, {});
  CHECK(seen == std::vector<std::string>{"1:5 2:6 3:5 web-0=3 web-1=1 ",
                                         "1:5 2:6 3:5 4:5 web-0=4 web-1=1 "});
  seen.clear();
  (void)backtest(pods, {}, {spy}, {.window = std::chrono::days(2)});
  CHECK(seen == std::vector<std::string>{"2:6 3:5 web-0=2 web-1=1 ", "3:5 4:5 web-0=2 "});
}

TEST_CASE("a policy without advice costs coverage, and nobody is judged there") {
  const ProfileSet pods{{pod_key("web-0"), profile_of_days(five_days())}};
  const BacktestPolicy late{
      "late", "", [](const HistoryView& view) {
        const bool has = view.pooled.resources[Resource::kCpu].days.size() > 3;
        return has ? Requirements{{kCpu, kMemory}} : Requirements{{Requirement{}, kMemory}};
      }};
  const Backtest result = backtest(pods, {}, {fixed("flat", kCpu, kMemory), late}, {});
  for (const PolicyBacktest& policy : result.policies) {
    CHECK(policy.score.pod_days[Resource::kCpu] == 1);
    CHECK(policy.score.pod_days[Resource::kMemory] == 2);
  }
  CHECK(*ratios_of(result.policies[0].score, result.pod_days, 2).coverage == 1);
  CHECK(*ratios_of(result.policies[1].score, result.pod_days, 2).coverage == 0.5);
}

TEST_CASE("values in force follow the dead band") {
  struct Row {
    std::optional<Requirement> in_force;
    Requirement advised;
    std::optional<double> seen_max;
    Requirement next;
  };
  const std::optional<double> none;
  const Row rows[] = {{std::nullopt, {100, 200}, none, {100, 200}},
                      {Requirement{100, 200}, {109, 219}, none, {100, 200}},
                      {Requirement{100, 200}, {110, 219}, none, {110, 200}},
                      {Requirement{100, 200}, {91, 181}, none, {100, 200}},
                      {Requirement{100, 200}, {90, 180}, none, {90, 180}},
                      {Requirement{100, 200}, {100, 205}, 200, {100, 205}},
                      {Requirement{100, 200}, {100, 195}, 200, {100, 200}},
                      {Requirement{100, 200}, {100, none}, none, {100, none}},
                      {Requirement{100, none}, {100, 150}, none, {100, 150}},
                      {Requirement{100, 100}, {112, 109}, none, {112, 112}}};
  for (const Row& row : rows) {
    CAPTURE(*row.advised.request);
    CHECK(follow(row.in_force, row.advised, row.seen_max, 0.10) == row.next);
  }
}

TEST_CASE("a day that begins with a changed value is one change, the first values are none") {
  const ProfileSet pods{{pod_key("web-0"), profile_of_days(five_days())}};
  const BacktestPolicy growing{
      "growing", "", [](const HistoryView& view) {
        const auto days = static_cast<double>(view.pooled.resources[Resource::kCpu].days.size());
        return Requirements{{Requirement{days, days}, kMemory}};
      }};
  const Backtest result = backtest(pods, {}, {growing}, {});
  CHECK(result.policies[0].score.changes == 1);
  CHECK(result.policies[0].score.container_days == 2);
  CHECK(result.containers[0].policies[0].in_force[Resource::kCpu] == Requirement{4, 4});
}

TEST_CASE("without a limit there is no OOM-day and the request stands in for slack") {
  const ProfileSet pods{{pod_key("web-0"), profile_of_days(five_days())}};
  const Backtest result =
      backtest(pods, {}, {fixed("open", {0.5, std::nullopt}, {500 * kMi, std::nullopt})}, {});
  const auto ratios = ratios_of(result.policies[0].score, result.pod_days, 2);
  CHECK(*ratios.oom_days_per_100_pod_days == 0);
  CHECK(*ratios.cpu_above_limit == 0);
  CHECK(*ratios.slack[Resource::kMemory] == Approx((0.7 + 0.5) / 2));
  CHECK(ratios.limits[Resource::kMemory] == std::nullopt);
}

TEST_CASE("a container with too few days is counted, never judged") {
  ProfileSet pods{{pod_key("web-0"), profile_of_days(five_days())}};
  pods[pod_key("new-0")] = profile_of_days({{3, {{1}, {1}}}, {4, {{1}, {1}}}, {5, {{1}, {1}}}});
  const Backtest result = backtest(pods, {}, {fixed("flat", kCpu, kMemory)}, {});
  CHECK(result.young_containers == 1);
  CHECK(result.containers.size() == 1);
  CHECK(backtest(pods, {}, {fixed("flat", kCpu, kMemory)}, {.min_history = std::chrono::days(2)})
            .young_containers == 0);
}

TEST_CASE("nothing at all gives no ratios instead of zeros") {
  const Backtest result = backtest({}, {}, {fixed("flat", kCpu, kMemory)}, {});
  const auto ratios = ratios_of(result.policies[0].score, result.pod_days, 0);
  CHECK(ratios.oom_days_per_100_pod_days == std::nullopt);
  CHECK(ratios.requested[Resource::kCpu] == std::nullopt);
  CHECK(ratios.coverage == std::nullopt);
  CHECK(worst_of(result, 0, 10).empty());
}

TEST_CASE("pod-days that reach 95 % of today's limit are censored") {
  const ProfileSet pods{{pod_key("web-0"), profile_of_days(five_days())}};
  Inventory inventory;
  WorkloadFacts facts;
  facts.containers["app"] = test::facts_of({0.1, 0.26}, {100 * kMi, 263 * kMi});
  inventory.workloads_[workload_key().workload] = facts;
  const Backtest result = backtest(pods, inventory, {fixed("flat", kCpu, kMemory)}, {});
  // Memory: 250 of 263 Mi on day 5 alone; CPU: a p95 of 0.25 of 0.26 on both.
  CHECK(result.censored[Resource::kMemory] == 1);
  CHECK(result.censored[Resource::kCpu] == 2);
  CHECK(result.unknown_limits == 0);
  CHECK(result.policies[0].score.censored_oom_days == 1);
  CHECK(backtest(pods, {}, {fixed("flat", kCpu, kMemory)}, {}).unknown_limits == 1);
}

TEST_CASE("the worst come first: OOM-days, then CPU above the limit, then names") {
  ProfileSet pods;
  std::map<std::int32_t, Day> calm;
  std::map<std::int32_t, Day> hot;
  for (std::int32_t day = 1; day <= 5; ++day) {
    calm[day] = {{0.05}, {50}};
    hot[day] = {{0.05, 0.3}, {50}};
  }
  pods[pod_key("a-0")] = profile_of_days(hot);
  pods[pod_key("b-0")] = profile_of_days(calm);
  pods[pod_key("c-0")] = profile_of_days(five_days());
  pods[pod_key("d-0")] = profile_of_days(hot);
  const Backtest result = backtest(pods, {}, {fixed("flat", kCpu, kMemory)}, {});
  std::vector<std::string> names;
  for (const std::size_t i : worst_of(result, 0, 10)) {
    names.push_back(result.containers[i].key.workload.name);
  }
  CHECK(names == std::vector<std::string>{"c", "a", "d"});
  CHECK(worst_of(result, 0, 1).size() == 1);
}

TEST_CASE("a filter chooses by the workload that owns the pod") {
  ProfileSet pods{{pod_key("web-0"), profile_of_days(five_days())}};
  pods[pod_key("db-0")] = profile_of_days(five_days());
  const Backtest result =
      backtest(pods, {}, {fixed("flat", kCpu, kMemory)}, {},
               [](const ContainerKey& key) { return key.workload.name == "db"; });
  REQUIRE(result.containers.size() == 1);
  CHECK(result.containers[0].key == workload_key("db"));
}

TEST_CASE("the result is the same on many containers and threads as container by container") {
  ProfileSet pods;
  for (int i = 0; i < 200; ++i) {
    pods[pod_key("w" + std::to_string(i) + "-0")] = profile_of_days(five_days());
  }
  const auto policies = backtest_policies(backtest_policy_names(), default_policy());
  REQUIRE(policies);
  const Backtest all = backtest(pods, {}, *policies, {});
  CHECK(all.containers.size() == 200);
  const Backtest again = backtest(pods, {}, *policies, {});
  CHECK(all.containers == again.containers);
  CHECK(all.policies == again.policies);
  const Backtest one = backtest({*pods.begin()}, {}, *policies, {});
  for (std::size_t i = 0; i < policies->size(); ++i) {
    CHECK(all.policies[i].score.oom_days == 200 * one.policies[i].score.oom_days);
  }
}

TEST_CASE("policies are known by name, and a wrong name says which there are") {
  const auto two = backtest_policies({"krr", "default", "krr"}, default_policy());
  REQUIRE(two);
  REQUIRE(two->size() == 2);
  CHECK((*two)[0].name == "krr");
  const auto wrong = backtest_policies({"vpq"}, default_policy());
  REQUIRE(!wrong);
  CHECK(wrong.error().message.find("\"vpq\"; there are configured, default") != std::string::npos);
}

TEST_CASE("default keeps the memory limit over the maximum, no-guards does not") {
  std::map<std::int32_t, Day> days;
  for (std::int32_t day = 1; day <= 4; ++day) {
    days[day] = {{0.05}, std::vector<double>(99, 100)};
    days[day].memory_mi.push_back(500);
  }
  const ProfileSet pods{{pod_key("web-0"), profile_of_days(days)}};
  const auto policies = backtest_policies({"default", "no-guards"}, default_policy());
  REQUIRE(policies);
  const Backtest result = backtest(pods, {}, *policies, {});
  CHECK(result.policies[0].score.oom_days == 0);
  CHECK(result.policies[1].score.oom_days == 1);
  CHECK(*result.containers[0].policies[0].in_force[Resource::kMemory].limit == 600 * kMi);
}

}  // namespace
}  // namespace loadline
