/// Counters that come per core (cpu="cpu00", "cpu01", ...): summed by scrape before any rate is
/// taken.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "loadline/model/series.hpp"
#include "loadline/usage/state.hpp"

namespace loadline {

class CoreSums {
 public:
  /// What comes next is of this core.
  void open(std::string_view core) {
    last_ms_ = &last_by_core_.try_emplace(std::string(core), Track::kNever).first->second;
  }
  /// False for a scrape that the core has given already.
  bool add(const Sample& sample) {
    if (sample.t_ms <= *last_ms_) return false;
    *last_ms_ = sample.t_ms;
    Sum& sum = sums_[sample.t_ms];
    sum.value += sample.value;
    ++sum.cores;
    return true;
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
  std::map<std::string, std::int64_t> last_by_core_{};
  std::int64_t* last_ms_ = nullptr;
};

}  // namespace loadline
