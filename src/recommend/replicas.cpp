#include "recommend/replicas.hpp"

#include <algorithm>

namespace loadline::recommend_stage {
namespace {

constexpr double kHot = 1.25;

std::span<const DayUsage> days_before(std::span<const DayUsage> days, std::int32_t end) {
  const auto at = std::ranges::lower_bound(days, end, {}, &DayUsage::day);
  return days.first(static_cast<std::size_t>(at - days.begin()));
}

UsageSketch sum_of(std::span<const DayUsage> days) {
  std::vector<const UsageSketch*> parts;
  parts.reserve(days.size());
  for (const DayUsage& day : days) parts.push_back(&day.sketch);
  return UsageSketch::sum(parts);
}

bool was_seen_for_a_day(std::span<const DayUsage> days) {
  return !days.empty() && days.back().last_ms - days.front().first_ms >= kMillisecondsPerDay;
}

}  // namespace

std::vector<PodTarget> pod_targets(Resource resource, const Policy& policy,
                                   std::span<const PodHistory> pods, std::int32_t end) {
  const bool any_long = std::ranges::any_of(pods, [&](const PodHistory& pod) {
    return was_seen_for_a_day(days_before(pod.days[resource], end));
  });
  std::vector<PodTarget> targets;
  for (const PodHistory& pod : pods) {
    const std::span<const DayUsage> days = days_before(pod.days[resource], end);
    if (any_long && !was_seen_for_a_day(days)) continue;
    const UsageSketch usage = sum_of(days);
    const std::optional<double> target = usage.quantile(policy.resources[resource].quantile);
    if (target) targets.push_back({pod.pod, *target, usage.max().value_or(0)});
  }
  std::ranges::stable_sort(targets, std::greater<>(), &PodTarget::target);
  return targets;
}

std::optional<double> target_of(Resource resource, const Policy& policy, const UsageSketch& usage,
                                std::span<const PodHistory> pods, std::int32_t end) {
  if (policy.aggregation == Aggregation::kPooled || pods.empty()) {
    return usage.quantile(policy.resources[resource].quantile);
  }
  const std::vector<PodTarget> targets = pod_targets(resource, policy, pods, end);
  if (targets.empty()) return std::nullopt;
  return targets.front().target;
}

ReplicaSpread spread_of(const std::vector<PodTarget>& targets,
                        const std::optional<double>& recommended) {
  ReplicaSpread spread{.pods = static_cast<std::uint32_t>(targets.size())};
  if (targets.empty()) return spread;
  spread.hottest = targets.front().target;
  const auto above = std::ranges::count_if(
      targets, [&](const PodTarget& pod) { return recommended && pod.target > *recommended; });
  spread.above_request = static_cast<std::uint32_t>(above);
  return spread;
}

bool is_hot(const ReplicaSpread& spread, const std::optional<double>& recommended) {
  return spread.pods > 1 && spread.hottest && recommended && *spread.hottest >= kHot * *recommended;
}

}  // namespace loadline::recommend_stage
