#include "recommend/growth.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <vector>

namespace loadline::recommend_stage {
namespace {

constexpr std::size_t kLeastDays = 3;
constexpr double kLeastRise = 1.2;
constexpr double kLeastExplained = 0.5;
constexpr double kLeastRising = 0.75;

struct Point {
  double day = 0;
  double value = 0;
};

/// From the first to the last complete day that has usage.
std::span<const DayUsage> complete_days(const ResourceProfile& profile, std::int32_t today) {
  const auto has_usage = [](const DayUsage& day) { return !day.sketch.empty(); };
  const auto end = std::ranges::lower_bound(profile.days, today, {}, &DayUsage::day);
  const auto first = std::find_if(profile.days.begin(), end, has_usage);
  const auto last =
      std::find_if(std::make_reverse_iterator(end), std::make_reverse_iterator(first), has_usage);
  return {first, last.base()};
}

double value_of(const DayUsage& day, double quantile) {
  return day.sketch.quantile(quantile).value_or(0);
}

std::vector<Point> points_of(std::span<const DayUsage> days, double quantile) {
  std::vector<Point> points;
  points.reserve(days.size());
  for (const DayUsage& day : days) {
    if (!day.sketch.empty())
      points.push_back({static_cast<double>(day.day), value_of(day, quantile)});
  }
  return points;
}

std::vector<double> slopes_between(const std::vector<Point>& points) {
  std::vector<double> slopes;
  slopes.reserve(points.size() * (points.size() - 1) / 2);
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (std::size_t j = i + 1; j < points.size(); ++j) {
      slopes.push_back((points[j].value - points[i].value) / (points[j].day - points[i].day));
    }
  }
  return slopes;
}

double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

bool mostly_rises(const std::vector<double>& slopes) {
  const auto rising = std::count_if(slopes.begin(), slopes.end(), [](double s) { return s > 0; });
  return static_cast<double>(rising) >= kLeastRising * static_cast<double>(slopes.size());
}

}  // namespace

std::optional<Growth> growth_of(const ResourceProfile& profile, double quantile,
                                std::int32_t today) {
  const std::span<const DayUsage> days = complete_days(profile, today);
  if (days.size() < kLeastDays) return std::nullopt;
  Growth growth{.first = value_of(days.front(), quantile),
                .last = value_of(days.back(), quantile),
                .days = days.back().day - days.front().day + 1};
  if (growth.last < kLeastRise * growth.first) return std::nullopt;
  const std::vector<Point> points = points_of(days, quantile);
  if (points.size() < kLeastDays) return std::nullopt;
  std::vector<double> slopes = slopes_between(points);
  if (!mostly_rises(slopes)) return std::nullopt;
  growth.slope_per_day = median(slopes);
  const double explained = growth.slope_per_day * (growth.days - 1);
  if (explained < kLeastExplained * (growth.last - growth.first)) return std::nullopt;
  return growth;
}

}  // namespace loadline::recommend_stage
