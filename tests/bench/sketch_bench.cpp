// Nanoseconds of an insert, microseconds of merging a fortnight and asking for p95.
#include <benchmark/benchmark.h>

#include <cmath>
#include <random>
#include <vector>

#include "loadline/usage/profile.hpp"
#include "usage/sketch_accumulator.hpp"

namespace loadline {
namespace {

/// A container's day: diurnal with noise, about four octaves.
std::vector<Sample> day_of_cores(unsigned seed) {
  std::mt19937_64 random(seed);
  std::lognormal_distribution<double> noise(0, 0.3);
  std::vector<Sample> samples(2880);
  for (std::size_t i = 0; i < samples.size(); ++i)
    samples[i].value = 0.2 * (1.2 + std::sin(static_cast<double>(i) / 458)) * noise(random);
  return samples;
}

void insert(benchmark::State& state) {
  const auto samples = day_of_cores(1);
  SketchAccumulator accumulator;
  UsageSketch sketch;
  for (auto _ : state) {
    for (std::size_t at = 0; at < samples.size(); at += 120)
      accumulator(std::span(samples).subspan(at, 120));
    accumulator.flush_into(sketch);
  }
  benchmark::DoNotOptimize(sketch);
  state.counters["ns/insert"] =
      benchmark::Counter(static_cast<double>(state.iterations() * samples.size()) * 1e-9,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(insert);

void merge_14_days_and_p95(benchmark::State& state) {
  ResourceProfile profile;
  for (unsigned day = 0; day < 14; ++day) {
    DayUsage usage{.day = static_cast<std::int32_t>(day)};
    SketchAccumulator accumulator;
    accumulator(day_of_cores(day));
    accumulator.flush_into(usage.sketch);
    profile.days.push_back(usage);
  }
  for (auto _ : state) benchmark::DoNotOptimize(profile.merged().quantile(0.95));
  std::size_t bytes = 0;
  for (const DayUsage& day : profile.days) bytes += sizeof day + day.sketch.heap_bytes();
  state.counters["bytes"] = static_cast<double>(bytes);
}
BENCHMARK(merge_14_days_and_p95)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace loadline

BENCHMARK_MAIN();
