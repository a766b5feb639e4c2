#include "loadline/recommend/change.hpp"

#include <limits>

#include "support/catch.hpp"

namespace loadline {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

TEST_CASE("the relative change is the distance over the current value") {
  struct Row {
    std::optional<double> current;
    std::optional<double> recommended;
    double expected;
  };
  const Row rows[] = {
      {2.0, 1.0, 0.5}, {1.0, 2.0, 1.0},       {1.0, 1.0, 0},
      {{}, {}, 0},     {{}, 1.0, kInfinite},  {1.0, {}, kInfinite},
      {0.0, 0.0, 0},   {0.0, 1.0, kInfinite}, {0.3, 0.1 + 0.2, 0},
  };
  for (const Row& row : rows) {
    INFO(row.current.value_or(-1) << " -> " << row.recommended.value_or(-1));
    CHECK(relative_change(row.current, row.recommended) == row.expected);
  }
}

TEST_CASE("a change of exactly the band counts, one just under it does not") {
  CHECK(changes(0.1, 0.11, 0.10));
  CHECK(changes(0.1, 0.09, 0.10));
  CHECK_FALSE(changes(0.1, 0.1099, 0.10));
  CHECK_FALSE(changes(0.1, 0.0901, 0.10));
  CHECK(changes(0.1, 0.1001, 0));
}

TEST_CASE("with no band at all, equal values are still no change") {
  CHECK_FALSE(changes(0.1, 0.1, 0));
  CHECK_FALSE(changes(std::nullopt, std::nullopt, 0));
}

TEST_CASE("the largest change of a container leaves out resources without advice") {
  Recommendation row;
  row.current_known = true;
  row.resources[Resource::kCpu].current = {1.0, 2.0};
  CHECK(largest_change(row) == 0);
  row.resources[Resource::kCpu].recommended = {0.75, 1.0};
  CHECK(largest_change(row) == 0.5);
  row.current_known = false;
  CHECK(largest_change(row) == kInfinite);
}

TEST_CASE("a container is at risk where any of its reasons is one") {
  Recommendation row;
  row.reasons = {{ReasonCode::kRequestTooHigh, Resource::kCpu, ""}};
  CHECK_FALSE(at_risk(row));
  row.reasons.push_back({ReasonCode::kMaxAboveLimit, Resource::kMemory, ""});
  CHECK(at_risk(row));
  CHECK(at_risk(row, Resource::kMemory));
  CHECK_FALSE(at_risk(row, Resource::kCpu));
}

}  // namespace
}  // namespace loadline
