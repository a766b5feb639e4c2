/// Sums over recommendations, each container times its replicas.
///
/// Replicas are those alive at the end of the window: a CronJob between two runs has none and adds
/// nothing to the sums, as it asks the cluster for nothing then. Init containers count as rows but
/// add nothing either: the scheduler takes the larger of an init container's request and the sum of
/// the others, so that adding it would count what nobody can reclaim.
#pragma once

#include <cstdint>
#include <vector>

#include "loadline/recommend/recommendation.hpp"

namespace loadline {

/// In cores or bytes, replica-weighted. Only containers whose current values are known enter, so
/// that reclaimable is never earned by ignorance.
struct ResourceTotals {
  double requested = 0;  ///< today's requests
  /// What would be requested if the report were followed: the recommended requests of containers
  /// with the verdict change, today's of all others. Equals requested - reclaimable + missing.
  double recommended = 0;
  double reclaimable =
      0;  ///< sum of (current - recommended) where current is higher and the verdict is change
  std::uint32_t reclaimable_replicas = 0;  ///< replicas of the containers in `reclaimable`
  double missing =
      0;  ///< sum of (recommended - current) where it is lower or unset and the verdict is change
  std::uint32_t over_provisioned = 0;  ///< containers (of workloads, not replicas) in `reclaimable`
  std::uint32_t under_provisioned =
      0;  ///< containers at risk: request or limit too low, max above limit, or request unset
};

struct Totals {
  std::uint32_t workloads = 0;
  std::uint32_t containers = 0;  ///< rows
  std::uint32_t replicas = 0;    ///< container instances
  std::uint32_t at_risk = 0;     ///< rows with a risk of any resource
  PerResource<std::uint32_t> unset_requests{};
  std::uint32_t by_verdict[5] = {0, 0, 0, 0, 0};  ///< indexed by Verdict
  PerResource<ResourceTotals> resources{};
  std::optional<Cost> cost{};  ///< of the rows that have one
  Hindsight hindsight{};       ///< of all rows, each once and not once a replica
};

Totals total(const std::vector<Recommendation>& recommendations);

}  // namespace loadline
