#include "loadline/recommend/spelling.hpp"

#include "support/catch.hpp"

namespace loadline {
namespace {

constexpr double kMi = 1024.0 * 1024.0;

TEST_CASE("requirements are spelled as Kubernetes would") {
  struct Row {
    Resource resource;
    double value;
    const char* expected;
  };
  const Row rows[] = {
      {Resource::kCpu, 0.25, "250m"},
      {Resource::kCpu, 2, "2"},
      {Resource::kCpu, 1.5, "1500m"},
      {Resource::kMemory, 512 * kMi, "512Mi"},
      {Resource::kMemory, 1536 * kMi, "1536Mi"},
      {Resource::kMemory, 2048 * kMi, "2Gi"},
      {Resource::kMemory, 500e6, "500M"},
      {Resource::kMemory, 2e9, "2G"},
      {Resource::kMemory, 128e6, "128M"},
      {Resource::kMemory, 500, "500"},
      {Resource::kMemory, 0, "0"},
      {Resource::kMemory, 500'000'001, "~477Mi"},
  };
  for (const Row& row : rows) {
    INFO(row.value);
    CHECK(spell_requirement(row.resource, row.value) == row.expected);
  }
}

TEST_CASE("measured values keep three digits at most, CPU whole millicores rounded up") {
  CHECK(spell_usage(Resource::kCpu, 0.3871) == "388m");
  CHECK(spell_usage(Resource::kCpu, 0.00001) == "1m");
  CHECK(spell_usage(Resource::kMemory, 1234567890) == "1.15Gi");
}

TEST_CASE("quantiles and decimals carry no trailing zeros") {
  CHECK(spell_quantile(0.95) == "p95");
  CHECK(spell_quantile(0.999) == "p99.9");
  CHECK(spell_quantile(1) == "p100");
  CHECK(spell_decimal(1.25, 1) == "1.2");
  CHECK(spell_decimal(3.0, 2) == "3");
  CHECK(spell_decimal(100, 0) == "100");
}

}  // namespace
}  // namespace loadline
