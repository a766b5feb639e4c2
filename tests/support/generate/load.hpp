/// What a container uses at a moment, as a formula of few numbers: the shapes of real load.
///
/// Pure functions of time and seeds: replicas share the day and the bursts of their workload, each
/// has noise of its own.
#pragma once

#include <cstdint>

namespace loadline::generate {

using Ms = std::int64_t;

inline constexpr Ms kSecond = 1'000;
inline constexpr Ms kMinute = 60 * kSecond;
inline constexpr Ms kHour = 60 * kMinute;
inline constexpr Ms kDay = 24 * kHour;
inline constexpr double kMiB = 1024.0 * 1024.0;

struct CpuLoad {
  double cores = 0;        ///< at the quietest hour
  double daily_cores = 0;  ///< added at the busiest hour (15:00 UTC; 60 % of it on weekends)
  double noise = 0.1;      ///< the logarithm of the load wanders by this much within minutes
  double burst_cores = 0;  ///< added during bursts
  double burst_share = 0;  ///< share of the 10-minute slots that are bursts
};

struct MemoryLoad {
  double bytes = 0;                ///< after warming up, which takes minutes
  double daily_bytes = 0;          ///< added at the busiest hour
  double noise = 0.01;             ///< relative
  double leak_bytes_per_hour = 0;  ///< since the start of the process
  double cache_bytes = 0;          ///< page cache that fills over 6 hours and is dropped again
  double cap_bytes = 0;            ///< never more (a limit); 0: no cap
};

/// Whose load: the workload's seed makes the bursts, the process' own the noise.
struct LoadSeeds {
  std::uint64_t workload = 0;
  std::uint64_t process = 0;
};

double cpu_cores(const CpuLoad& load, const LoadSeeds& seeds, Ms t);
/// `age` is the time since the process started.
double memory_bytes(const MemoryLoad& load, const LoadSeeds& seeds, Ms t, Ms age);

}  // namespace loadline::generate
