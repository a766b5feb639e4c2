/// The row of `meta` that holds what bounds recommendations from outside: LimitRanges, quotas, the
/// largest nodes.
#pragma once

#include <string>
#include <string_view>

#include "loadline/inventory/inventory.hpp"
#include "loadline/model/result.hpp"

namespace loadline {

/// The name of its row.
inline constexpr std::string_view kBoundsName = "bounds";
std::string write_bounds_row(const ClusterFacts& facts);
/// kCorrupt on bytes that write_bounds_row did not make.
Result<ClusterFacts> read_bounds_row(std::string_view name, std::string_view data);

}  // namespace loadline
