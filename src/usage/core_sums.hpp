/// Counters that come per core (cpu="cpu00", "cpu01", ...): summed by scrape before any rate is
/// taken.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

#include "loadline/model/series.hpp"

namespace loadline {

class CoreSums {
 public:
  void add(const Sample& sample) {
    Sum& sum = sums_[sample.t_ms];
    sum.value += sample.value;
    ++sum.cores;
  }
  /// Only scrapes that brought every core: a missing one would look like a counter reset.
  [[nodiscard]] std::vector<Sample> complete() const {
    std::vector<Sample> samples;
    std::uint32_t most = 0;
    for (const auto& [t_ms, sum] : sums_) most = std::max(most, sum.cores);
    for (const auto& [t_ms, sum] : sums_)
      if (sum.cores == most) samples.push_back({.t_ms = t_ms, .value = sum.value});
    return samples;
  }

 private:
  struct Sum {
    double value = 0;
    std::uint32_t cores = 0;
  };
  std::map<std::int64_t, Sum> sums_{};
};

}  // namespace loadline
