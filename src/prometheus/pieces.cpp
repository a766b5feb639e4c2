#include "prometheus/pieces.hpp"

#include <algorithm>
#include <array>

namespace loadline {
namespace {

constexpr std::uint64_t kMinScrapes = 10;
constexpr std::uint64_t kGuessedSeries = 1000;
constexpr std::uint64_t kVeryManySeries = 100'000;
constexpr std::int64_t kMaxPieceMs = 366 * kMillisecondsPerDay;

Error with_advice(Error error, TimeRange range) {
  error.message = "reading " + format_rfc3339(range.start) + " to " + format_rfc3339(range.end) +
                  ", the least that can be asked for: " + error.message +
                  "; select fewer series at once (external label matchers, namespace filters) or " +
                  "raise the server's limit";
  return error;
}

}  // namespace

Milliseconds piece_length(std::uint64_t series, PieceLimits limits) {
  const std::uint64_t scrapes =
      std::max(kMinScrapes, limits.max_samples / std::max<std::uint64_t>(series, 1));
  const std::int64_t interval_ms =
      std::clamp<std::int64_t>(limits.scrape_interval.count(), 1, kMillisecondsPerDay);
  const auto longest = static_cast<std::uint64_t>(kMaxPieceMs / interval_ms);
  return Milliseconds(interval_ms * static_cast<std::int64_t>(std::min(scrapes, longest)));
}

std::size_t piece_body_bytes(std::uint64_t series, PieceLimits limits) {
  constexpr std::uint64_t kSampleBytes = 64;
  constexpr std::uint64_t kLabelBytes = 1024;
  constexpr std::uint64_t kSpareBytes = 4U << 20;
  const std::uint64_t samples = std::max(limits.max_samples, series * kMinScrapes);
  constexpr std::uint64_t kMostBytes = 256U << 20;
  return std::min(samples * kSampleBytes + series * kLabelBytes + kSpareBytes, kMostBytes);
}

Result<std::uint64_t> estimate_series(QueryApi& api, const Selection& selection) {
  constexpr std::array<std::string_view, 1> kName = {"__name__"};
  std::uint64_t series = 0;
  const Result<void> counted = api.for_each_series(selection.matchers, selection.range, kName,
                                                   [&series](const Labels&) { ++series; });
  if (counted) return series;
  switch (counted.error().kind) {
    case ErrorKind::kTooLarge:
      return kVeryManySeries;
    case ErrorKind::kUnsupported:
    case ErrorKind::kRejected:
      return kGuessedSeries;
    case ErrorKind::kInvalidInput:
    case ErrorKind::kUnreachable:
    case ErrorKind::kUnauthorized:
    case ErrorKind::kCancelled:
    case ErrorKind::kCorrupt:
    case ErrorKind::kInternal:
      break;
  }
  return tl::unexpected<Error>(counted.error());
}

Result<ReadStats> read_in_pieces(TimeRange range, Milliseconds length, Milliseconds floor,
                                 const std::function<Result<ReadStats>(TimeRange)>& read_piece) {
  floor = std::max(floor, Milliseconds(1));
  length = std::max(length, floor);
  ReadStats total;
  TimeRange piece{range.start, range.start};
  while (piece.start < range.end) {
    piece.end = range.end - piece.start > length ? piece.start + length : range.end;
    Result<ReadStats> stats = read_piece(piece);
    if (stats) {
      total += *stats;
      piece.start = piece.end;
    } else if (stats.error().kind != ErrorKind::kTooLarge) {
      return stats;
    } else if (piece.length() <= floor) {
      return tl::unexpected<Error>(with_advice(stats.error(), piece));
    } else {
      // The following pieces are likely as full.
      length = std::max(piece.length() / 2, floor);
    }
  }
  return total;
}

}  // namespace loadline
