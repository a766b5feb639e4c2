#include "loadline/recommend/hindsight.hpp"

#include <random>

#include "loadline/recommend/backtest.hpp"
#include "loadline/recommend/recommend.hpp"
#include "profiles.hpp"
#include "support/catch.hpp"

namespace loadline {
namespace {

using test::kMi;

constexpr std::int32_t kFirst = 20'000;

void add_day(ResourceProfile& profile, std::int32_t day, const std::vector<double>& values,
             double unit = 1) {
  DayUsage usage{.day = day};
  usage.scrapes_seen = usage.scrapes_expected = static_cast<std::uint32_t>(values.size());
  usage.first_ms = day * kMillisecondsPerDay;
  usage.last_ms = usage.first_ms + kMillisecondsPerDay - 1;
  for (const double value : values) usage.sketch.add(value * unit);
  profile.days.push_back(std::move(usage));
}

/// Memory of one value a day, in Mi; CPU of none.
ContainerProfile memory_days(const std::vector<double>& mi) {
  ContainerProfile profile;
  for (std::size_t i = 0; i < mi.size(); ++i) {
    add_day(profile.resources[Resource::kMemory], kFirst + static_cast<std::int32_t>(i), {mi[i]},
            kMi);
  }
  return profile;
}

/// p95 and twice that, nothing else.
Policy bare() {
  return *policy_preset("no-guards");
}

TEST_CASE("a day above twice the p95 of the days before is an OOM-day") {
  // Three days at 100Mi give a limit of 200Mi; 201Mi exceeds it, 150Mi does not.
  const Hindsight told = hindsight_of(memory_days({100, 100, 100, 201, 150}), bare(), kFirst + 5);
  CHECK(told.days == 2);
  CHECK(told.memory_days == 2);
  CHECK(told.oom_days == 1);
  CHECK(*above_request_ratio(told, Resource::kMemory) == 0.5);
  CHECK_FALSE(above_request_ratio(told, Resource::kCpu).has_value());
  CHECK_FALSE(cpu_above_limit_ratio(told).has_value());
}

TEST_CASE("a day is judged by what was known before it and not after") {
  // The 500Mi of the fifth day would hold the fourth's 300Mi, had it been known.
  const Hindsight told = hindsight_of(memory_days({100, 100, 100, 300, 500}), bare(), kFirst + 5);
  CHECK(told.oom_days == 1);
  // On the fifth, the fourth's 300Mi are known: the limit is 600Mi.
  CHECK(hindsight_of(memory_days({100, 100, 100, 300, 600}), bare(), kFirst + 5).oom_days == 1);
  CHECK(hindsight_of(memory_days({100, 100, 100, 300, 601}), bare(), kFirst + 5).oom_days == 2);
}

TEST_CASE("today is not over and not judged") {
  const ContainerProfile profile = memory_days({100, 100, 100, 100, 999});
  CHECK(hindsight_of(profile, bare(), kFirst + 4).oom_days == 0);
  CHECK(hindsight_of(profile, bare(), kFirst + 5).oom_days == 1);
}

TEST_CASE("a container under min_history has no hindsight") {
  CHECK(hindsight_of(memory_days({100, 100, 100}), bare(), kFirst + 3) == Hindsight{});
  CHECK(hindsight_of({}, bare(), kFirst) == Hindsight{});
}

TEST_CASE("CPU above the limit counts only where there is one") {
  ContainerProfile profile;
  for (int i = 0; i < 3; ++i) add_day(profile.resources[Resource::kCpu], kFirst + i, {1, 1});
  add_day(profile.resources[Resource::kCpu], kFirst + 3, {0.5, 1.5, 2.5, 3});
  Policy policy = bare();
  Hindsight told = hindsight_of(profile, policy, kFirst + 4);
  CHECK(*above_request_ratio(told, Resource::kCpu) == 0.75);
  CHECK(*cpu_above_limit_ratio(told) == 0.5);
  policy.resources[Resource::kCpu].limit_factor = std::nullopt;
  told = hindsight_of(profile, policy, kFirst + 4);
  CHECK(*cpu_above_limit_ratio(told) == 0);
}

/// Days of noise with steps, gaps and days without one resource.
ContainerProfile random_profile(std::mt19937& random) {
  std::uniform_real_distribution<double> noise(0.5, 1.5);
  ContainerProfile profile;
  double level = 0.2;
  for (std::int32_t day = kFirst; day < kFirst + 14; ++day) {
    if (random() % 5 == 0) level *= 1 + noise(random);
    if (random() % 7 == 0) continue;
    std::vector<double> values(20);
    for (double& value : values) value = level * noise(random);
    if (random() % 6 != 0) add_day(profile.resources[Resource::kCpu], day, values);
    if (random() % 6 != 0) add_day(profile.resources[Resource::kMemory], day, values, 700 * kMi);
  }
  return profile;
}

void check_against_backtest(const ContainerProfile& profile, const Policy& policy) {
  const ProfileSet pods{{{{"", "shop", "Pod", "web-0"}, "app"}, profile}};
  const auto policies = backtest_policies({"configured"}, policy);
  REQUIRE(policies.has_value());
  const BacktestOptions options{.min_history = policy.min_history, .dead_band = policy.min_change};
  const Backtest walked = backtest(pods, {}, *policies, options);
  const BacktestScore& score = walked.policies[0].score;
  const Hindsight told = hindsight_of(profile, policy, INT32_MAX);
  CHECK(told.days == score.container_days);
  CHECK(told.memory_days == score.pod_days[Resource::kMemory]);
  CHECK(told.oom_days == score.oom_days);
  CHECK(told.samples == score.samples);
  CHECK(told.above_request == score.above_request);
  CHECK(told.cpu_above_limit == score.cpu_above_limit);
}

TEST_CASE("one pod's hindsight is what loadline backtest says of it") {
  std::mt19937 random(11);
  std::uint32_t oom_days = 0;
  for (int i = 0; i < 40; ++i) {
    const ContainerProfile profile = random_profile(random);
    check_against_backtest(profile, default_policy());
    check_against_backtest(profile, bare());
    oom_days += hindsight_of(profile, bare(), INT32_MAX).oom_days;
  }
  CHECK(oom_days > 0);  // else the histories are too tame to tell anything
}

TEST_CASE("what is remembered is forgotten with the day, the policy and late samples") {
  const ContainerKey key = test::web_key();
  ContainerProfile profile = memory_days({100, 100, 100, 150, 999});
  profile.id = 1;
  const Policy policy = bare();
  HindsightCache cache;
  cache.begin(policy, kFirst + 4, 1);
  CHECK(cache.of(key, profile, policy).oom_days == 0);
  cache.begin(policy, kFirst + 5, 1);
  CHECK(cache.of(key, profile, policy).oom_days == 1);
  Policy wide = policy;
  wide.resources[Resource::kMemory].limit_factor = 20;
  cache.begin(wide, kFirst + 5, 1);
  CHECK(cache.of(key, profile, wide).oom_days == 0);
  DayUsage& late = profile.resources[Resource::kMemory].days[3];
  late.sketch.add(2'001 * kMi);
  ++late.scrapes_seen;
  cache.begin(wide, kFirst + 5, 1);
  CHECK(cache.of(key, profile, wide).oom_days == 1);
}

TEST_CASE("what is remembered is not computed again") {
  const ContainerKey key = test::web_key();
  ContainerProfile profile = memory_days({100, 100, 100, 999});
  profile.id = 3;
  HindsightCache cache;
  const Policy policy = bare();
  cache.begin(policy, kFirst + 4, 3);
  CHECK(cache.of(key, profile, policy).oom_days == 1);
  // A change that no scrape brought: never seen in a running profiler.
  profile.resources[Resource::kMemory].days[3].sketch = {};
  CHECK(cache.of(key, profile, policy).oom_days == 1);
  CHECK(cache.of(test::web_key("other"), profile, policy).oom_days == 0);
  profile.id = 0;
  CHECK(cache.of(key, profile, policy).oom_days == 0);
}

TEST_CASE("recommend_all tells each row its hindsight") {
  ProfileSet profiles{{test::web_key(), memory_days({100, 100, 100, 100, 100})}};
  const auto rows = recommend_all(profiles, {}, bare(), kFirst + 5);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].hindsight.days == 2);
  CHECK(rows[0].hindsight == hindsight_of(profiles.begin()->second, bare(), kFirst + 5));
}

}  // namespace
}  // namespace loadline
