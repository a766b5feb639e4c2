/// Reads which containers were killed for want of memory, when, how often and under which limit.
#pragma once

#include "inventory/cluster_queries.hpp"
#include "loadline/inventory/inventory.hpp"

namespace loadline {

/// Adds the kills since `since` to the containers that are known. Their count is that of the window
/// alone: kills before it are told with their time, and count nothing. Steps on multiples of five
/// minutes are looked at, so that windows that follow one another see each of them once; an empty
/// window has none.
///
/// Two requests where nothing was killed: the index says in which pods something was. Only about
/// these more is asked, in batches of a namespace; or, where the window is short, of the whole
/// cluster at once. A failed request is an error that names the metric.
Result<void> read_kills(ClusterQueries& queries, TimePoint since, Inventory& inventory);

}  // namespace loadline
