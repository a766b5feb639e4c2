#include "loadline/recommend/recommend.hpp"

#include <algorithm>
#include <string>

#include "profiles.hpp"
#include "support/catch.hpp"

namespace loadline {
namespace {

using test::facts_of;
using test::kGi;
using test::kMi;
using test::profile_of;
using test::steady;
using test::web_key;

/// 256 and 128 are edges of buckets, half a bucket is added: the sketch's answers are exact here.
constexpr double kCpu = 0.25 * (1 + 1.0 / 128);
constexpr double kMemory = 256 * kMi * (1 + 1.0 / 128);

Recommendation advise(const ContainerProfile& profile, const ContainerFacts* facts,
                      const Policy& policy = default_policy()) {
  WorkloadFacts workload;
  workload.live_pods = 3;
  const ContainerKey key = web_key();
  return recommend({key, profile, facts == nullptr ? nullptr : &workload, facts}, policy);
}

ContainerProfile usual() {
  return profile_of(steady(kCpu, kCpu), steady(kMemory, kMemory));
}

std::vector<std::string> codes(const Recommendation& row) {
  std::vector<std::string> texts;
  for (const Reason& reason : row.reasons) {
    const std::string scope = reason.resource ? std::string(to_string(*reason.resource)) + ":" : "";
    texts.push_back(scope + std::string(to_string(reason.code)));
  }
  return texts;
}

using Codes = std::vector<std::string>;

TEST_CASE("request is the p95 rounded up, limit twice the unrounded p95 rounded up") {
  const ContainerFacts facts = facts_of({1.0, 2.0}, {kGi, 2 * kGi});
  const Recommendation row = advise(usual(), &facts);
  // 251.95m -> 255m and 503.9m -> 505m (twice the rounded request would be 510m);
  // 258Mi and 516Mi are on the grid.
  CHECK(row.resources[Resource::kCpu].recommended == Requirement{0.255, 0.505});
  CHECK(row.resources[Resource::kMemory].recommended == Requirement{258 * kMi, 516 * kMi});
  CHECK(row.resources[Resource::kCpu].p95 == Approx(kCpu).epsilon(1e-12));
  CHECK(row.resources[Resource::kCpu].target == row.resources[Resource::kCpu].p95);
  CHECK(row.resources[Resource::kCpu].samples == 1400);
}

TEST_CASE("the policy's own quantile sets the target, p95 stays p95") {
  Policy policy = default_policy();
  policy.resources[Resource::kCpu].quantile = 1;
  const ContainerProfile profile = profile_of(steady(kCpu, 2), steady(kMemory, kMemory));
  const Recommendation row = advise(profile, nullptr, policy);
  CHECK(row.resources[Resource::kCpu].target == 2.0);
  CHECK(row.resources[Resource::kCpu].p95 == Approx(kCpu).epsilon(1e-12));
  CHECK(row.resources[Resource::kCpu].recommended.request == 2.0);
}

TEST_CASE("waste is a change without a risk, with a sentence that has the numbers") {
  const ContainerFacts facts = facts_of({1.0, 2.0}, {kGi, 2 * kGi});
  const Recommendation row = advise(usual(), &facts);
  CHECK(row.verdict == Verdict::kChange);
  CHECK(row.replicas == 3);
  CHECK(codes(row) == Codes{"cpu:request_too_high", "cpu:limit_too_high", "memory:request_too_high",
                            "memory:limit_too_high"});
  CHECK(row.reasons[0].sentence == "CPU request 1 is 3.9x the recommended 255m (p95 252m)");
  CHECK(row.reasons[3].sentence == "memory limit 2Gi is 4x the recommended 516Mi");
}

TEST_CASE("risks stand first, CPU before memory, whatever else there is to say") {
  const ContainerProfile profile = profile_of(steady(kCpu, 0.6), steady(kMemory, kMemory));
  const ContainerFacts facts = facts_of({1.0, 0.6}, {128 * kMi, std::nullopt});
  const Recommendation row = advise(profile, &facts);
  CHECK(codes(row) == Codes{"cpu:max_above_limit", "memory:request_too_low", "cpu:request_too_high",
                            "cpu:limit_too_high", "memory:limit_unset"});
  CHECK(row.reasons[0].sentence == "CPU reached 600m, its limit is 600m: it is throttled");
  CHECK(row.reasons[1].sentence ==
        "memory request 128Mi is below the recommended 258Mi (p95 258Mi)");
}

TEST_CASE("values within the band are kept") {
  const ContainerFacts facts = facts_of({0.25, 0.5}, {256 * kMi, 512 * kMi});
  const Recommendation row = advise(usual(), &facts);
  CHECK(row.verdict == Verdict::kKeep);
  CHECK(codes(row) == Codes{"within_band"});
}

Policy without_max_guard() {
  Policy policy = default_policy();
  policy.guards.max_factor.reset();
  return policy;
}

TEST_CASE("the maximum at the limit is a risk even where every value is kept") {
  const ContainerProfile profile = profile_of(steady(kCpu, kCpu), steady(kMemory, 512 * kMi));
  const ContainerFacts facts = facts_of({0.25, 0.5}, {256 * kMi, 512 * kMi});
  const Recommendation row = advise(profile, &facts, without_max_guard());
  CHECK(row.verdict == Verdict::kKeep);
  CHECK(codes(row) == Codes{"memory:max_above_limit", "within_band"});
  CHECK(row.reasons[0].sentence == "memory reached 512Mi, its limit is 512Mi: an OOM kill is near");
}

TEST_CASE("a maximum just under the limit is none") {
  const ContainerProfile profile = profile_of(steady(kCpu, kCpu), steady(kMemory, 512 * kMi - 1));
  const ContainerFacts facts = facts_of({0.25, 0.5}, {256 * kMi, 512 * kMi});
  CHECK(codes(advise(profile, &facts, without_max_guard())) == Codes{"within_band"});
}

TEST_CASE("a policy that excludes shows values and asks for nothing") {
  Policy policy = default_policy();
  policy.excluded = true;
  const ContainerFacts facts = facts_of({1.0, 2.0}, {kGi, 2 * kGi});
  const Recommendation row = advise(usual(), &facts, policy);
  CHECK(row.verdict == Verdict::kExcluded);
  CHECK(row.resources[Resource::kCpu].recommended == Requirement{0.255, 0.505});
  CHECK(row.reasons.back().code == ReasonCode::kExcluded);
}

TEST_CASE("a value that the policy names is meant to the byte, whatever the band") {
  Policy policy = default_policy();
  policy.resources[Resource::kCpu].fixed = {.request = 0.26, .limit = 0.5};
  const ContainerFacts facts = facts_of({0.25, 0.5}, {256 * kMi, 512 * kMi});
  const Recommendation row = advise(usual(), &facts, policy);
  CHECK(row.verdict == Verdict::kChange);
  CHECK(row.resources[Resource::kCpu].recommended == Requirement{0.26, 0.5});
  CHECK(row.resources[Resource::kCpu].until_yesterday == Requirement{0.26, 0.5});
}

TEST_CASE("no request at all is a risk, no limit is not") {
  const ContainerFacts facts = facts_of({}, {});
  const Recommendation row = advise(usual(), &facts);
  CHECK(row.verdict == Verdict::kChange);
  CHECK(codes(row) == Codes{"cpu:request_unset", "memory:request_unset", "cpu:limit_unset",
                            "memory:limit_unset"});
}

TEST_CASE("a policy without a limit finds a set one unwanted and an unset one right") {
  Policy policy = default_policy();
  policy.resources[Resource::kCpu].limit_factor = std::nullopt;
  const ContainerFacts set = facts_of({0.25, 4.0}, {256 * kMi, 512 * kMi});
  const Recommendation row = advise(usual(), &set, policy);
  CHECK(row.verdict == Verdict::kChange);
  CHECK(codes(row) == Codes{"cpu:limit_unwanted"});
  CHECK_FALSE(row.resources[Resource::kCpu].recommended.limit);
  const ContainerFacts unset = facts_of({0.25, std::nullopt}, {256 * kMi, 512 * kMi});
  CHECK(advise(usual(), &unset, policy).verdict == Verdict::kKeep);
}

TEST_CASE("tiny usage gets the floor and says so") {
  const ContainerProfile profile = profile_of(steady(0.001, 0.001), steady(kMi, kMi));
  const ContainerFacts facts = facts_of({0.010, 0.010}, {32 * kMi, 32 * kMi});
  const Recommendation row = advise(profile, &facts);
  CHECK(row.verdict == Verdict::kKeep);
  CHECK(row.resources[Resource::kCpu].recommended == Requirement{0.010, 0.010});
  CHECK(row.resources[Resource::kMemory].recommended == Requirement{32 * kMi, 32 * kMi});
  CHECK(codes(row) == Codes{"cpu:floor", "memory:floor", "within_band"});
}

TEST_CASE("under min_history values and risks are shown under the verdict profiling") {
  const ContainerProfile profile = profile_of(steady(kCpu, kCpu, 2), steady(kMemory, kMemory, 2));
  const ContainerFacts facts = facts_of({0.1, 0.5}, {256 * kMi, 512 * kMi});
  const Recommendation row = advise(profile, &facts);
  CHECK(row.verdict == Verdict::kProfiling);
  CHECK(row.resources[Resource::kCpu].recommended.request == 0.255);
  CHECK(codes(row) == Codes{"cpu:request_too_low", "short_history"});
  CHECK(row.reasons[1].sentence == "2 of the 3 days of history that advice needs");
}

TEST_CASE("unknown current values make a change: nothing says that they are right") {
  const Recommendation row = advise(usual(), nullptr);
  CHECK(row.verdict == Verdict::kChange);
  CHECK_FALSE(row.current_known);
  CHECK(row.replicas == 2);
  CHECK(codes(row) == Codes{"current_unknown"});
}

TEST_CASE("facts without a word on requests are unknown too") {
  ContainerFacts facts;
  facts.type = ContainerType::kSidecar;
  const Recommendation row = advise(usual(), &facts);
  CHECK(codes(row) == Codes{"current_unknown"});
  CHECK(row.type == ContainerType::kSidecar);
}

TEST_CASE("a resource without usage gets no values and says so") {
  const ContainerProfile profile = profile_of(steady(kCpu, kCpu), {});
  const ContainerFacts facts = facts_of({0.25, 0.5}, {256 * kMi, 512 * kMi});
  const Recommendation row = advise(profile, &facts);
  CHECK(row.verdict == Verdict::kKeep);
  CHECK(row.resources[Resource::kMemory].recommended == Requirement{});
  CHECK_FALSE(row.resources[Resource::kMemory].max);
  CHECK(codes(row) == Codes{"memory:no_usage", "within_band"});
}

TEST_CASE("nothing seen is no data, not a saving") {
  const ContainerFacts facts = facts_of({1.0, 1.0}, {kGi, kGi});
  const Recommendation row = advise({}, &facts);
  CHECK(row.verdict == Verdict::kNoData);
  CHECK(codes(row) == Codes{"cpu:no_usage", "memory:no_usage"});
  CHECK_FALSE(row.coverage.ratio);
}

TEST_CASE("coverage under 90 % and inferred owners are told") {
  ContainerProfile profile =
      profile_of(steady(kCpu, kCpu, 14, 1295), steady(kMemory, kMemory, 14, 1440));
  profile.owner_source = OwnerSource::kPodName;
  const Recommendation row = advise(profile, nullptr);
  CHECK(codes(row) == Codes{"current_unknown", "owner_inferred", "low_coverage"});
  CHECK(row.reasons[2].sentence == "only 89.9% of the expected scrapes were seen");
}

TEST_CASE("coverage of exactly 90 % is enough") {
  const ContainerProfile profile =
      profile_of(steady(kCpu, kCpu, 14, 1296), steady(kMemory, kMemory, 14, 1296));
  CHECK(codes(advise(profile, nullptr)) == Codes{"current_unknown"});
}

TEST_CASE("what the days until yesterday recommend is told apart from today's") {
  ResourceProfile cpu = steady(0.2, 0.2);
  const ResourceProfile burst = steady(0.8, 0.8);
  cpu.days.back().sketch = burst.merged();  // today outweighs the thirteen days before
  const ContainerProfile profile = profile_of(cpu, steady(kMemory, kMemory));
  const ContainerKey key = web_key();
  const std::int32_t today = cpu.days.back().day;
  const auto advice = [&](std::int32_t day) {
    return recommend({.key = key, .profile = profile, .today = day}, default_policy())
        .resources[Resource::kCpu];
  };
  CHECK(advice(today).recommended.request == advice(INT32_MAX).recommended.request);
  CHECK(*advice(today).recommended.request > 0.79);
  CHECK(*advice(today).until_yesterday.request == Approx(0.2));
  CHECK(*advice(today).until_yesterday.limit == Approx(0.4));
  CHECK(advice(INT32_MAX).until_yesterday == advice(INT32_MAX).recommended);
  CHECK(advice(cpu.days.front().day).until_yesterday == Requirement{});
}

TEST_CASE("all containers come sorted by key, unseen ones of live workloads as no data") {
  ProfileSet profiles;
  profiles[web_key("z")] = usual();
  profiles[web_key("a")] = usual();
  Inventory inventory;
  WorkloadFacts& live = inventory.workloads_[web_key().workload];
  live.live_pods = 5;
  live.containers["a"] = facts_of({0.25, 0.5}, {256 * kMi, 512 * kMi});
  live.containers["m"] = {ContainerType::kInit, {}, true};
  inventory.workloads_[{"", "shop", "Job", "gone"}].containers["x"] = {};
  const auto rows = recommend_all(profiles, inventory, default_policy());
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].key == web_key("a"));
  CHECK(rows[0].verdict == Verdict::kKeep);
  CHECK(rows[1].key == web_key("m"));
  CHECK(rows[1].verdict == Verdict::kNoData);
  CHECK(rows[1].type == ContainerType::kInit);
  CHECK(rows[2].key == web_key("z"));
  CHECK(rows[2].replicas == 5);
  CHECK_FALSE(rows[2].current_known);
}

}  // namespace
}  // namespace loadline
