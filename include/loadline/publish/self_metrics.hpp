/// loadline's metrics of itself: counters, gauges and histograms in one table, each named once.
/// Thread-safe.
#pragma once

#include <memory>
#include <string_view>

#include "loadline/publish/metrics.hpp"

namespace loadline {

/// Events that are counted. Every degraded mode has one.
enum class Count {
  kCyclesComplete,        ///< loadline_cycles_total{outcome="complete"}
  kCyclesIncomplete,      ///< ... published, with something missing that the report names
  kCyclesFailed,          ///< ... nothing new could be published
  kCyclesCancelled,       ///< ... the program was asked to stop
  kSamplesRead,           ///< loadline_samples_read_total
  kSeriesRead,            ///< loadline_series_read_total
  kBytesRead,             ///< loadline_read_bytes_total
  kSamplesFolded,         ///< loadline_samples_folded_total
  kSamplesDuplicate,      ///< loadline_samples_dropped_total{reason="duplicate"}
  kSamplesInvalid,        ///< ...
  kSamplesOutside,        ///< ... outside the window
  kSamplesZero,           ///< ... zero memory of finished containers
  kSamplesOutOfOrder,     ///< ... lost
  kCounterResets,         ///< loadline_cpu_resets_total
  kGaps,                  ///< loadline_gaps_total
  kServerWarnings,        ///< loadline_server_warnings_total: partial answers
  kReadPathFallbacks,     ///< loadline_read_path_fallbacks_total
  kKubeStateMetricsLost,  ///< loadline_kube_state_metrics_missing_total: cycles without it
  kPrometheusRetries,     ///< loadline_prometheus_retries_total
  kStoreErrors,           ///< loadline_store_errors_total: batches that could not be saved
  kStoreSetAside,         ///< loadline_store_set_aside_total
  kStateRebuilt,   ///< loadline_state_rebuilt_total: settings that decide the profiles changed
  kConfigReloads,  ///< loadline_config_reloads_total{outcome="applied"}
  kConfigReloadsRefused,  ///< ... {outcome="refused"}
  kPatchesCreated,        ///< loadline_patch_files_written_total{action="create"}
  kPatchesUpdated,        ///< ... {action="update"}
  kPatchesRemoved,        ///< ... {action="remove"}
  kPatchErrors,           ///< loadline_patch_errors_total: cycles whose patches were not written
  kHttpRejected,          ///< loadline_http_rejected_total: over a limit of size, time or number
};

enum class Gauge {
  kReady,                   ///< loadline_ready
  kLastSuccessTimestamp,    ///< loadline_last_success_timestamp_seconds
  kReadUpToTimestamp,       ///< loadline_read_up_to_timestamp_seconds: the lowest mark
  kBackfillProgress,        ///< loadline_backfill_progress_ratio
  kIncomplete,              ///< loadline_incomplete: 1 while the published result lacks something
  kContainers,              ///< loadline_containers
  kRuns,                    ///< loadline_container_runs
  kStateBytes,              ///< loadline_state_memory_bytes: profiles and runs in memory
  kStateBytesPerContainer,  ///< loadline_state_memory_bytes_per_container
  kStoreBytes,              ///< loadline_store_size_bytes
  kStoreBytesPerContainer,  ///< loadline_store_size_bytes_per_container
  kPatchesEdited,           ///< loadline_patch_files_edited: kept as a hand has left them
  kConfigReloadSuccessful,  ///< loadline_config_last_reload_successful
  kConfigReloadTimestamp,   ///< loadline_config_last_reload_success_timestamp_seconds
};

enum class Timing {
  kCycle,      ///< loadline_cycle_duration_seconds
  kInventory,  ///< loadline_cycle_step_duration_seconds{step="inventory"}
  kRead,
  kStore,
  kRecommend,
  kPatch,
};

class SelfMetrics {
 public:
  SelfMetrics();
  ~SelfMetrics();
  SelfMetrics(const SelfMetrics&) = delete;
  SelfMetrics& operator=(const SelfMetrics&) = delete;

  void add(Count what, double amount = 1);
  void set(Gauge what, double value);
  void observe(Timing what, double seconds);
  /// loadline_prometheus_requests_total{code="200"}; 0: no answer came ("error").
  void add_request(int status);
  /// loadline_http_requests_total{handler,code} and
  /// loadline_http_request_duration_seconds{handler}; `handler` is one of a few fixed words, never
  /// the client's text.
  void add_http(std::string_view handler, int status, double seconds);

  /// All of them, with loadline_build_info{version} and the process_* metrics that Prometheus'
  /// clients share (CPU seconds, memory, descriptors, threads, start time). Writes no
  /// "# EOF".
  bool write(MetricsFormat format, const WritePiece& write) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace loadline
