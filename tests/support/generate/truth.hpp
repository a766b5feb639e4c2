/// What a perfect tool would find in the generated series.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "loadline/model/result.hpp"
#include "support/generate/cluster.hpp"
#include "support/generate/usage_samples.hpp"

namespace loadline::generate {

/// [start, end).
struct Window {
  Ms start = 0;
  Ms end = 0;
};

/// One container of one workload over a window, all pods pooled.
struct ContainerTruth {
  std::size_t workload = 0;
  std::size_t container = 0;
  std::size_t series = 0;  ///< runs with at least one sample
  Exact cpu{};             ///< cores
  Exact memory{};          ///< bytes; zeros of finished containers are no usage
};

/// Simulates every run once. Scrapes outside the window do not exist: the first usage sample of a
/// series needs two scrapes inside it.
std::vector<ContainerTruth> measure(const Cluster& cluster, Timestamps timestamps,
                                    const Window& window);
/// Settles what each container asks for, from its shape's multiples of the measured p95: cores in
/// whole millicores, bytes in whole MiB, both rounded up.
void settle_requirements(Cluster& cluster, const std::vector<ContainerTruth>& truth);
/// Pods alive and not finished at that moment.
std::size_t live_pods(const Workload& workload, Ms at);
/// The truth of the options' window as JSON, fields named as in loadline's report where they mean
/// the same.
Result<void> write_truth(const std::string& path, const Cluster& cluster,
                         const std::vector<ContainerTruth>& truth, const Options& options);

}  // namespace loadline::generate
