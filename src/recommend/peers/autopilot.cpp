#include <cmath>
#include <map>

#include "loadline/recommend/peers.hpp"

namespace loadline {
namespace {

constexpr double kMargin = 1.15;

struct Rule {
  double percentile = 0;
  double half_life_days = 0;
  bool is_load_adjusted = false;  ///< a sample counts as much as it uses
};

Rule rule_of(Resource resource) {
  return resource == Resource::kCpu ? Rule{0.95, 0.5, true} : Rule{0.98, 2, false};
}

/// Weight by value, ascending.
using Weights = std::map<double, double>;

Weights weights_of(const ResourceProfile& profile, const Rule& rule) {
  Weights weights;
  for (const DayUsage& day : profile.days) {
    const double age_days = profile.days.back().day - day.day;
    const double share = std::exp2(-age_days / rule.half_life_days);
    day.sketch.for_each_value([&](double value, std::uint64_t count) {
      weights[value] += share * static_cast<double>(count) * (rule.is_load_adjusted ? value : 1);
    });
  }
  return weights;
}

double percentile(const Weights& weights, double p) {
  double total = 0;
  for (const auto& [value, weight] : weights) total += weight;
  double sum = 0;
  for (const auto& [value, weight] : weights) {
    sum += weight;
    if (sum >= p * total * (1 - 1e-12)) return value;
  }
  return weights.rbegin()->first;
}

}  // namespace

Requirements autopilot_advice(const HistoryView& view) {
  Requirements advice;
  for (const Resource resource : kResources) {
    const Rule rule = rule_of(resource);
    const Weights weights = weights_of(view.pooled.resources[resource], rule);
    if (weights.empty()) continue;
    const double value = kMargin * percentile(weights, rule.percentile);
    advice[resource] = {value, value};
  }
  return advice;
}

}  // namespace loadline
