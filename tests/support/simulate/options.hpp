/// The command line that loadline-simulate and loadline-seed share: `--name value` pairs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "loadline/model/result.hpp"
#include "loadline/model/time.hpp"
#include "support/simulate/cluster.hpp"

namespace loadline::simulate {

struct Options {
  ClusterSize cluster{};
  Milliseconds interval{30'000};  ///< between scrapes
  std::uint16_t port = 0;         ///< of loadline-simulate; 0: a free one
  // Of loadline-seed:
  int shard = 0;  ///< seeds the workloads of this shard alone
  int total_shards = 1;
  std::string state_dir{};
  std::string url{};              ///< of the server from which `serve` will read
  TimePoint now{};                ///< when `serve` will start
  Milliseconds stopped{300'000};  ///< how long before `now` the last cycle ended
};

/// kInvalidInput with a message that names the option.
Result<Options> parse_options(const std::vector<std::string>& arguments);

}  // namespace loadline::simulate
