#include <algorithm>
#include <utility>

#include "support/generate/blocks.hpp"
#include "support/generate/cadvisor.hpp"
#include "support/generate/evidence.hpp"
#include "support/generate/random.hpp"

namespace loadline::generate {
namespace {

ScrapeSchedule ksm_schedule(const Cluster& cluster, Ms interval) {
  Scraping scraping = cluster.scraping;
  scraping.interval = interval;
  return {scraping, mix(cluster.seed, "kube-state-metrics")};
}

/// The series of one metric of one run, from scrapes already taken.
void write_metric(const SeriesLabels& labels, CadvisorMetric metric,
                  const std::vector<Scrape>& scrapes, SeriesWriter& writer) {
  writer.begin(labels);
  for (const Scrape& scrape : scrapes)
    writer.sample(scrape.t, metric == CadvisorMetric::kCpu ? scrape.cpu_microseconds
                                                           : scrape.memory_bytes * 1'000'000);
  writer.end();
}

}  // namespace

BlockWriter::BlockWriter(const Cluster& cluster, const Options& options)
    : cluster_(cluster),
      timestamps_(options.timestamps),
      steps_(kube_state_series(cluster)),
      ksm_(ksm_schedule(cluster, options.ksm_interval)),
      from_(cluster.scraping.start) {
  for (StepSeries& series : evidence_series(cluster)) steps_.push_back(std::move(series));
  for (const Workload& workload : cluster.workloads)
    for (const Pod& pod : workload.pods)
      for (const Run& run : pod.runs)
        sources_.push_back({.workload = &workload, .pod = &pod, .run = &run});
}

std::uint64_t BlockWriter::write(Ms limit, SeriesWriter& writer) {
  std::uint64_t samples = 0;
  for (Source& source : sources_)
    if (source.run->start < limit) samples += write_run(source, limit, writer);
  for (const StepSeries& series : steps_)
    if (series.steps.front().from < limit) samples += write_steps(series, limit, writer);
  std::erase_if(sources_, [&](const Source& source) { return source.run->linger_end <= limit; });
  from_ = limit;
  return samples;
}

std::uint64_t BlockWriter::write_run(Source& source, Ms limit, SeriesWriter& writer) {
  if (!source.simulator)
    source.simulator = std::make_unique<RunSimulator>(cluster_, *source.workload, *source.pod,
                                                      *source.run, timestamps_);
  scrapes_.clear();
  while (const auto scrape = source.simulator->next(limit))
    if (scrape->t >= cluster_.scraping.start) scrapes_.push_back(*scrape);
  if (scrapes_.empty()) return 0;
  for (const CadvisorMetric metric : {CadvisorMetric::kCpu, CadvisorMetric::kMemory})
    write_metric(cadvisor_labels(metric, *source.workload, *source.pod, *source.run), metric,
                 scrapes_, writer);
  return 2 * scrapes_.size();
}

std::uint64_t BlockWriter::write_steps(const StepSeries& series, Ms limit, SeriesWriter& writer) {
  const Ms end = std::min(limit, series.until);
  std::uint64_t samples = 0;
  std::size_t step = 0;
  writer.begin(series.labels);
  for (auto scrape = ksm_.first_from(std::max(from_, series.steps.front().from));
       ksm_.time_of(scrape) < end; ++scrape) {
    if (ksm_.missed(scrape)) continue;
    const Ms t = ksm_.time_of(scrape);
    while (step + 1 < series.steps.size() && series.steps[step + 1].from <= t) ++step;
    writer.sample(t, series.steps[step].millionths);
    ++samples;
  }
  writer.end();
  return samples;
}

}  // namespace loadline::generate
