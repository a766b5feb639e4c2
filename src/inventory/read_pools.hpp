/// On which pools of nodes the pods of a workload run: for prices.
#pragma once

#include <string>

#include "inventory/cluster_queries.hpp"

namespace loadline {

/// Fills in WorkloadFacts::pools. `label` is that of kube_node_labels which names the pool.
/// Nodes without it, and pods whose node is not told, count for the pool "".
Result<void> read_pools(ClusterQueries& queries, const std::string& label, Inventory& inventory);

}  // namespace loadline
