/// CPU usage from the raw counter: the rule of usage/collector.hpp as one pure loop over samples.
///
/// The rule needs no phase: what comes out for a scrape depends only on the scrapes that lie at
/// most `window` (or two scrapes) before it, so a read may be cut anywhere as long as `tail_begin`
/// and what follows is put before the next samples.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "loadline/model/series.hpp"

namespace loadline {

struct CpuRateRule {
  std::int64_t window_ms = 60'000;
  std::int64_t gap_ms = 300'000;  ///< no value spans a longer gap between neighbouring scrapes
};

struct CpuRateOutcome {
  std::size_t tail_begin = 0;  ///< samples from here on are needed for the next value
  std::uint64_t resets = 0;
  std::uint64_t gaps = 0;
};

/// Seconds of CPU used between two scrapes; a counter that fell counts from zero.
inline double counter_increase(std::span<const Sample> samples, std::size_t from, std::size_t to) {
  double increase = 0;
  for (std::size_t k = from + 1; k <= to; ++k) {
    const double before = samples[k - 1].value;
    const double now = samples[k].value;
    increase += now >= before ? now - before : now;
  }
  return increase;
}

/// Calls emit(index, cores) for every sample from `fresh` on that has a value; those before `fresh`
/// are the tail of an earlier call. Times ascend strictly.
template <typename Emit>
CpuRateOutcome cpu_rates(std::span<const Sample> samples, std::size_t fresh,
                         const CpuRateRule& rule, Emit emit) {
  CpuRateOutcome outcome;
  std::size_t from = 0;   // the earlier scrape
  std::size_t reset = 0;  // the latest sample below its predecessor
  for (std::size_t i = 1; i < samples.size(); ++i) {
    const Sample& now = samples[i];
    const Sample& before = samples[i - 1];
    if (now.value < before.value) {
      reset = i;
      outcome.resets += i >= fresh ? 1 : 0;
    }
    if (now.t_ms - before.t_ms > rule.gap_ms) {
      from = i;
      outcome.gaps += i >= fresh ? 1 : 0;
    }
    while (from + 3 <= i && now.t_ms - samples[from + 1].t_ms >= rule.window_ms) ++from;
    const std::int64_t passed_ms = now.t_ms - samples[from].t_ms;
    if (i < fresh || from + 2 > i || passed_ms < rule.window_ms) continue;
    const double increase =
        reset <= from ? now.value - samples[from].value : counter_increase(samples, from, i);
    emit(i, increase * 1000 / static_cast<double>(passed_ms));
  }
  outcome.tail_begin = from;
  return outcome;
}

}  // namespace loadline
