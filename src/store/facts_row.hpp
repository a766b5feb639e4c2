/// The rows of `workload` (what a container asks for, and what happened to it), and the header of
/// the state in `meta`.
#pragma once

#include <string>
#include <string_view>

#include "loadline/inventory/inventory.hpp"
#include "loadline/model/result.hpp"
#include "loadline/store/profile_store.hpp"

namespace loadline {

std::string write_facts_row(const WorkloadKey& key, const WorkloadFacts& facts);
/// kCorrupt on bytes that write_facts_row did not make under this key.
Result<WorkloadFacts> read_facts_row(const WorkloadKey& key, std::string_view data);

/// The name of its row of `meta`.
inline constexpr std::string_view kHeaderName = "header";
std::string write_header_row(const StateHeader& header);
/// kCorrupt on bytes that write_header_row did not make.
Result<StateHeader> read_header_row(std::string_view name, std::string_view data);

}  // namespace loadline
