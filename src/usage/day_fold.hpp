/// Folds the scrapes and values of one run into the days of its profile. Hot: called for every
/// sample.
#pragma once

#include <cstdint>

#include "loadline/usage/profile.hpp"
#include "usage/sketch_accumulator.hpp"

namespace loadline {

class DayFold {
 public:
  explicit DayFold(Milliseconds scrape_interval)
      : interval_ms_(scrape_interval.count()), half_more_ms_(interval_ms_ + interval_ms_ / 2) {}

  /// Values go into `profile` from here on; `previous_ms` is the run's latest scrape so far.
  void open(ResourceProfile& profile, std::int64_t previous_ms) {
    profile_ = &profile;
    previous_ms_ = previous_ms;
  }
  /// One scrape: counts for the coverage and moves to its day.
  void scrape(std::int64_t t_ms) {
    if (t_ms >= day_end_ms_ || t_ms < day_begin_ms_) move_to_day_of(t_ms);
    if (day_.scrapes_seen++ == 0) day_.first_ms = t_ms;
    day_.scrapes_expected += steps_since_previous(t_ms);
    previous_ms_ = t_ms;
  }
  /// The value of the scrape just counted, in [0, kUsageCeiling).
  void value(double value) { accumulator_(value); }
  /// Gives everything to the profile.
  void close();
  [[nodiscard]] std::int64_t previous_ms() const { return previous_ms_; }

 private:
  /// Scrapes due between the run's previous one and this one, this one counted.
  [[nodiscard]] std::uint32_t steps_since_previous(std::int64_t t_ms) const {
    if (previous_ms_ == kNever || t_ms - previous_ms_ <= half_more_ms_) return 1;
    return static_cast<std::uint32_t>((t_ms - previous_ms_ + interval_ms_ / 2) / interval_ms_);
  }
  void move_to_day_of(std::int64_t t_ms);

 public:
  static constexpr std::int64_t kNever = INT64_MIN;

 private:
  std::int64_t interval_ms_;
  std::int64_t half_more_ms_;
  ResourceProfile* profile_ = nullptr;
  std::int64_t previous_ms_ = kNever;
  std::int64_t day_begin_ms_ = 0;
  std::int64_t day_end_ms_ = 0;
  DayUsage day_{};  // its sketch stays empty: values wait in the accumulator
  SketchAccumulator accumulator_{};
};

}  // namespace loadline
