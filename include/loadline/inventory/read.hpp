/// Reads what build_inventory needs, by the cheapest requests that tell it.
#pragma once

#include <string>

#include "loadline/inventory/inventory.hpp"
#include "loadline/prometheus/query_api.hpp"

namespace loadline {

struct InventoryOptions {
  std::string cluster_label{};  ///< e.g. "cluster"; empty: one cluster
};

/// Owners by /api/v1/series over the window (index only, no samples); current values by instant
/// queries at its end; the last values of workloads without a live pod by last_over_time on just
/// their pods. Without kube-state-metrics the inventory is empty and owners are inferred. A failed
/// request is an error, never an empty answer.
Result<Inventory> read_inventory(QueryApi& api, TimeRange window, const InventoryOptions& options);

}  // namespace loadline
