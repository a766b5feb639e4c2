/// Folds the scrapes and values of one run into the days of its profile. Hot: every sample passes
/// here, a chunk at a time.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "loadline/model/series.hpp"
#include "loadline/usage/profile.hpp"
#include "loadline/usage/state.hpp"
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
    closed_days_.clear();
  }
  /// Ascending scrapes, counted for the coverage, and the usage values that they gave; a value
  /// bears the time of its scrape.
  void fold(std::span<const Sample> scrapes, std::span<const Sample> values);
  /// Gives everything to the profile.
  void close();
  [[nodiscard]] std::int64_t previous_ms() const { return previous_ms_; }
  /// The days that were added to since open.
  [[nodiscard]] const std::vector<std::int32_t>& closed_days() const { return closed_days_; }

 private:
  /// Scrapes due between the run's previous one and this one, this one counted.
  [[nodiscard]] std::uint32_t steps(std::int64_t previous_ms, std::int64_t t_ms) const {
    if (t_ms - previous_ms <= half_more_ms_) return 1;
    return static_cast<std::uint32_t>((t_ms - previous_ms + interval_ms_ / 2) / interval_ms_);
  }
  void move_to_day_of(std::int64_t t_ms);
  void count(std::span<const Sample> scrapes);
  void count_first_of_day(std::int64_t t_ms);

  std::int64_t interval_ms_;
  std::int64_t half_more_ms_;
  ResourceProfile* profile_ = nullptr;
  std::int64_t previous_ms_ = Track::kNever;
  std::vector<std::int32_t> closed_days_{};
  std::int64_t day_begin_ms_ = 0;
  std::int64_t day_end_ms_ = 0;
  DayUsage day_{};  // its sketch stays empty: values wait in the accumulator
  SketchAccumulator accumulator_{};
};

}  // namespace loadline
