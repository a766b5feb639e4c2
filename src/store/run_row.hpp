/// A row of `run`: how far one run of a container has been read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "loadline/model/result.hpp"
#include "loadline/usage/state.hpp"

namespace loadline {

struct RunKey {
  RunId id{};
  std::uint32_t container_id = 0;
};

/// run.container is the caller's business: its id is a column of its own.
std::string write_run_row(const RunKey& key, const Run& run);
/// A run without a container. kCorrupt on bytes that write_run_row did not make under this key, or
/// that no reading can have left: a tail out of order or beyond the last sample.
Result<Run> read_run_row(const RunKey& key, std::string_view data);

}  // namespace loadline
