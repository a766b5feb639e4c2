#include "recommend/guards.hpp"

#include "support/catch.hpp"

namespace loadline::recommend_stage {
namespace {

ResourceAdvice advice_of(double target) {
  ResourceAdvice advice;
  advice.target = target;
  return advice;
}

Draft draft_of(double request, std::optional<double> limit) {
  Draft draft;
  draft.request = request;
  draft.limit = limit;
  return draft;
}

TEST_CASE("the floor raises request and limit and says that it decided") {
  const Policy policy = default_policy();
  const ResourceAdvice advice = advice_of(0.003);
  const Evidence evidence{Resource::kCpu, policy.resources[Resource::kCpu], advice};
  const Draft draft = floor_guard(draft_of(0.003, 0.006), evidence);
  CHECK(draft.request == 0.010);
  CHECK(draft.limit == 0.010);
  REQUIRE(draft.reasons.size() == 1);
  CHECK(draft.reasons[0].code == ReasonCode::kFloor);
  CHECK(draft.reasons[0].sentence == "CPU p95 of 3m is under the floor of 10m");
}

TEST_CASE("a request at the floor is the usage's own") {
  const Policy policy = default_policy();
  const ResourceAdvice advice = advice_of(0.010);
  const Evidence evidence{Resource::kCpu, policy.resources[Resource::kCpu], advice};
  const Draft draft = floor_guard(draft_of(0.010, std::nullopt), evidence);
  CHECK(draft.request == 0.010);
  CHECK_FALSE(draft.limit);
  CHECK(draft.reasons.empty());
}

TEST_CASE("a limit below the request is raised to it") {
  const Policy policy = default_policy();
  const ResourceAdvice advice = advice_of(1);
  const Evidence evidence{Resource::kCpu, policy.resources[Resource::kCpu], advice};
  CHECK(request_within_limit_guard(draft_of(1, 0.5), evidence).limit == 1);
  CHECK(request_within_limit_guard(draft_of(1, 3), evidence).limit == 3);
  CHECK_FALSE(request_within_limit_guard(draft_of(1, std::nullopt), evidence).limit);
}

TEST_CASE("the rounding stands behind the floor, so that an odd floor is rounded too") {
  Policy policy = default_policy();
  policy.resources[Resource::kCpu].floor = 0.1234;
  const ResourceAdvice advice = advice_of(0.01);
  const Evidence evidence{Resource::kCpu, policy.resources[Resource::kCpu], advice};
  Draft draft = draft_of(0.01, 0.02);
  for (const NamedGuard& guard : guards()) draft = guard.run(draft, evidence);
  CHECK(draft.request == 0.125);
  CHECK(draft.limit == 0.125);
}

}  // namespace
}  // namespace loadline::recommend_stage
