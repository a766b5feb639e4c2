#include "loadline/recommend/change.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace loadline {
namespace {

constexpr double kNoise = 1e-9;
constexpr double kInfinite = std::numeric_limits<double>::infinity();

}  // namespace

double relative_change(const std::optional<double>& current,
                       const std::optional<double>& recommended) {
  if (!current && !recommended) return 0;
  if (!current || !recommended) return kInfinite;
  const double difference = std::abs(*recommended - *current);
  if (difference <= kNoise * std::abs(*current)) return 0;
  return *current > 0 ? difference / *current : kInfinite;
}

bool changes(const std::optional<double>& current, const std::optional<double>& recommended,
             double min_change) {
  const double change = relative_change(current, recommended);
  return change > 0 && change >= min_change - kNoise;
}

double largest_change(const Recommendation& recommendation) {
  double largest = 0;
  for (const ResourceAdvice& advice : recommendation.resources.values) {
    if (!advice.recommended.request) continue;
    if (!recommendation.current_known) return kInfinite;
    largest =
        std::max({largest, relative_change(advice.current.request, advice.recommended.request),
                  relative_change(advice.current.limit, advice.recommended.limit)});
  }
  return largest;
}

bool at_risk(const Recommendation& recommendation) {
  return std::any_of(recommendation.reasons.begin(), recommendation.reasons.end(),
                     [](const Reason& reason) { return is_risk(reason.code); });
}

bool at_risk(const Recommendation& recommendation, Resource resource) {
  return std::any_of(recommendation.reasons.begin(), recommendation.reasons.end(),
                     [resource](const Reason& reason) {
                       return is_risk(reason.code) && reason.resource == resource;
                     });
}

}  // namespace loadline
