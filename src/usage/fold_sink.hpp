/// The sink of one thread: drops what is no new usage, takes rates, folds into days.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "usage/collector_state.hpp"
#include "usage/core_sums.hpp"
#include "usage/cpu_rate.hpp"
#include "usage/day_fold.hpp"

namespace loadline {

class FoldSink final : public UsageSink {
 public:
  explicit FoldSink(CollectorState& state);
  /// Adds what this sink counted to the collector's stats.
  ~FoldSink() override;
  FoldSink(const FoldSink&) = delete;
  FoldSink& operator=(const FoldSink&) = delete;

  void begin_series(const Labels& labels) override;
  void on_samples(std::span<const Sample> samples) override;
  void end_series() override;
  void end_selection() override;

 private:
  void open(Run& run, Resource resource, std::size_t series);
  /// Appends to work_ what lies in the window, is new to the run and is a usage at all.
  void take(std::span<const Sample> samples);
  [[nodiscard]] bool is_usage(double value);
  void fold_cpu(std::size_t fresh);
  void fold_memory();
  [[nodiscard]] bool all_taken_as_they_are(std::span<const Sample> samples) const;

  CollectorState& state_;
  const std::int64_t begin_ms_;
  const std::int64_t end_ms_;
  const CpuRateRule rule_;
  DayFold fold_;
  CollectorStats stats_{};

  Run* run_ = nullptr;  // the open run; nullptr: a series that is ignored
  Resource resource_ = Resource::kCpu;
  std::size_t series_ = 0;
  std::int64_t after_ms_ = 0;    // samples up to here are duplicates
  std::vector<Sample> work_{};   // CPU: the run's tail, then what was taken
  std::vector<Sample> rates_{};  // CPU: the values of one call
  CoreSums* core_ = nullptr;     // set while a per-core counter is open
  std::unordered_map<Run*, CoreSums> core_sums_{};
};

}  // namespace loadline
