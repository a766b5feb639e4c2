/// What Prometheus stores of one run, scrape by scrape.
///
/// cAdvisor refreshes its counters on its own clock, every 10 to 20 s, and a scrape sees the last
/// refresh: rates between neighbouring scrapes alternate although the load is steady.
#pragma once

#include <cstdint>
#include <optional>

#include "support/generate/cluster.hpp"

namespace loadline::generate {

/// The values as they will be written: whole microseconds and bytes, so that a decimal text and the
/// double that is made of it are both exact.
struct Scrape {
  Ms t = 0;
  std::uint64_t cpu_microseconds = 0;
  std::uint64_t memory_bytes = 0;
};

class RunSimulator {
 public:
  /// All referenced things must outlive the simulator.
  RunSimulator(const Cluster& cluster, const Workload& workload, const Pod& pod, const Run& run,
               Timestamps timestamps);

  /// The next stored scrape before `limit`; nullopt where there is none yet (or none at all).
  std::optional<Scrape> next(Ms limit);

 private:
  [[nodiscard]] Scrape seen_at(Ms t, Ms stamp) const;
  void refresh_until(Ms t);
  void refresh(Ms at);
  [[nodiscard]] Ms next_refresh() const;

  const Workload& workload_;
  const ContainerShape& shape_;
  const Run& run_;
  ScrapeSchedule schedule_;
  Timestamps timestamps_ = Timestamps::kScrape;
  LoadSeeds seeds_{};
  double part_ = 1;  ///< of the container's load that this row shows
  std::int64_t scrape_ = 0;
  Ms refreshed_ = 0;
  Ms stored_ = 0;
  double cpu_seconds_ = 0;
  double memory_ = 0;
};

}  // namespace loadline::generate
