#include "prometheus/chunk_series.hpp"

#include <algorithm>

#include "prometheus/xor_chunk.hpp"

namespace loadline {
namespace {

bool in_order(const std::vector<ChunkView>& chunks) {
  return std::ranges::adjacent_find(chunks, [](const ChunkView& a, const ChunkView& b) {
           return b.min_ms <= a.max_ms;
         }) == chunks.end();
}

bool ascending(const std::vector<Sample>& samples) {
  return std::ranges::adjacent_find(samples, [](const Sample& a, const Sample& b) {
           return b.t_ms <= a.t_ms;
         }) == samples.end();
}

void order_and_unite(std::vector<Sample>& samples) {
  std::ranges::stable_sort(samples, {}, &Sample::t_ms);
  // clang 14 cannot compile what std::ranges::unique returns.
  samples.erase(std::unique(samples.begin(), samples.end(),
                            [](const Sample& a, const Sample& b) { return a.t_ms == b.t_ms; }),
                samples.end());
}

}  // namespace

ChunkSeries::ChunkSeries(TimeRange range, SeriesSink& sink)
    : sink_(sink), start_ms_(to_unix_ms(range.start)), end_ms_(to_unix_ms(range.end)) {}

Result<void> ChunkSeries::take(const ChunkedSeriesView& series) {
  if (!open_ || *open_ != series.labels) {
    close();
    open_ = series.labels;
    last_ms_ = INT64_MIN;
  }
  return in_order(series.chunks) ? take_in_order(series.chunks) : take_overlapping(series.chunks);
}

void ChunkSeries::close() {
  if (begun_) sink_.end_series();
  begun_ = false;
  open_.reset();
}

/// False: a chunk to pass over, outside the range or of a histogram.
Result<bool> ChunkSeries::decode(const ChunkView& chunk) {
  if (chunk.max_ms < start_ms_ || chunk.min_ms >= end_ms_) return false;
  if (chunk.encoding == kXor2Encoding)
    return fail(ErrorKind::kUnsupported,
                "the server stores chunks in the XOR2 encoding, which this version cannot decode");
  if (chunk.encoding != kXorEncoding) {
    ++stats_.skipped_chunks;
    return false;
  }
  const auto bytes = std::as_bytes(std::span(chunk.data));
  if (auto decoded = decode_xor_chunk(bytes, decoded_); !decoded)
    return fail_while("series " + printable(*open_), std::move(decoded).error());
  return true;
}

Result<void> ChunkSeries::take_in_order(const std::vector<ChunkView>& chunks) {
  for (const ChunkView& chunk : chunks) {
    const Result<bool> wanted = decode(chunk);
    if (!wanted) return tl::unexpected(wanted.error());
    if (!*wanted) continue;
    if (!ascending(decoded_)) order_and_unite(decoded_);
    hand_over(decoded_);
  }
  return {};
}

Result<void> ChunkSeries::take_overlapping(const std::vector<ChunkView>& chunks) {
  std::vector<Sample> all;
  for (const ChunkView& chunk : chunks) {
    const Result<bool> wanted = decode(chunk);
    if (!wanted) return tl::unexpected(wanted.error());
    if (*wanted) all.insert(all.end(), decoded_.begin(), decoded_.end());
  }
  order_and_unite(all);
  hand_over(all);
  return {};
}

void ChunkSeries::hand_over(std::span<const Sample> samples) {
  while (!samples.empty() && samples.front().t_ms < start_ms_) samples = samples.subspan(1);
  while (!samples.empty() && samples.back().t_ms >= end_ms_)
    samples = samples.first(samples.size() - 1);
  while (!samples.empty() && samples.front().t_ms <= last_ms_) {
    stats_.out_of_order += samples.front().t_ms < last_ms_ ? 1 : 0;
    samples = samples.subspan(1);
  }
  if (samples.empty()) return;
  if (!begun_) {
    sink_.begin_series(*open_);
    begun_ = true;
    ++stats_.series;
  }
  last_ms_ = samples.back().t_ms;
  stats_.samples += samples.size();
  sink_.on_samples(samples);
}

}  // namespace loadline
