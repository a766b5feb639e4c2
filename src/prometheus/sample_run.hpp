/// Hands the samples of one series to a sink in batches, keeping the sink's rules: inside the
/// range, ascending, no stale markers, and no series begun that has no sample. Belongs to one
/// thread.
#pragma once

#include <cstdint>
#include <vector>

#include "loadline/prometheus/source.hpp"

namespace loadline {

class SampleRuns {
 public:
  /// `sink` must outlive this.
  SampleRuns(SeriesSink& sink, TimeRange range);
  /// Closes a series that a failure left open, dropping what is not yet handed over.
  ~SampleRuns();
  SampleRuns(const SampleRuns&) = delete;
  SampleRuns& operator=(const SampleRuns&) = delete;

  /// The series that the following samples belong to.
  void begin(Labels labels);
  void add(Sample sample) {
    if (sample.t_ms < start_ms_ || sample.t_ms >= end_ms_ || is_stale_marker(sample.value)) return;
    if (sample.t_ms <= last_ms_) {
      // The same instant twice is a duplicate; an older one is lost.
      if (sample.t_ms < last_ms_) ++stats_.out_of_order;
      return;
    }
    last_ms_ = sample.t_ms;
    batch_.push_back(sample);
    if (batch_.size() == kBatch) flush();
  }
  void end();

  [[nodiscard]] const ReadStats& stats() const { return stats_; }

 private:
  static constexpr std::size_t kBatch = 4096;
  static constexpr std::int64_t kNever = INT64_MIN;

  void flush();

  SeriesSink& sink_;
  std::int64_t start_ms_ = 0;
  std::int64_t end_ms_ = 0;
  std::int64_t last_ms_ = kNever;
  bool begun_ = false;
  Labels labels_{};
  std::vector<Sample> batch_{};
  ReadStats stats_{};
};

}  // namespace loadline
