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

/// The front of ascending samples that lies before `end_ms`.
std::span<const Sample> before(std::span<const Sample> samples, std::int64_t end_ms) {
  if (samples.empty() || samples.back().t_ms < end_ms) return samples;
  return {samples.begin(), std::ranges::lower_bound(samples, end_ms, {}, &Sample::t_ms)};
}

}  // namespace

void DayFold::fold(std::span<const Sample> scrapes, std::span<const Sample> values) {
  while (!scrapes.empty()) {
    const std::int64_t t_ms = scrapes.front().t_ms;
    if (t_ms >= day_end_ms_ || t_ms < day_begin_ms_) move_to_day_of(t_ms);
    const auto scrapes_of_day = before(scrapes, day_end_ms_);
    const auto values_of_day = before(values, day_end_ms_);
    count(scrapes_of_day);
    accumulator_(values_of_day);
    scrapes = scrapes.subspan(scrapes_of_day.size());
    values = values.subspan(values_of_day.size());
  }
}

/// A gap since the day before is carried in; one of more than a whole day is no longer counted:
/// what a profile's first day carries must not depend on days that have left the window.
void DayFold::count_first_of_day(std::int64_t t_ms) {
  const bool since_eve = previous_ms_ >= day_begin_ms_ - kMillisecondsPerDay;
  const std::uint32_t due = since_eve ? steps(previous_ms_, t_ms) : 1;
  day_.scrapes_expected += due;
  day_.scrapes_carried += due - 1;
  previous_ms_ = t_ms;
}

void DayFold::count(std::span<const Sample> scrapes) {
  if (day_.scrapes_seen == 0) day_.first_ms = scrapes.front().t_ms;
  day_.scrapes_seen += static_cast<std::uint32_t>(scrapes.size());
  if (previous_ms_ < day_begin_ms_) {
    count_first_of_day(scrapes.front().t_ms);
    scrapes = scrapes.subspan(1);
  }
  std::int64_t previous_ms = previous_ms_;
  std::uint32_t expected = 0;
  for (const Sample& scrape : scrapes) {
    expected += steps(previous_ms, scrape.t_ms);
    previous_ms = scrape.t_ms;
  }
  day_.scrapes_expected += expected;
  previous_ms_ = previous_ms;
}

void DayFold::close() {
  if (day_.scrapes_seen > 0) {
    DayUsage& day = day_in(*profile_, day_.day);
    day.first_ms = day.scrapes_seen == 0 ? day_.first_ms : std::min(day.first_ms, day_.first_ms);
    day.last_ms = std::max(day.last_ms, previous_ms_);
    day.scrapes_seen += day_.scrapes_seen;
    day.scrapes_expected += day_.scrapes_expected;
    day.scrapes_carried += day_.scrapes_carried;
    closed_days_.push_back(day_.day);
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
