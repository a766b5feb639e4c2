/// When Prometheus scrapes a target: every interval at the target's own offset, a few milliseconds
/// off now and then, missing a scrape now and then, and not at all while Prometheus itself is down.
#pragma once

#include <cstdint>

#include "support/generate/load.hpp"

namespace loadline::generate {

/// What all targets share. [start, end) is the generated range; the outage lies inside it.
struct Scraping {
  Ms start = 0;
  Ms end = 0;
  Ms interval = 30 * kSecond;
  Ms outage_start = 0;
  Ms outage_end = 0;
  double missed_share = 0.002;
};
/// With an outage of 40 minutes a good third into the range.
Scraping make_scraping(Ms start, Ms end, Ms interval);

/// The schedule of one target.
class ScrapeSchedule {
 public:
  ScrapeSchedule(const Scraping& scraping, std::uint64_t target_seed);

  /// The number of the first scrape at or after `t`; scrape 0 is the first of the range.
  [[nodiscard]] std::int64_t first_from(Ms t) const;
  [[nodiscard]] Ms time_of(std::int64_t scrape) const;
  /// True where no sample was stored.
  [[nodiscard]] bool missed(std::int64_t scrape) const;

 private:
  Scraping scraping_{};
  std::uint64_t seed_ = 0;
  Ms first_ = 0;
};

}  // namespace loadline::generate
