#include <algorithm>

#include "profiles.hpp"
#include "recommend/guards.hpp"
#include "support/catch.hpp"

namespace loadline::recommend_stage {
namespace {

using test::facts_of;
using test::kGi;
using test::kMi;
using test::profile_of;
using test::steady;
using test::web_key;

/// What a guard sees, as data.
struct Scene {
  Resource resource = Resource::kMemory;
  Policy policy = default_policy();
  ResourceAdvice advice{};
  ContainerFacts facts{};
  Surroundings around{};

  Scene() {
    advice.target = 100 * kMi;
    around.facts = &facts;
  }
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;

  [[nodiscard]] Draft run(Guard guard) const {
    Draft draft;
    draft.request = 100 * kMi;
    draft.limit = 200 * kMi;
    return guard(draft, {resource, policy.resources[resource], advice, around});
  }
};

TEST_CASE("the memory limit is raised to 1.2 times the observed maximum") {
  Scene scene;
  scene.advice.max = 300 * kMi;
  const Draft draft = scene.run(observed_max_guard);
  CHECK(draft.request == 100 * kMi);
  CHECK(*draft.limit == Approx(360 * kMi).epsilon(1e-12));
  REQUIRE(draft.reasons.size() == 1);
  CHECK(draft.reasons[0].code == ReasonCode::kObservedMax);
  CHECK(draft.reasons[0].sentence == "memory limit is 1.2x the observed maximum of 300Mi");
}

TEST_CASE("the observed maximum says nothing where the quantile is enough") {
  Scene scene;
  scene.advice.max = 160 * kMi;  // x 1.2 = 192Mi
  CHECK(scene.run(observed_max_guard).limit == 200 * kMi);
  CHECK(scene.run(observed_max_guard).reasons.empty());
}

TEST_CASE("the observed maximum is for memory, and can be switched off") {
  Scene scene;
  scene.advice.max = 300 * kMi;
  scene.resource = Resource::kCpu;
  CHECK(scene.run(observed_max_guard).limit == 200 * kMi);
  scene.resource = Resource::kMemory;
  scene.around.guards.max_factor.reset();
  CHECK(scene.run(observed_max_guard).limit == 200 * kMi);
}

TEST_CASE("an OOM kill lifts the limit to 1.2 times the one at the kill") {
  Scene scene;
  scene.facts.oom_kills = {.count = 3, .last_ms = 1'650'000'000'000, .limit_bytes = 400 * kMi};
  const Draft draft = scene.run(oom_guard);
  CHECK(*draft.limit == Approx(480 * kMi).epsilon(1e-12));
  REQUIRE(draft.reasons.size() == 1);
  CHECK(draft.reasons[0].code == ReasonCode::kOomKilled);
  CHECK(draft.reasons[0].sentence ==
        "killed for want of memory 3 times, last at 2022-04-15T05:20:00Z, under a limit of 400Mi");
}

TEST_CASE("kills that no limit ends raise it to 8 times the quantile and no further") {
  Scene scene;
  scene.facts.oom_kills = {.count = 9, .last_ms = 1, .limit_bytes = 700 * kMi};
  CHECK(*scene.run(oom_guard).limit == 800 * kMi);  // 1.2 x 700Mi would be 840Mi
  scene.facts.oom_kills.limit_bytes = 1000 * kMi;   // never below the limit of the kill
  CHECK(*scene.run(oom_guard).limit == 1000 * kMi);
}

TEST_CASE("an OOM kill under no known limit is told and moves nothing") {
  Scene scene;
  scene.facts.oom_kills = {.count = 1};
  const Draft draft = scene.run(oom_guard);
  CHECK(draft.limit == 200 * kMi);
  REQUIRE(draft.reasons.size() == 1);
  CHECK(draft.reasons[0].sentence == "killed for want of memory once");
  scene.around.guards.oom_factor.reset();
  CHECK(scene.run(oom_guard).reasons.empty());
}

TEST_CASE("a limit is not below what the newest day used") {
  Scene scene;
  scene.around.newest_max = 250 * kMi;
  CHECK(*scene.run(in_use_guard).limit == 250 * kMi);
  CHECK(scene.run(in_use_guard).reasons.at(0).code == ReasonCode::kInUse);
  scene.around.guards.in_use = false;
  CHECK(*scene.run(in_use_guard).limit == 200 * kMi);
}

TEST_CASE("usage held down by its limit lowers nothing") {
  Scene scene;
  scene.advice.current = {150 * kMi, 300 * kMi};
  scene.around.pressed_ratio = 0.05;  // the p95 lies at the limit
  const Draft draft = scene.run(censored_guard);
  CHECK(draft.request == 150 * kMi);
  CHECK(*draft.limit == 300 * kMi);
  REQUIRE(draft.reasons.size() == 1);
  CHECK(draft.reasons[0].code == ReasonCode::kCensored);
  CHECK(draft.reasons[0].sentence ==
        "memory p95 lies at today's limit of 300Mi, so that the need may be higher: nothing is "
        "lowered");
}

TEST_CASE("few samples at the limit do not censor the quantile") {
  Scene scene;
  scene.advice.current = {150 * kMi, 300 * kMi};
  scene.around.pressed_ratio = 0.049;
  CHECK(scene.run(censored_guard).request == 100 * kMi);
  CHECK(scene.run(censored_guard).reasons.empty());
}

TEST_CASE("a throttled CPU is a risk and is not lowered") {
  Scene scene;
  scene.resource = Resource::kCpu;
  scene.advice.current = {500 * kMi, 1000 * kMi};
  scene.facts.throttled_ratio = 0.2345;
  const Draft draft = scene.run(censored_guard);
  CHECK(draft.request == 500 * kMi);
  CHECK(*draft.limit == 1000 * kMi);
  REQUIRE(draft.reasons.size() == 1);
  CHECK(draft.reasons[0].code == ReasonCode::kThrottled);
  scene.facts.throttled_ratio = 0.049;
  CHECK(scene.run(censored_guard).reasons.empty());
  scene.resource = Resource::kMemory;
  scene.facts.throttled_ratio = 0.9;
  CHECK(scene.run(censored_guard).reasons.empty());
}

TEST_CASE("memory that grows is asked for as on its last day") {
  Scene scene;
  scene.around.growth =
      Growth{.first = 60 * kMi, .last = 120 * kMi, .slope_per_day = 10 * kMi, .days = 7};
  const Draft draft = scene.run(growth_guard);
  CHECK(draft.request == 120 * kMi);
  CHECK(*draft.limit == 240 * kMi);
  REQUIRE(draft.reasons.size() == 1);
  CHECK(draft.reasons[0].sentence ==
        "memory grows: its p95 rose from 60Mi to 120Mi in 7 days; the request is taken from the "
        "last day");
  scene.around.guards.growth = false;
  CHECK(scene.run(growth_guard).reasons.empty());
}

TEST_CASE("a policy without limit keeps none, whatever the guards say") {
  Scene scene;
  scene.advice.max = 300 * kMi;
  scene.around.newest_max = 300 * kMi;
  scene.facts.oom_kills = {.count = 1, .last_ms = 1, .limit_bytes = 400 * kMi};
  for (const Guard guard : {observed_max_guard, oom_guard, in_use_guard, censored_guard}) {
    Draft draft;
    draft.request = 100 * kMi;
    draft = guard(draft, {Resource::kMemory, scene.policy.resources[Resource::kMemory],
                          scene.advice, scene.around});
    CHECK_FALSE(draft.limit);
  }
}

TEST_CASE("a workload that peaks over twice its p95 gets a raised limit and says why") {
  const ContainerProfile profile = profile_of(steady(0.25, 0.25), steady(100 * kMi, 400 * kMi));
  const ContainerFacts facts = facts_of({0.25, 0.5}, {100 * kMi, 200 * kMi});
  const ContainerKey key = web_key();
  const Recommendation row = recommend({key, profile, nullptr, &facts}, default_policy());
  CHECK(row.verdict == Verdict::kChange);
  CHECK(row.resources[Resource::kMemory].recommended.limit == 480 * kMi);
  const auto says = [&](ReasonCode code) {
    return std::any_of(row.reasons.begin(), row.reasons.end(),
                       [code](const Reason& reason) { return reason.code == code; });
  };
  CHECK(says(ReasonCode::kObservedMax));
  CHECK(says(ReasonCode::kLimitTooLow));
}

TEST_CASE("a limit that the p95 lies at is not lowered by the whole of it") {
  // 10 % of the samples at the limit of 300Mi.
  ResourceProfile memory = steady(100 * kMi, 100 * kMi);
  for (DayUsage& day : memory.days) {
    for (int i = 0; i < 12; ++i) day.sketch.add(299 * kMi);
  }
  const ContainerProfile profile = profile_of(steady(0.25, 0.25), memory);
  const ContainerFacts facts = facts_of({0.25, 0.5}, {320 * kMi, 300 * kMi});
  const ContainerKey key = web_key();
  const Recommendation row = recommend({key, profile, nullptr, &facts}, default_policy());
  CHECK(*row.resources[Resource::kMemory].recommended.request >= 320 * kMi);
  CHECK(*row.resources[Resource::kMemory].recommended.limit >= 590 * kMi);
}

}  // namespace
}  // namespace loadline::recommend_stage
