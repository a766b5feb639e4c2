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
  Touched take_touched() override;

 private:
  void open(RunEntry& run, Resource resource, std::uint64_t series);
  /// Cuts the samples before the window off; those of the lead-in go to work_, for the rate alone.
  std::span<const Sample> take_lead_in(std::span<const Sample> samples);
  /// Appends to work_ what lies in the window, is new to the run and is a usage at all.
  void take(std::span<const Sample> samples);
  void fold(std::size_t fresh);
  [[nodiscard]] bool is_usage(double value);
  void fold_cpu(std::size_t fresh);
  void fold_memory();
  [[nodiscard]] bool all_taken_as_they_are(std::span<const Sample> samples) const;

  CollectorState& state_;
  const std::int64_t lead_ms_;  // where the lead-in begins
  const std::int64_t begin_ms_;
  const std::int64_t end_ms_;
  const CpuRateRule rule_;
  DayFold fold_;
  CollectorStats stats_{};

  RunEntry* run_ = nullptr;   // the open run; nullptr: a series that is ignored
  Track* track_ = nullptr;    // of the open run
  bool has_changed_ = false;  // the open run
  Resource resource_ = Resource::kCpu;
  std::uint64_t series_ = 0;
  std::int64_t after_ms_ = 0;    // samples up to here are duplicates
  std::vector<Sample> work_{};   // CPU: the run's tail, then what was taken
  std::vector<Sample> rates_{};  // CPU: the values of one call
  CoreSums* core_ = nullptr;     // set while a per-core counter is open
  std::unordered_map<RunEntry*, CoreSums> core_sums_{};
  Touched touched_{};
};

}  // namespace loadline
