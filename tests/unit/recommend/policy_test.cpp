#include "loadline/recommend/policy.hpp"

#include "support/catch.hpp"

namespace loadline {
namespace {

constexpr double kMi = 1024.0 * 1024.0;
constexpr double kGi = 1024.0 * kMi;

TEST_CASE("the default policy is p95 and twice p95 with floors of 10m and 32Mi") {
  const Policy policy = default_policy();
  for (const Resource resource : kResources) {
    CHECK(policy.resources[resource].quantile == 0.95);
    CHECK(policy.resources[resource].limit_factor == 2.0);
  }
  CHECK(policy.resources[Resource::kCpu].floor == 0.010);
  CHECK(policy.resources[Resource::kMemory].floor == 32 * kMi);
  CHECK(policy.min_history == std::chrono::days(3));
  CHECK(policy.min_change == 0.10);
}

TEST_CASE("CPU rounds up to 1m below 100m, 5m below 1 core, 50m above") {
  struct Row {
    double value;
    double expected;
  };
  const Row rows[] = {
      {0, 0},           {0.0001, 0.001}, {0.001, 0.001},  {0.0123, 0.013}, {0.0999, 0.1},
      {0.0991, 0.1},    {0.1, 0.1},      {0.1001, 0.105}, {0.105, 0.105},  {0.387, 0.39},
      {0.1 + 0.2, 0.3}, {0.9951, 1},     {0.999, 1},      {1, 1},          {1.0001, 1.05},
      {1.26, 1.3},      {7.02, 7.05},    {0.35, 0.35},    {1.15, 1.15},    {63.99, 64},
  };
  for (const Row& row : rows) {
    INFO(row.value);
    // Equal to the last bit: 7 x 0.05 would be 0.35000000000000003.
    CHECK(round_up(row.value, default_policy().resources[Resource::kCpu].grid) == row.expected);
  }
}

TEST_CASE("memory rounds up to 1Mi, and to 16Mi from 1Gi on") {
  struct Row {
    double value;
    double expected;
  };
  const Row rows[] = {
      {1, kMi},           {kMi, kMi}, {kMi + 1, 2 * kMi},           {300.5 * kMi, 301 * kMi},
      {kGi - 1, kGi},     {kGi, kGi}, {kGi + 1024, kGi + 16 * kMi}, {1.2 * kGi, 1232 * kMi},
      {2 * kGi, 2 * kGi},
  };
  for (const Row& row : rows) {
    INFO(row.value);
    CHECK(round_up(row.value, default_policy().resources[Resource::kMemory].grid) == row.expected);
  }
}

TEST_CASE("rounding twice is rounding once, and never lowers") {
  for (const Resource resource : kResources) {
    const auto grid = default_policy().resources[resource].grid;
    const double unit = resource == Resource::kCpu ? 0.0007 : 123'457.0;
    for (int i = 1; i < 20'000; ++i) {
      const double rounded = round_up(i * unit, grid);
      REQUIRE(rounded >= i * unit * (1 - 1e-9));
      REQUIRE(round_up(rounded, grid) == rounded);
    }
  }
}

TEST_CASE("an empty grid and a grid that begins higher leave a value as it is") {
  CHECK(round_up(0.1234567, {}) == 0.1234567);
  CHECK(round_up(0.1234567, {{1.0, 0.5}}) == 0.1234567);
  CHECK(round_up(1.1, {{1.0, 0.5}}) == 1.5);
}

}  // namespace
}  // namespace loadline
