/// Replicas by themselves: whose usage the pooled numbers hide.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "loadline/recommend/history.hpp"
#include "loadline/recommend/policy.hpp"
#include "loadline/recommend/recommendation.hpp"

namespace loadline::recommend_stage {

/// The target of one pod by its own samples.
struct PodTarget {
  std::string_view pod{};
  double target = 0;
  double max = 0;
};

/// The policy's quantile of each pod's days before `end`, the highest first. Pods that were seen
/// for less than a day are left out where others were seen longer: their start would stand for all
/// of their life.
std::vector<PodTarget> pod_targets(Resource resource, const Policy& policy,
                                   std::span<const PodHistory> pods, std::int32_t end);

/// By the policy's aggregation: the quantile of `usage` (all pods' days before `end`), or that of
/// the hottest pod where the pods are known. nullopt without usage.
std::optional<double> target_of(Resource resource, const Policy& policy, const UsageSketch& usage,
                                std::span<const PodHistory> pods, std::int32_t end);

/// `targets` held against the recommended request.
ReplicaSpread spread_of(const std::vector<PodTarget>& targets,
                        const std::optional<double>& recommended);

/// True where the hottest of several replicas lies 25 % and more above the recommended request.
bool is_hot(const ReplicaSpread& spread, const std::optional<double>& recommended);

}  // namespace loadline::recommend_stage
