#include "support/generate/life.hpp"

namespace loadline::generate {
namespace {

constexpr Ms kAge = 20 * kDay;
constexpr Ms kQuietEnd = 3 * kHour;
constexpr Ms kKeptAfterSuccess = 30 * kMinute;

std::vector<PodLife> always(std::size_t replicas, Ms created) {
  std::vector<PodLife> lives;
  for (std::size_t i = 0; i < replicas; ++i) lives.push_back({.replica = i, .created = created});
  return lives;
}

std::vector<PodLife> rolled_out(std::size_t replicas, const Scraping& scraping) {
  const Ms rollout = scraping.start + (scraping.end - scraping.start) / 2;
  std::vector<PodLife> lives;
  for (std::size_t i = 0; i < replicas; ++i) {
    const Ms created = rollout + static_cast<Ms>(i) * kMinute;
    lives.push_back(
        {.replica = i, .created = scraping.start - kAge, .gone = created + 40 * kSecond});
    lives.push_back({.replica = i, .generation = 1, .created = created});
  }
  return lives;
}

std::vector<PodLife> by_daytime(std::size_t replicas, const Scraping& scraping) {
  std::vector<PodLife> lives = always(2, scraping.start - kAge);
  for (std::size_t i = 2; i < replicas; ++i) {
    for (Ms day = scraping.start; day < scraping.end; day += kDay) {
      const Ms shift = static_cast<Ms>(i) * 25 * kMinute;
      PodLife life{
          .replica = i, .created = day + 7 * kHour + shift, .gone = day + 21 * kHour - shift};
      if (life.created > scraping.end - kQuietEnd) continue;
      if (life.gone > scraping.end - kQuietEnd) life.gone = kForever;
      lives.push_back(life);
    }
  }
  return lives;
}

std::vector<PodLife> jobs(Ms first, Ms every, Ms lasting, Ms end) {
  std::vector<PodLife> lives;
  for (Ms created = first; created < end; created += every)
    lives.push_back({.created = created,
                     .finished = created + lasting,
                     .gone = created + lasting + kKeptAfterSuccess});
  return lives;
}

}  // namespace

std::vector<PodLife> pod_lives(const WorkloadShape& shape, const Scraping& scraping) {
  const auto replicas = static_cast<std::size_t>(shape.replicas);
  const Ms end = scraping.end;
  switch (shape.life) {
    case Life::kAlways:
      return always(replicas, scraping.start - kAge);
    case Life::kRolledOut:
      return rolled_out(replicas, scraping);
    case Life::kOneDayOld:
      return always(replicas, end - kDay);
    case Life::kByDaytime:
      return by_daytime(replicas, scraping);
    case Life::kHourADay:
      return jobs(scraping.start + kHour, kDay, kHour, end);
    case Life::kEveryHour:
      return jobs(scraping.start + 20 * kMinute, kHour, 5 * kMinute, end);
    case Life::kOnceBefore:
      return jobs(end - 6 * kDay, kForever, 3 * kHour, end);
  }
  return {};
}

}  // namespace loadline::generate
