/// Names and meanings of loadline's metrics of itself, in the order of the enums. A family with a
/// label stands in several rows.
#pragma once

#include <array>
#include <string_view>

#include "loadline/publish/self_metrics.hpp"

namespace loadline::publish {

struct OwnFamily {
  std::string_view name{};
  std::string_view help{};
};

template <typename What>
struct OwnMetric {
  What what{};
  OwnFamily family{};
  std::string_view label{};  ///< empty: none
  std::string_view label_value{};
};

inline constexpr OwnFamily kCycles{"loadline_cycles_total", "Cycles ended, by how they ended."};
inline constexpr OwnFamily kSamplesDropped{"loadline_samples_dropped_total",
                                           "Samples read and not folded, by why."};
inline constexpr OwnFamily kConfigReloads{"loadline_config_reloads_total",
                                          "Reloads of the configuration, by what became of them."};
inline constexpr OwnFamily kPatchFiles{"loadline_patch_files_written_total",
                                       "Files of the patch tree that were changed, by how."};
inline constexpr OwnFamily kCycleStep{"loadline_cycle_step_duration_seconds",
                                      "Duration of a cycle's steps."};

inline constexpr std::array<OwnMetric<Count>, 29> kCounts{{
    {Count::kCyclesComplete, kCycles, "outcome", "complete"},
    {Count::kCyclesIncomplete, kCycles, "outcome", "incomplete"},
    {Count::kCyclesFailed, kCycles, "outcome", "failed"},
    {Count::kCyclesCancelled, kCycles, "outcome", "cancelled"},
    {Count::kSamplesRead, {"loadline_samples_read_total", "Samples read from Prometheus."}},
    {Count::kSeriesRead, {"loadline_series_read_total", "Series read from Prometheus."}},
    {Count::kBytesRead, {"loadline_read_bytes_total", "Bytes of answers read from Prometheus."}},
    {Count::kSamplesFolded, {"loadline_samples_folded_total", "Samples folded into profiles."}},
    {Count::kSamplesDuplicate, kSamplesDropped, "reason", "duplicate"},
    {Count::kSamplesInvalid, kSamplesDropped, "reason", "invalid"},
    {Count::kSamplesOutside, kSamplesDropped, "reason", "outside"},
    {Count::kSamplesZero, kSamplesDropped, "reason", "zero"},
    {Count::kSamplesOutOfOrder, kSamplesDropped, "reason", "out_of_order"},
    {Count::kCounterResets,
     {"loadline_cpu_resets_total", "Resets of CPU counters met while folding."}},
    {Count::kGaps, {"loadline_gaps_total", "Gaps in a container's series, spanned by no rate."}},
    {Count::kServerWarnings,
     {"loadline_server_warnings_total", "Warnings of Prometheus: answers may be partial."}},
    {Count::kReadPathFallbacks,
     {"loadline_read_path_fallbacks_total", "Falls to a slower way of reading Prometheus."}},
    {Count::kKubeStateMetricsLost,
     {"loadline_kube_state_metrics_missing_total", "Cycles without series of kube-state-metrics."}},
    {Count::kPrometheusRetries,
     {"loadline_prometheus_retries_total", "Requests to Prometheus that were sent again."}},
    {Count::kStoreErrors,
     {"loadline_store_errors_total", "Batches that the store could not save."}},
    {Count::kStoreSetAside,
     {"loadline_store_set_aside_total", "Store files that were damaged and set aside."}},
    {Count::kStateRebuilt,
     {"loadline_state_rebuilt_total",
      "Times all profiles were read anew because settings that decide them changed."}},
    {Count::kConfigReloads, kConfigReloads, "outcome", "applied"},
    {Count::kConfigReloadsRefused, kConfigReloads, "outcome", "refused"},
    {Count::kPatchesCreated, kPatchFiles, "action", "create"},
    {Count::kPatchesUpdated, kPatchFiles, "action", "update"},
    {Count::kPatchesRemoved, kPatchFiles, "action", "remove"},
    {Count::kPatchErrors,
     {"loadline_patch_errors_total", "Cycles whose patches could not be written."}},
    {Count::kHttpRejected,
     {"loadline_http_rejected_total", "HTTP requests over a limit of size, time or number."}},
}};

inline constexpr std::array<OwnMetric<Gauge>, 14> kGauges{{
    {Gauge::kReady, {"loadline_ready", "1 while a complete and fresh result is published."}},
    {Gauge::kLastSuccessTimestamp,
     {"loadline_last_success_timestamp_seconds", "When the last cycle was published, Unix time."}},
    {Gauge::kReadUpToTimestamp,
     {"loadline_read_up_to_timestamp_seconds",
      "Up to when every series has been read, Unix time."}},
    {Gauge::kBackfillProgress,
     {"loadline_backfill_progress_ratio", "How much of the window's history has been read."}},
    {Gauge::kIncomplete,
     {"loadline_incomplete", "1 while the published result lacks something that it names."}},
    {Gauge::kContainers, {"loadline_containers", "Containers of workloads that have a profile."}},
    {Gauge::kRuns, {"loadline_container_runs", "Runs of containers whose last samples are kept."}},
    {Gauge::kStateBytes,
     {"loadline_state_memory_bytes", "Memory that profiles and runs of containers take."}},
    {Gauge::kStateBytesPerContainer,
     {"loadline_state_memory_bytes_per_container", "The same for each container."}},
    {Gauge::kStoreBytes, {"loadline_store_size_bytes", "Size of the store on disk."}},
    {Gauge::kStoreBytesPerContainer,
     {"loadline_store_size_bytes_per_container", "The same for each container."}},
    {Gauge::kPatchesEdited,
     {"loadline_patch_files_edited",
      "Files of the patch tree that were edited by hand and are kept."}},
    {Gauge::kConfigReloadSuccessful,
     {"loadline_config_last_reload_successful", "1 unless the last reload was refused."}},
    {Gauge::kConfigReloadTimestamp,
     {"loadline_config_last_reload_success_timestamp_seconds",
      "When the configuration in use was loaded, Unix time."}},
}};

inline constexpr std::array<OwnMetric<Timing>, 6> kTimings{{
    {Timing::kCycle, {"loadline_cycle_duration_seconds", "Duration of whole cycles."}},
    {Timing::kInventory, kCycleStep, "step", "inventory"},
    {Timing::kRead, kCycleStep, "step", "read"},
    {Timing::kStore, kCycleStep, "step", "store"},
    {Timing::kRecommend, kCycleStep, "step", "recommend"},
    {Timing::kPatch, kCycleStep, "step", "patch"},
}};

/// Whether the rows stand as the enum counts, so that a row is found by its number.
template <typename What, std::size_t N>
constexpr bool in_order(const std::array<OwnMetric<What>, N>& rows, What last) {
  for (std::size_t i = 0; i < N; ++i) {
    if (static_cast<std::size_t>(rows[i].what) != i) return false;
  }
  return rows[N - 1].what == last;
}
static_assert(in_order(kCounts, Count::kHttpRejected));
static_assert(in_order(kGauges, Gauge::kConfigReloadTimestamp));
static_assert(in_order(kTimings, Timing::kPatch));

}  // namespace loadline::publish
