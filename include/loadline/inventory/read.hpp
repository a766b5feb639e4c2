/// Reads what build_inventory needs, by the cheapest requests that tell it.
#pragma once

#include <optional>
#include <string>

#include "loadline/inventory/inventory.hpp"
#include "loadline/prometheus/query_api.hpp"

namespace loadline {

struct InventoryOptions {
  std::string cluster_label{};  ///< e.g. "cluster"; empty: one cluster
  /// OOM kills from here on are told; nullopt: from the window's start on.
  std::optional<TimePoint> kills_since{};
  /// Where counting them begins, so that reads that follow one another count each kill once: kills
  /// before it are told with their time and count 0. nullopt: at the window's start.
  std::optional<TimePoint> kills_counted_from{};
  /// Label of kube_node_labels that names a node's pool; empty: pools are not asked for.
  std::string pool_label{};
};

/// Owners by /api/v1/series over the window (index only, no samples); current values by instant
/// queries at its end; the last values of workloads without a live pod by last_over_time on just
/// their pods. OOM kills: which pods by the index, then over the window for just these; throttling,
/// autoscalers, LimitRanges, quotas and nodes by instant queries that answer with few rows. The
/// metrics of these facts are optional: facts whose metric is missing are empty. Without
/// kube-state-metrics the inventory is empty and owners are inferred. A failed request is an error,
/// never an empty answer.
Result<Inventory> read_inventory(QueryApi& api, TimeRange window, const InventoryOptions& options);

}  // namespace loadline
