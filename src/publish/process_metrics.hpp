/// The process_* metrics that Prometheus' clients share, from /proc; Linux only. What cannot be
/// read has no metric.
#pragma once

#include <prometheus/metric_family.h>

#include <optional>
#include <string_view>
#include <vector>

namespace loadline::publish {

/// Of /proc/self/stat, in the units of the metrics.
struct ProcessStat {
  double cpu_seconds = 0;  ///< user and system
  double threads = 0;
  double start_seconds = 0;  ///< after the machine's start
  double virtual_bytes = 0;
  double resident_bytes = 0;

  bool operator==(const ProcessStat&) const = default;
};
/// The command's name may hold anything, blanks and brackets too. nullopt: not such a line.
std::optional<ProcessStat> parse_process_stat(std::string_view text, double ticks_per_second,
                                              double page_bytes);
/// The machine's start of /proc/stat, Unix seconds.
std::optional<double> parse_boot_time(std::string_view text);

std::vector<prometheus::MetricFamily> process_families();

}  // namespace loadline::publish
