#include "support/generate/simulate.hpp"

#include <algorithm>
#include <cmath>

#include "support/generate/random.hpp"

namespace loadline::generate {
namespace {

double part_of(RunRole role) {
  switch (role) {
    case RunRole::kContainer:
      return 1;
    case RunRole::kPodCgroup:
      return 1.02;
    case RunRole::kPause:
      return 0.001;
    case RunRole::kMonitor:
      return 0.005;
  }
  return 1;
}

}  // namespace

RunSimulator::RunSimulator(const Cluster& cluster, const Workload& workload, const Pod& pod,
                           const Run& run, Timestamps timestamps)
    : workload_(workload),
      shape_(workload.shape->containers[run.container]),
      run_(run),
      schedule_(cluster.node_schedule(pod.node)),
      timestamps_(timestamps),
      seeds_{.workload = workload.seed, .process = run.seed},
      part_(part_of(run.role) * workload.scale) {
  const Ms first = std::max(run.start, cluster.scraping.start - kMinute);
  refreshed_ = first;
  scrape_ = schedule_.first_from(first);
  const double age_seconds = static_cast<double>(first - run.start) / 1000;
  cpu_seconds_ = age_seconds * shape_.cpu.cores * part_;
}

std::optional<Scrape> RunSimulator::next(Ms limit) {
  for (;; ++scrape_) {
    const Ms t = schedule_.time_of(scrape_);
    if (t >= run_.linger_end) return std::nullopt;
    if (schedule_.missed(scrape_) && t < limit) continue;
    refresh_until(t);
    const Ms stamp = timestamps_ == Timestamps::kScrape ? t : refreshed_;
    if (stamp >= limit) return std::nullopt;
    if (refreshed_ == run_.start || stamp <= stored_ || schedule_.missed(scrape_)) continue;
    ++scrape_;
    stored_ = stamp;
    return seen_at(t, stamp);
  }
}

Scrape RunSimulator::seen_at(Ms t, Ms stamp) const {
  const bool zeroed = t >= run_.end && !run_.memory_lingers;
  return {.t = stamp,
          .cpu_microseconds = static_cast<std::uint64_t>(std::llround(cpu_seconds_ * 1e6)),
          .memory_bytes = zeroed ? 0 : static_cast<std::uint64_t>(memory_)};
}

void RunSimulator::refresh_until(Ms t) {
  const Ms last = std::min(t, run_.end);
  for (Ms at = next_refresh(); at <= last; at = next_refresh()) refresh(at);
}

Ms RunSimulator::next_refresh() const {
  const std::uint64_t luck = mix(run_.seed, static_cast<std::uint64_t>(refreshed_));
  return refreshed_ + 10 * kSecond + static_cast<Ms>(luck % 10'000);
}

void RunSimulator::refresh(Ms at) {
  const Ms middle = refreshed_ + (at - refreshed_) / 2;
  const double seconds = static_cast<double>(at - refreshed_) / 1000;
  if (refreshed_ < run_.counter_reset && at >= run_.counter_reset) cpu_seconds_ = 0;
  cpu_seconds_ += seconds * cpu_cores(shape_.cpu, seeds_, middle) * part_;
  memory_ = memory_bytes(shape_.memory, seeds_, at, at - run_.start) * part_;
  refreshed_ = at;
}

}  // namespace loadline::generate
