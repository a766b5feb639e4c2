/// One container's walk forward over its days.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "loadline/recommend/backtest.hpp"

namespace loadline::recommend_stage {

/// A pod's profile of the container.
struct PodProfile {
  std::string_view pod{};
  const ContainerProfile* profile = nullptr;
};

/// What a walk rests on; all of it outlives the walk.
struct WalkInput {
  const ContainerKey& key;
  const std::vector<PodProfile>& pods;  ///< by name
  std::size_t containers_of_pod = 1;
  const ContainerFacts* facts = nullptr;
  OwnerSource owner_source = OwnerSource::kKubeStateMetrics;
};

struct WalkResult {
  ContainerBacktest container{};
  std::vector<std::int32_t> judged_days{};  ///< ascending; empty: too young
};

/// Days of usage that must lie before the first judged one.
std::int32_t least_days(const BacktestOptions& options);

WalkResult walk(const WalkInput& input, const std::vector<BacktestPolicy>& policies,
                const BacktestOptions& options);

}  // namespace loadline::recommend_stage
