#include "loadline/model/time.hpp"

#include <algorithm>

namespace loadline {

std::int32_t utc_day(TimePoint t) {
  return static_cast<std::int32_t>(std::chrono::floor<std::chrono::days>(t.time_since_epoch()) /
                                   std::chrono::days(1));
}

TimePoint start_of_day(std::int32_t day) {
  return from_unix_ms(std::int64_t{day} * kMillisecondsPerDay);
}

TimeRange profiling_window(TimePoint now, std::chrono::days complete_days) {
  const TimePoint midnight = start_of_day(utc_day(now));
  return {.start = midnight - std::max(complete_days, std::chrono::days(0)), .end = now};
}

}  // namespace loadline
