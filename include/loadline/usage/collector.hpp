/// Turns raw series into profiles. One collector for a whole read, adding to a UsageState that may
/// have seen earlier ones; each reading thread takes a sink.
///
/// CPU usage (cores), one value at each scrape of the counter: the increase since the latest
/// earlier scrape that lies at least `cpu_window` and at least two scrapes back, divided by the
/// time that passed. A counter that falls has been reset and counts from zero. No value spans a gap
/// of more than max(5 min, 5 scrape intervals). (cAdvisor refreshes its counters on its own clock:
/// single-interval rates alternate between 0 and double.) Samples in the lead-in before the window
/// (`lead_in`) serve as the earlier scrape and give no value, so that a day has the same values
/// whether the window begins with it or not.
/// Memory usage (bytes): the working set at each scrape; zeros, which finished containers leave
/// behind, are no usage.
///
/// The run of a container is identified by (cluster, namespace, pod, container, id): a restarted
/// container is a new run, and rates never cross runs. What a run has given up to a time is given
/// once: a transfer that is repeated adds nothing, and another series of the same run (HA pair, the
/// same kubelet scraped twice) only takes over after a gap. So folding is idempotent, and any cut
/// of the time axis gives the same profiles, as the tail of raw samples of each run is kept.
///
/// A run stays with the container that owned it when it was first seen, but for one whose owner had
/// to be guessed: from the moment that kube-state-metrics tells the owner, samples go there.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "loadline/inventory/inventory.hpp"
#include "loadline/prometheus/source.hpp"
#include "loadline/usage/profile.hpp"
#include "loadline/usage/state.hpp"

namespace loadline {

inline constexpr std::string_view kCpuMetric = "container_cpu_usage_seconds_total";
inline constexpr std::string_view kMemoryMetric = "container_memory_working_set_bytes";

/// One of several instances that share the workloads (shard_of).
struct Shard {
  int index = 0;
  int total = 1;

  [[nodiscard]] bool holds(const WorkloadKey& workload) const {
    return total == 1 || shard_of(workload, total) == index;
  }
  bool operator==(const Shard&) const = default;
};

/// Whose profile a sample goes to. kPod keeps every pod apart, as WorkloadKey{cluster, namespace,
/// "Pod", pod name} whoever owns it: the day sketches of a workload's pods merge exactly into those
/// that kWorkload gives, so that one read serves both views (Inventory::owner_of joins them).
enum class ProfileBy { kWorkload, kPod };
/// The workload under which ProfileBy::kPod keeps this pod.
WorkloadKey pod_profile_key(const PodKey& pod);

struct UsageOptions {
  Milliseconds cpu_window{60'000};
  Milliseconds scrape_interval{30'000};
  std::string cluster_label{};  ///< empty: the identity has no cluster
  Shard shard{};                ///< usage of workloads that it does not hold is left out
  ProfileBy profile_by = ProfileBy::kWorkload;
  /// Containers whose pods get a profile each (ContainerKey::pod) instead of one together; empty:
  /// none. Called by one thread at a time.
  std::function<bool(const ContainerKey&)> keeps_pods_apart{};

  /// Neighbouring scrapes further apart belong to no common CPU value.
  [[nodiscard]] Milliseconds gap() const;
  /// How far before a window to begin reading, so that its first scrapes have their CPU values.
  [[nodiscard]] Milliseconds lead_in() const;
};

/// What was seen and not folded; lines of the report's source section. Adds up with +=.
struct CollectorStats {
  std::uint64_t runs = 0;  ///< container runs seen for the first time, each resource by itself
  std::uint64_t samples_folded = 0;
  std::uint64_t duplicate_samples = 0;  ///< of a run already read up to there
  std::uint64_t invalid_samples = 0;    ///< NaN, infinite, negative, beyond any machine
  std::uint64_t outside_samples = 0;    ///< outside the window
  std::uint64_t zero_memory_samples = 0;
  std::uint64_t counter_resets = 0;
  std::uint64_t gaps = 0;            ///< longer than a CPU value may span
  std::uint64_t ignored_series = 0;  ///< no pod or container label, POD, an unknown metric
  std::uint64_t foreign_series = 0;  ///< of other shards

  CollectorStats& operator+=(const CollectorStats& other);
};

/// A sink that may hold samples back: per-core counters are summed before they are folded.
class UsageSink : public SeriesSink {
 public:
  /// Call when a selection has been read to its end: folds what is held back.
  virtual void end_selection() = 0;
  /// What this sink has added to since the last call. Call between selections.
  virtual Touched take_touched() = 0;
};

struct CollectorState;

/// Thread-safe between sinks as long as all series of a namespace go through one sink at a time.
class UsageCollector {
 public:
  /// `state` and `inventory` must outlive the collector. Samples outside `window` are dropped.
  UsageCollector(UsageState& state, const Inventory& inventory, UsageOptions options,
                 TimeRange window);
  UsageCollector(UsageState& state, const Inventory&& inventory, UsageOptions options,
                 TimeRange window) = delete;  // it would be gone before the first sample
  ~UsageCollector();

  /// A sink for one thread. Must not outlive the collector.
  std::unique_ptr<UsageSink> make_sink();
  /// Counts the pods alive at the end of the window into the profiles. Call when all sinks are
  /// gone.
  void finish();
  /// What sinks had added to when they ended, and nobody had taken.
  Touched take_touched();
  [[nodiscard]] CollectorStats stats() const;

 private:
  std::unique_ptr<CollectorState> state_;
};

}  // namespace loadline
