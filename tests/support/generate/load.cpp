#include "support/generate/load.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "support/generate/random.hpp"

namespace loadline::generate {
namespace {

/// 0 at 03:00, 1 at 15:00 UTC on a weekday.
double time_of_day(Ms t) {
  const double turn = static_cast<double>(t - 3 * kHour) / static_cast<double>(kDay);
  const double wave = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * turn);
  const Ms weekday = (t / kDay + 3) % 7;  // 0 is Monday: 1970-01-01 was a Thursday
  return weekday >= 5 ? 0.6 * wave : wave;
}

/// In [-1, 1], wandering from one minute's value to the next.
double wander(std::uint64_t seed, Ms t) {
  const auto minute = static_cast<std::uint64_t>(t / kMinute);
  const double part = static_cast<double>(t % kMinute) / static_cast<double>(kMinute);
  const double from = unit(mix(seed + minute));
  const double to = unit(mix(seed + minute + 1));
  return 2 * (from + (to - from) * part) - 1;
}

bool in_burst(const CpuLoad& load, std::uint64_t seed, Ms t) {
  const auto slot = static_cast<std::uint64_t>(t / (10 * kMinute));
  return unit(mix(seed + slot)) < load.burst_share;
}

}  // namespace

double cpu_cores(const CpuLoad& load, const LoadSeeds& seeds, Ms t) {
  double cores = load.cores;
  if (load.daily_cores > 0) cores += load.daily_cores * time_of_day(t);
  if (load.burst_share > 0 && in_burst(load, seeds.workload, t)) cores += load.burst_cores;
  return cores * std::exp(load.noise * wander(seeds.process, t));
}

double memory_bytes(const MemoryLoad& load, const LoadSeeds& seeds, Ms t, Ms age) {
  const double minutes = static_cast<double>(age) / static_cast<double>(kMinute);
  double bytes = load.bytes * (1 - 0.5 * std::exp(-minutes / 4));
  if (load.daily_bytes > 0) bytes += load.daily_bytes * time_of_day(t);
  bytes += load.leak_bytes_per_hour * minutes / 60;
  if (load.cache_bytes > 0) bytes += load.cache_bytes * std::fmod(minutes / 360, 1.0);
  bytes *= 1 + load.noise * wander(~seeds.process, t);
  return load.cap_bytes > 0 ? std::min(bytes, load.cap_bytes) : bytes;
}

}  // namespace loadline::generate
