/// From the chunks of a streamed answer to the runs of samples a SeriesSink takes: trimmed to the
/// range, in order, each instant once, series that span frames joined.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "loadline/prometheus/source.hpp"
#include "prometheus/remote_read_messages.hpp"

namespace loadline {

class ChunkSeries {
 public:
  /// `sink` must outlive this.
  ChunkSeries(TimeRange range, SeriesSink& sink);
  ~ChunkSeries() { close(); }
  ChunkSeries(const ChunkSeries&) = delete;
  ChunkSeries& operator=(const ChunkSeries&) = delete;

  /// Fails with kCorrupt on a damaged chunk, kUnsupported on a float encoding that is not XOR.
  Result<void> take(const ChunkedSeriesView& series);
  /// Ends the series that is open.
  void close();
  [[nodiscard]] const ReadStats& stats() const { return stats_; }

 private:
  Result<void> take_in_order(const std::vector<ChunkView>& chunks);
  Result<void> take_overlapping(const std::vector<ChunkView>& chunks);
  Result<bool> decode(const ChunkView& chunk);
  void hand_over(std::span<const Sample> samples);

  SeriesSink& sink_;
  std::int64_t start_ms_;
  std::int64_t end_ms_;
  ReadStats stats_{};
  std::optional<Labels> open_{};
  bool begun_ = false;  // a series without samples in the range is never begun
  std::int64_t last_ms_ = INT64_MIN;
  std::vector<Sample> decoded_{};
};

}  // namespace loadline
