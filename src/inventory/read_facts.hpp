/// Reads what else is known of containers and what bounds them: throttling, autoscalers,
/// LimitRanges, quotas, nodes. All of it is optional: a metric that is not there is no error.
#pragma once

#include "inventory/cluster_queries.hpp"
#include "loadline/inventory/inventory.hpp"

namespace loadline {

/// At most six requests, answered by as many rows as there are such objects; throttling by rows of
/// the containers that are throttled at all. A failed request is an error that names the metric.
Result<void> read_facts(ClusterQueries& queries, Inventory& inventory);

}  // namespace loadline
