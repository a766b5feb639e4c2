#include "usage/day_fold.hpp"

#include <algorithm>

namespace loadline {
namespace {

DayUsage& day_in(ResourceProfile& profile, std::int32_t day) {
  auto& days = profile.days;
  const auto at = std::ranges::lower_bound(days, day, {}, &DayUsage::day);
  if (at != days.end() && at->day == day) return *at;
  return *days.insert(at, DayUsage{.day = day});
}

}  // namespace

void DayFold::close() {
  if (day_.scrapes_seen > 0) {
    DayUsage& day = day_in(*profile_, day_.day);
    day.first_ms = day.scrapes_seen == 0 ? day_.first_ms : std::min(day.first_ms, day_.first_ms);
    day.last_ms = std::max(day.last_ms, previous_ms_);
    day.scrapes_seen += day_.scrapes_seen;
    day.scrapes_expected += day_.scrapes_expected;
    accumulator_.flush_into(day.sketch);
  }
  day_ = DayUsage{};
  day_begin_ms_ = day_end_ms_ = 0;
}

void DayFold::move_to_day_of(std::int64_t t_ms) {
  close();
  day_.day = utc_day(from_unix_ms(t_ms));
  day_begin_ms_ = to_unix_ms(start_of_day(day_.day));
  day_end_ms_ = day_begin_ms_ + kMillisecondsPerDay;
}

}  // namespace loadline
