#include "recommend/confidence.hpp"

#include "profiles.hpp"
#include "support/catch.hpp"

namespace loadline::recommend_stage {
namespace {

using test::profile_of;
using test::steady;
using Level = Confidence::Level;

constexpr Milliseconds kThreeDays = std::chrono::days(3);

Confidence of(int days, std::uint32_t scrapes_seen) {
  return confidence_of(
      profile_of(steady(1, 1, days, scrapes_seen), steady(100, 100, days, scrapes_seen)),
      kThreeDays);
}

TEST_CASE("confidence comes from time and coverage") {
  struct Row {
    int days = 0;
    std::uint32_t scrapes_seen = 0;  // of 1440
    Level level = Level::kLow;
    std::string why{};
  };
  const Row rows[] = {
      {14, 1440, Level::kHigh, "13.9 days of history with every weekday, 100% of the scrapes"},
      {14, 1295, Level::kMedium, "only 89.9% of the scrapes"},
      {14, 700, Level::kLow, "only 48.6% of the scrapes"},
      {6, 1440, Level::kMedium, "only 6 of the 7 weekdays were seen"},
      {2, 1440, Level::kLow, "only 1.9 days of history"},
      {0, 0, Level::kLow, "no usage was seen"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.days, row.scrapes_seen);
    CHECK(of(row.days, row.scrapes_seen).level == row.level);
    CHECK(of(row.days, row.scrapes_seen).why == row.why);
  }
}

}  // namespace
}  // namespace loadline::recommend_stage
