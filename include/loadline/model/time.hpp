/// Instants, ranges and durations as Prometheus counts them: milliseconds since the Unix epoch,
/// UTC.
///
/// Ranges are half-open, [start, end), everywhere in loadline; where a backend thinks otherwise the
/// code that talks to it converts. A day is a UTC day.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "loadline/model/result.hpp"

namespace loadline {

using Milliseconds = std::chrono::milliseconds;
using TimePoint = std::chrono::sys_time<Milliseconds>;

inline constexpr std::int64_t kMillisecondsPerDay = 86'400'000;

/// [start, end); empty where end <= start.
struct TimeRange {
  TimePoint start{};
  TimePoint end{};

  [[nodiscard]] bool empty() const { return end <= start; }
  [[nodiscard]] Milliseconds length() const { return end - start; }
  bool operator==(const TimeRange&) const = default;
};

inline TimePoint from_unix_ms(std::int64_t ms) {
  return TimePoint(Milliseconds(ms));
}
inline std::int64_t to_unix_ms(TimePoint t) {
  return t.time_since_epoch().count();
}

/// The number of the UTC day that holds this instant, days since 1970-01-01. Right before 1970 too.
std::int32_t utc_day(TimePoint t);
/// Midnight UTC at which that day begins.
TimePoint start_of_day(std::int32_t day);

/// The profiling window: from midnight UTC `complete_days` before the day of `now`, to `now`.
/// The report and the daemon both use it, so that they print the same numbers.
TimeRange profiling_window(TimePoint now, std::chrono::days complete_days);

/// Reads a Prometheus duration: "14d", "1h30m", "500ms", "0s"; units y w d h m s ms, each at most
/// once and in that order. Fails with kInvalidInput and the text quoted.
Result<Milliseconds> parse_duration(std::string_view text);
/// The same in days and smaller units: "14d", "1h30m", "0s". parse_duration reads it back (but for
/// a negative one, which is written with a sign and never read).
std::string format_duration(Milliseconds duration);

/// "2026-11-24T16:20:57Z"; milliseconds are written only where there are some.
std::string format_rfc3339(TimePoint t);
/// Accepts RFC 3339 in UTC or with an offset, or Unix seconds ("1700000000", "1700000000.5"), of
/// the years 0 to 9999; digits beyond milliseconds are dropped.
Result<TimePoint> parse_time(std::string_view text);

}  // namespace loadline
