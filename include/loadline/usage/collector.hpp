/// Turns raw series into profiles. One Collector for a whole read; each reading thread takes its
/// own sink.
///
/// CPU usage (cores), one value at each scrape of the counter: the increase since the latest
/// earlier scrape that lies at least `cpu_window` and at least two scrapes back, divided by the
/// time that passed. A counter that falls has been reset and counts from zero. No value spans a gap
/// of more than max(5 min, 5 scrape intervals). (cAdvisor refreshes its counters on its own clock:
/// single-interval rates alternate between 0 and double.) Memory usage (bytes): the working set at
/// each scrape; zeros, which finished containers leave behind, are no usage.
///
/// A container's run is identified by (cluster, namespace, pod, container, id). Rates never cross
/// runs. What a run has given up to a time is given once: a second series of the same run (HA pair,
/// double scrape, repeated transfer) only adds what lies after it. So folding is idempotent, and
/// any cut of the time axis gives the same profiles as one read, as the tail of raw samples of each
/// run is kept.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "loadline/inventory/inventory.hpp"
#include "loadline/prometheus/source.hpp"
#include "loadline/usage/profile.hpp"

namespace loadline {

struct UsageOptions {
  Milliseconds cpu_window{60'000};
  Milliseconds scrape_interval{30'000};
  std::string cluster_label{};
  std::vector<std::string> replica_labels{"prometheus_replica", "replica"};
};

/// What was seen and not folded, each a line in the report's source section.
struct CollectorStats {
  std::uint64_t runs = 0;
  std::uint64_t samples_folded = 0;
  std::uint64_t duplicate_samples = 0;  ///< of a run already read up to there
  std::uint64_t invalid_samples = 0;    ///< NaN, infinite, negative
  std::uint64_t zero_memory_samples = 0;
  std::uint64_t counter_resets = 0;
  std::uint64_t gaps = 0;
  std::uint64_t ignored_series = 0;  ///< no pod or container label, POD, unknown metric
};

/// Thread-safe between sinks as long as all series of a namespace go through one sink at a time.
class UsageCollector {
 public:
  /// `inventory` must outlive the collector. Samples outside `window` are dropped.
  UsageCollector(const Inventory& inventory, UsageOptions options, TimeRange window);
  ~UsageCollector();

  /// A sink for one thread. Must not outlive the collector.
  std::unique_ptr<SeriesSink> make_sink();
  /// Ends the read: sums per-core counters, counts live pods. Call once, after all sinks are gone.
  void finish();
  [[nodiscard]] const ProfileSet& profiles() const;
  [[nodiscard]] CollectorStats stats() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace loadline
