/// Cutting a range of time into pieces whose answers stay small: for the paths whose answers come
/// whole (the query API, remote read without streaming).
#pragma once

#include <cstdint>
#include <functional>

#include "loadline/model/result.hpp"
#include "loadline/model/time.hpp"
#include "loadline/prometheus/query_api.hpp"
#include "loadline/prometheus/source.hpp"
#include "loadline/prometheus/sources.hpp"

namespace loadline {

/// How long a piece of so many series may be: about `max_samples`, but at least ten scrape
/// intervals, because labels would outweigh samples in less.
Milliseconds piece_length(std::uint64_t series, PieceLimits limits);

/// What a piece's body may hold before it counts as too large: 64 bytes a sample, 1 KiB of labels a
/// series and 4 MiB, 256 MiB at most; twice what such answers really take.
std::size_t piece_body_bytes(std::uint64_t series, PieceLimits limits);

/// How many series the selection has, over-estimated rather than under: from the index where the
/// server tells, else a guess. Fails only where the server cannot be asked at all (kUnreachable,
/// kUnauthorized, kCancelled).
Result<std::uint64_t> estimate_series(QueryApi& api, const Selection& selection);

/// Reads `range` piece by piece in ascending time. A piece that `read_piece` finds kTooLarge is
/// halved and read again, as are all that follow, down to one scrape interval, where the error is
/// passed on with advice. The pieces are half-open and touch, so that no sample comes twice.
Result<ReadStats> read_in_pieces(TimeRange range, Milliseconds length, Milliseconds floor,
                                 const std::function<Result<ReadStats>(TimeRange)>& read_piece);

}  // namespace loadline
