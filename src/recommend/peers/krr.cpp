#include <algorithm>
#include <vector>

#include "loadline/recommend/peers.hpp"

namespace loadline {
namespace {

constexpr double kMi = 1024.0 * 1024.0;
constexpr std::uint64_t kLeastSamples = 100;

UsageSketch whole(std::span<const DayUsage> days) {
  std::vector<const UsageSketch*> parts;
  parts.reserve(days.size());
  for (const DayUsage& day : days) parts.push_back(&day.sketch);
  return UsageSketch::sum(parts);
}

bool has_enough(const HistoryView& view, Resource resource) {
  std::uint64_t samples = 0;
  for (const DayUsage& day : view.pooled.resources[resource].days) samples += day.sketch.count();
  return samples >= kLeastSamples;
}

Requirement cpu_advice(const HistoryView& view) {
  constexpr double kFloor = 0.010;
  double highest = kFloor;
  for (const PodHistory& pod : view.pods) {
    const std::optional<double> p95 = whole(pod.days[Resource::kCpu]).quantile(0.95);
    highest = std::max(highest, p95.value_or(0));
  }
  return {highest, std::nullopt};
}

Requirement memory_advice(const HistoryView& view) {
  constexpr double kFloor = 100 * kMi;
  constexpr double kBuffer = 1.15;
  double highest = 0;
  for (const DayUsage& day : view.pooled.resources[Resource::kMemory].days) {
    highest = std::max(highest, day.sketch.max().value_or(0));
  }
  const double value = std::max(kFloor, kBuffer * highest);
  return {value, value};
}

}  // namespace

Requirements krr_advice(const HistoryView& view) {
  Requirements advice;
  if (has_enough(view, Resource::kCpu)) advice[Resource::kCpu] = cpu_advice(view);
  if (has_enough(view, Resource::kMemory)) advice[Resource::kMemory] = memory_advice(view);
  return advice;
}

}  // namespace loadline
