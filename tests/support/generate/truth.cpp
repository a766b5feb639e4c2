#include "support/generate/truth.hpp"

#include <algorithm>
#include <cmath>

#include "support/generate/simulate.hpp"

namespace loadline::generate {
namespace {

struct Bag {
  std::vector<double> cpu{};
  std::vector<double> memory{};
  std::size_t series = 0;
};

void collect(RunSimulator& simulator, const Scraping& scraping, const Window& window, Bag& bag) {
  CpuUsage usage(scraping.interval);
  bool any = false;
  while (const auto scrape = simulator.next(window.end)) {
    if (scrape->t < scraping.start) continue;  // never stored
    // Scrapes before the window have no value of their own, but those in it look back at them.
    const auto cores = usage.at(scrape->t, static_cast<double>(scrape->cpu_microseconds) / 1e6);
    if (scrape->t < window.start) continue;
    any = true;
    if (cores) bag.cpu.push_back(*cores);
    if (scrape->memory_bytes > 0) bag.memory.push_back(static_cast<double>(scrape->memory_bytes));
  }
  bag.series += any ? 1 : 0;
}

Bag bag_of(const Cluster& cluster, const Workload& workload, std::size_t container,
           Timestamps timestamps, const Window& window) {
  Bag bag;
  for (const Pod& pod : workload.pods) {
    for (const Run& run : pod.runs) {
      if (run.role != RunRole::kContainer || run.container != container) continue;
      RunSimulator simulator(cluster, workload, pod, run, timestamps);
      collect(simulator, cluster.scraping, window, bag);
    }
  }
  return bag;
}

/// In whole parts of `per_unit`, rounded up; divided last, so that 0.824 is the double of that
/// text.
double settled(const Ask& ask, double scale, double p95, double per_unit) {
  const double value = ask.amount > 0 ? ask.amount * scale : ask.times_p95 * p95;
  return std::ceil(value * per_unit - 1e-9) / per_unit;
}

}  // namespace

std::vector<ContainerTruth> measure(const Cluster& cluster, Timestamps timestamps,
                                    const Window& window) {
  std::vector<ContainerTruth> all;
  for (std::size_t w = 0; w < cluster.workloads.size(); ++w) {
    const Workload& workload = cluster.workloads[w];
    for (std::size_t c = 0; c < workload.shape->containers.size(); ++c) {
      Bag bag = bag_of(cluster, workload, c, timestamps, window);
      all.push_back({.workload = w,
                     .container = c,
                     .series = bag.series,
                     .cpu = exact_statistics(std::move(bag.cpu)),
                     .memory = exact_statistics(std::move(bag.memory))});
    }
  }
  return all;
}

void settle_requirements(Cluster& cluster, const std::vector<ContainerTruth>& truth) {
  constexpr double kMillicores = 1000;
  constexpr double kMebibytes = 1 / kMiB;
  for (const ContainerTruth& one : truth) {
    Workload& workload = cluster.workloads[one.workload];
    const ContainerShape& shape = workload.shape->containers[one.container];
    const double cpu = one.cpu.p95.value_or(0.1);
    const double memory = one.memory.p95.value_or(64 * kMiB);
    workload.requirements[one.container] = {
        .cpu_request = settled(shape.cpu_asks.request, workload.scale, cpu, kMillicores),
        .cpu_limit = settled(shape.cpu_asks.limit, workload.scale, cpu, kMillicores),
        .memory_request = settled(shape.memory_asks.request, workload.scale, memory, kMebibytes),
        .memory_limit = settled(shape.memory_asks.limit, workload.scale, memory, kMebibytes)};
  }
}

std::size_t live_pods(const Workload& workload, Ms at) {
  return static_cast<std::size_t>(std::count_if(
      workload.pods.begin(), workload.pods.end(),
      [at](const Pod& pod) { return pod.created < at && pod.gone > at && pod.finished > at; }));
}

}  // namespace loadline::generate
