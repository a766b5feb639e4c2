#include "loadline/recommend/policy.hpp"

#include <cmath>

namespace loadline {
namespace {

constexpr double kMi = 1024.0 * 1024.0;
constexpr double kGi = 1024.0 * kMi;
/// A value this close above a grid point (relative) is that point with floating-point noise.
constexpr double kNoise = 1e-9;

/// k x step, exact to the last bit where 1 / step is whole: 7 x 0.05 is 0.35000000000000003, 7 / 20
/// is 0.35, and the latter is what would be written.
double multiple(double k, double step) {
  const double per_unit = std::round(1.0 / step);
  const bool is_fraction = step < 1.0 && std::abs(per_unit * step - 1.0) < kNoise;
  return is_fraction ? k / per_unit : k * step;
}

double step_at(double value, const std::vector<GridStep>& grid) {
  double step = 0;
  for (const GridStep& part : grid) {
    if (part.from <= value) step = part.step;
  }
  return step;
}

}  // namespace

std::string_view to_string(Aggregation aggregation) {
  return aggregation == Aggregation::kPooled ? "pooled" : "hottest";
}

Policy default_policy() {
  Policy policy;
  policy.resources[Resource::kCpu].floor = 0.010;
  policy.resources[Resource::kCpu].grid = {{0.0, 0.001}, {0.1, 0.005}, {1.0, 0.05}};
  policy.resources[Resource::kMemory].floor = 32 * kMi;
  policy.resources[Resource::kMemory].grid = {{0.0, kMi}, {kGi, 16 * kMi}};
  return policy;
}

std::optional<Policy> policy_preset(std::string_view name) {
  Policy policy = default_policy();
  policy.preset = name;
  if (name == "default") return policy;
  if (name == "conservative") {
    for (ResourcePolicy& resource : policy.resources.values) resource.quantile = 0.99;
    policy.guards.max_factor = 1.5;
    return policy;
  }
  if (name != "no-guards") return std::nullopt;
  policy.guards = {.max_factor = std::nullopt,
                   .oom_factor = std::nullopt,
                   .in_use = false,
                   .node = false,
                   .limit_range = false,
                   .quota = false,
                   .autoscaler = false,
                   .censored = false,
                   .growth = false};
  return policy;
}

std::vector<std::string> policy_preset_names() {
  return {"default", "conservative", "no-guards"};
}

double round_down(double value, const std::vector<GridStep>& grid) {
  const double step = step_at(value, grid);
  if (step <= 0) return value;
  const double rounded = multiple(std::floor(value / step * (1.0 + kNoise)), step);
  return rounded > 0 ? rounded : value;
}

double round_up(double value, const std::vector<GridStep>& grid) {
  const double step = step_at(value, grid);
  if (step <= 0) return value;
  return multiple(std::ceil(value / step * (1.0 - kNoise)), step);
}

}  // namespace loadline
