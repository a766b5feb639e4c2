#include "support/generate/scrape.hpp"

#include <algorithm>

#include "support/generate/random.hpp"

namespace loadline::generate {

Scraping make_scraping(Ms start, Ms end, Ms interval) {
  const Ms outage_start = start + (end - start) * 5 / 14;
  return {.start = start,
          .end = end,
          .interval = interval,
          .outage_start = outage_start,
          .outage_end = outage_start + 40 * kMinute};
}

ScrapeSchedule::ScrapeSchedule(const Scraping& scraping, std::uint64_t target_seed)
    : scraping_(scraping),
      seed_(mix(target_seed)),
      // 10 ms from either end, so that a late or early scrape stays inside the range.
      first_(scraping.start + 10 +
             static_cast<Ms>(seed_ % static_cast<std::uint64_t>(scraping.interval - 20))) {}

std::int64_t ScrapeSchedule::first_from(Ms t) const {
  std::int64_t scrape = std::max<std::int64_t>(0, (t - first_) / scraping_.interval - 1);
  while (time_of(scrape) < t) ++scrape;
  return scrape;
}

Ms ScrapeSchedule::time_of(std::int64_t scrape) const {
  const std::uint64_t luck = mix(seed_, static_cast<std::uint64_t>(scrape));
  const Ms aligned = first_ + scrape * scraping_.interval;
  // Prometheus aligns what is at most 2 ms off; the rest is stored as it happened.
  return luck % 100 == 0 ? aligned + static_cast<Ms>(luck / 100 % 13) - 3 : aligned;
}

bool ScrapeSchedule::missed(std::int64_t scrape) const {
  const Ms t = time_of(scrape);
  if (t >= scraping_.outage_start && t < scraping_.outage_end) return true;
  return unit(mix(~seed_, static_cast<std::uint64_t>(scrape))) < scraping_.missed_share;
}

}  // namespace loadline::generate
