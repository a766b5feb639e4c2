#include "recommend/confidence.hpp"

#include <bitset>
#include <cmath>

#include "loadline/recommend/spelling.hpp"

namespace loadline::recommend_stage {
namespace {

using Level = Confidence::Level;

constexpr double kHalf = 0.5;
constexpr double kNearlyAll = 0.9;
constexpr std::size_t kWeek = 7;

std::string days_text(double days) {
  return spell_decimal(std::floor(10 * days) / 10, 1) + " days of history";
}

std::string percent_of_scrapes(double ratio) {
  return spell_decimal(std::floor(1000 * ratio) / 10, 1) + "% of the scrapes";
}

/// Days since 1970-01-01 modulo 7: which weekday a number stands for does not matter here.
std::size_t weekdays_of(const ContainerProfile& profile) {
  std::bitset<kWeek> seen;
  for (const ResourceProfile& resource : profile.resources.values) {
    for (const DayUsage& day : resource.days) {
      seen.set(static_cast<std::size_t>((day.day % 7 + 7) % 7));
    }
  }
  return seen.count();
}

}  // namespace

Confidence confidence_of(const ContainerProfile& profile, Milliseconds min_history) {
  const Coverage coverage = coverage_of(profile);
  const double days =
      static_cast<double>(coverage.history.count()) / static_cast<double>(kMillisecondsPerDay);
  const double ratio = coverage.ratio.value_or(0);
  const std::size_t weekdays = weekdays_of(profile);
  if (!coverage.ratio) return {Level::kLow, "no usage was seen"};
  if (coverage.history < min_history) return {Level::kLow, "only " + days_text(days)};
  if (ratio < kHalf) return {Level::kLow, "only " + percent_of_scrapes(ratio)};
  if (weekdays < kWeek) {
    return {Level::kMedium, "only " + std::to_string(weekdays) + " of the 7 weekdays were seen"};
  }
  if (days < static_cast<double>(kWeek) - 1) return {Level::kMedium, "only " + days_text(days)};
  if (ratio < kNearlyAll) return {Level::kMedium, "only " + percent_of_scrapes(ratio)};
  return {Level::kHigh, days_text(days) + " with every weekday, " + percent_of_scrapes(ratio)};
}

}  // namespace loadline::recommend_stage
