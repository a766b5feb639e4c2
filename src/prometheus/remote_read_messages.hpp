/// The protobuf messages of remote read, as views and plain structs.
/// https://github.com/prometheus/prometheus/blob/main/prompb/remote.proto and types.proto
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "loadline/model/labels.hpp"
#include "loadline/model/result.hpp"
#include "loadline/model/series.hpp"
#include "loadline/prometheus/source.hpp"

namespace loadline {

enum class RemoteReadAnswer { kSamples = 0, kStreamedXorChunks = 1 };

/// A ReadRequest of one query, snappy-compressed: the body of POST /api/v1/read.
std::string encode_read_request(const Selection& selection, RemoteReadAnswer accepted);

/// Chunk.Encoding. Those between are histograms; 4 is Prometheus 3.11's XOR2.
inline constexpr std::int32_t kXorEncoding = 1;
inline constexpr std::int32_t kXor2Encoding = 4;

/// Views into the message they were read from.
struct ChunkView {
  std::int64_t min_ms = 0;
  std::int64_t max_ms = 0;
  std::int32_t encoding = 0;
  std::string_view data{};
};
struct ChunkedSeriesView {
  Labels labels{};
  std::vector<ChunkView> chunks{};
};

/// Calls on_series for each series of a ChunkedReadResponse. kCorrupt on anything that is none;
/// else the error of on_series.
Result<void> for_each_chunked_series(
    std::span<const std::byte> message,
    const std::function<Result<void>(const ChunkedSeriesView&)>& on_series);

/// Calls on_series for each series of a ReadResponse (already uncompressed). kCorrupt on anything
/// that is none.
Result<void> for_each_sampled_series(
    std::string_view message,
    const std::function<void(const Labels& labels, const std::vector<Sample>& samples)>& on_series);

/// Undoes snappy's block format; kCorrupt on damage, kTooLarge where more than `max_bytes` would
/// come out.
Result<std::string> snappy_uncompress(std::string_view compressed, std::size_t max_bytes);

}  // namespace loadline
