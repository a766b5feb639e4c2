/// Samples as they travel from Prometheus to the profiles.
#pragma once

#include <bit>
#include <cstdint>

namespace loadline {

/// One scraped value. Timestamps are Unix milliseconds, plain integers because tens of millions
/// pass a second.
struct Sample {
  std::int64_t t_ms = 0;
  double value = 0;

  bool operator==(const Sample&) const = default;
};

/// Prometheus marks the end of a series by a NaN with these very bits; such a sample is none.
/// Source: prometheus/model/value/value.go, StaleNaN.
inline constexpr std::uint64_t kStaleMarkerBits = 0x7ff0000000000002ULL;

inline bool is_stale_marker(double value) {
  return std::bit_cast<std::uint64_t>(value) == kStaleMarkerBits;
}

}  // namespace loadline
