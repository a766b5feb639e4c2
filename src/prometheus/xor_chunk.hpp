/// Decodes Prometheus' XOR chunks: Gorilla-style delta-of-delta timestamps and XORed values.
///
/// Format: https://github.com/prometheus/prometheus/blob/main/tsdb/docs/format/chunks.md ("XOR
/// chunk data"); 2-byte big-endian count, first sample as varint and 64 bits, second time as
/// uvarint delta, then bits. Hot: about 7 ns a sample.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "loadline/model/result.hpp"
#include "loadline/model/series.hpp"

namespace loadline {

/// Bytes that must be readable behind a chunk: bits are fetched eight bytes at a time.
inline constexpr std::size_t kChunkPadding = 32;

/// Puts the chunk's samples into `out` (what it held is replaced), without stale markers. `out` is
/// an argument because it is reused for millions of chunks. `chunk` must be followed by
/// kChunkPadding readable bytes. Fails with kCorrupt where the bits end before the samples do.
Result<void> decode_xor_chunk(std::span<const std::byte> chunk, std::vector<Sample>& out);

}  // namespace loadline
