#include "support/generate/evidence.hpp"

#include <algorithm>
#include <cmath>

#include "support/generate/cadvisor.hpp"

namespace loadline::generate {
namespace {

constexpr std::uint64_t kOne = 1'000'000;
constexpr double kPeriodsPerHour = 36'000;  // of 100 ms

/// One run of one container, with all that its series are made of.
struct Process {
  const Cluster& cluster;
  const Workload& workload;
  const Pod& pod;
  const Run& run;

  [[nodiscard]] const ContainerShape& shape() const {
    return workload.shape->containers[run.container];
  }
  [[nodiscard]] Ms begin() const { return std::max(run.start, cluster.scraping.start); }
};

SeriesLabels labels_of(const Process& process, const char* metric) {
  SeriesLabels labels =
      cadvisor_labels(CadvisorMetric::kMemory, process.workload, process.pod, process.run);
  labels.metric = metric;
  return labels;
}

/// Grows by `an_hour` each hour.
StepSeries growing(const Process& process, const char* metric, double an_hour) {
  StepSeries series{.labels = labels_of(process, metric), .until = process.run.linger_end};
  const Ms end = std::min(process.run.end, process.cluster.scraping.end);
  for (Ms t = process.begin(), hours = 1; t < end; t += kHour, ++hours) {
    const auto count =
        static_cast<std::uint64_t>(std::llround(an_hour * static_cast<double>(hours)));
    series.steps.push_back({t, count * kOne});
  }
  return series;
}

void add_throttling(const Process& process, std::vector<StepSeries>& out) {
  const bool is_limited = process.workload.requirements[process.run.container].cpu_limit > 0;
  if (!is_limited || process.run.end < process.cluster.scraping.end) return;
  out.push_back(growing(process, "container_cpu_cfs_periods_total", kPeriodsPerHour));
  out.push_back(growing(process, "container_cpu_cfs_throttled_periods_total",
                        kPeriodsPerHour * process.shape().throttled_share));
}

void add_events(const Process& process, std::vector<StepSeries>& out) {
  const Ms before_end = process.shape().child_killed_before_end;
  if (before_end == 0) return;
  const Ms killed = std::max(process.begin(), process.cluster.scraping.end - before_end);
  out.push_back({.labels = labels_of(process, "container_oom_events_total"),
                 .steps = {{process.begin(), 0}, {killed, kOne}},
                 .until = process.run.linger_end});
}

}  // namespace

std::vector<StepSeries> evidence_series(const Cluster& cluster) {
  std::vector<StepSeries> out;
  for (const Workload& workload : cluster.workloads)
    for (const Pod& pod : workload.pods)
      for (const Run& run : pod.runs) {
        if (run.role != RunRole::kContainer) continue;
        const Process process{cluster, workload, pod, run};
        add_throttling(process, out);
        add_events(process, out);
      }
  return out;
}

}  // namespace loadline::generate
