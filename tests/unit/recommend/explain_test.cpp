#include "loadline/recommend/explain.hpp"

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

/// 192Mi is an edge of a bucket, half a bucket is added: the sketch's answers are exact.
constexpr double kUsual = 128 * kMi * (1.5 + 1.0 / 128);
constexpr double kPeak = 512 * kMi;

Explanation told(const Policy& policy = default_policy()) {
  const ContainerProfile profile = profile_of(steady(0.25, 0.25), steady(kUsual, kPeak));
  const ContainerFacts facts = facts_of({0.5, 1.0}, {kGi, 2 * kGi});
  const ContainerKey key = web_key();
  return explain({key, profile, nullptr, &facts}, policy, 4);
}

TEST_CASE("the arithmetic is told step by step, guards that change nothing left out") {
  const auto steps = told().resources[Resource::kMemory].steps;
  REQUIRE(steps.size() == 3);
  CHECK(steps[0].step == "quantile");
  CHECK(steps[0].request == Approx(kUsual).epsilon(1e-12));
  CHECK(*steps[0].limit == Approx(2 * kUsual).epsilon(1e-12));
  CHECK(steps[1].step == "observed maximum");
  CHECK(*steps[1].limit == Approx(1.2 * kPeak).epsilon(1e-12));
  CHECK(steps[2].step == "rounded up");
  CHECK(steps[2].request == 193 * kMi);
  CHECK(*steps[2].limit == 615 * kMi);
}

TEST_CASE("the last step is what the recommendation says") {
  const Explanation explanation = told();
  for (const Resource resource : kResources) {
    const auto& last = explanation.resources[resource].steps.back();
    const Requirement& recommended = explanation.row.resources[resource].recommended;
    CHECK(last.request == recommended.request);
    CHECK(last.limit == recommended.limit);
  }
}

TEST_CASE("the histogram holds every sample once") {
  const auto bars = told().resources[Resource::kMemory].histogram;
  REQUIRE(bars.size() == 4);
  CHECK(bars[0].share == 0);  // up to 128Mi
  CHECK(bars[1].share == Approx(0.99));
  CHECK(bars[2].share == 0);
  CHECK(bars[3].share == Approx(0.01));
  CHECK(bars[3].upto == kPeak);
}

TEST_CASE("quantiles end at the exact maximum, days are told one by one") {
  const ExplainedResource memory = told().resources[Resource::kMemory];
  CHECK(memory.quantiles.front().quantile == 0.5);
  CHECK(memory.quantiles.back().value == kPeak);
  REQUIRE(memory.days.size() == 14);
  CHECK(memory.days[0].day == 20'000);
  CHECK(memory.days[0].samples == 100);
  CHECK(memory.days[0].max == kPeak);
  CHECK(memory.days[0].coverage == 1.0);
}

TEST_CASE("what would change the verdict is a sentence with the band") {
  CHECK(told().resources[Resource::kCpu].turning_point ==
        "the request of 500m is kept while the p95 lies between 450m and 550m; it is 250m");
}

TEST_CASE("without usage there is nothing to tell of a resource") {
  const ContainerProfile profile;
  const ContainerKey key = web_key();
  const Explanation explanation = explain({key, profile}, default_policy());
  CHECK(explanation.row.verdict == Verdict::kNoData);
  CHECK(explanation.resources[Resource::kCpu].steps.empty());
  CHECK(explanation.resources[Resource::kCpu].turning_point.empty());
}

}  // namespace
}  // namespace loadline
