#include "recommend/growth.hpp"

#include <vector>

#include "support/catch.hpp"

namespace loadline::recommend_stage {
namespace {

/// One day for each value, from day 100 on.
ResourceProfile days_of(const std::vector<double>& values) {
  ResourceProfile profile;
  std::int32_t number = 100;
  for (const double value : values) {
    DayUsage day;
    day.day = number++;
    for (int i = 0; i < 20; ++i) day.sketch.add(value);
    profile.days.push_back(std::move(day));
  }
  return profile;
}

bool grows(const std::vector<double>& values) {
  return growth_of(days_of(values), 0.95, INT32_MAX).has_value();
}

TEST_CASE("growth is told from spikes, weeks and noise") {
  CHECK(grows({100, 110, 120, 130, 140}));
  CHECK(grows({100, 105, 103, 112, 118, 117, 125, 131}));
  CHECK(grows({100, 110, 121}));
  CHECK_FALSE(grows({100, 110}));                                     // too short
  CHECK_FALSE(grows({100, 101, 102, 103, 104}));                      // too little
  CHECK_FALSE(grows({100, 100, 100, 100, 100, 300}));                 // a spike on the last day
  CHECK_FALSE(grows({100, 150, 90, 160, 95, 155, 130}));              // noise
  CHECK_FALSE(grows({140, 130, 120, 110, 100}));                      // falls
  CHECK_FALSE(grows({100, 100, 100, 100, 100, 100, 150, 150, 150}));  // a level that moved once
  CHECK_FALSE(grows({60, 60, 100, 100, 100, 100, 100, 60, 60, 100, 100, 100, 100, 100}));  // weeks
  CHECK_FALSE(grows({}));
}

TEST_CASE("the day that is not over yet does not count") {
  const ResourceProfile profile = days_of({100, 120, 140, 10});
  CHECK_FALSE(growth_of(profile, 0.95, INT32_MAX));
  const auto growth = growth_of(profile, 0.95, 103);
  REQUIRE(growth);
  CHECK(growth->first == Approx(100).epsilon(0.01));
  CHECK(growth->last == Approx(140).epsilon(0.01));
  CHECK(growth->slope_per_day == Approx(20).epsilon(0.05));
  CHECK(growth->days == 3);
}

TEST_CASE("days without usage tell nothing of growth") {
  ResourceProfile profile = days_of({100, 110, 120, 130, 140, 150});
  for (const std::size_t weekend : {0U, 2U, 5U}) profile.days[weekend].sketch = {};
  const auto growth = growth_of(profile, 0.95, INT32_MAX);
  REQUIRE(growth);
  CHECK(growth->first == Approx(110).epsilon(0.01));
  CHECK(growth->last == Approx(140).epsilon(0.01));
  CHECK(growth->slope_per_day == Approx(10).epsilon(0.05));
  CHECK(growth->days == 4);
}

}  // namespace
}  // namespace loadline::recommend_stage
