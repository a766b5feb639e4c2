#include <algorithm>
#include <numeric>
#include <tuple>

#include "loadline/recommend/backtest.hpp"

namespace loadline {
namespace {

std::optional<double> ratio(double part, std::uint64_t whole) {
  if (whole == 0) return std::nullopt;
  return part / static_cast<double>(whole);
}

std::optional<double> ratio(std::uint64_t part, std::uint64_t whole) {
  return ratio(static_cast<double>(part), whole);
}

void add_ratios(BacktestRatios& ratios, const BacktestScore& score, Resource resource,
                std::size_t judged_days) {
  const std::uint64_t pod_days = score.pod_days[resource];
  ratios.above_request[resource] = ratio(score.above_request[resource], score.samples[resource]);
  ratios.slack[resource] = ratio(score.slack[resource], pod_days);
  if (pod_days == 0) return;
  ratios.requested[resource] = ratio(score.requested[resource], judged_days);
  if (score.unlimited_pod_days[resource] > 0) return;
  ratios.limits[resource] = ratio(score.limits[resource], judged_days);
}

double above(std::uint64_t samples, const BacktestScore& score) {
  return ratio(samples, score.samples[Resource::kCpu]).value_or(0);
}

}  // namespace

BacktestScore& BacktestScore::operator+=(const BacktestScore& other) {
  for (const Resource resource : kResources) {
    pod_days[resource] += other.pod_days[resource];
    slack[resource] += other.slack[resource];
    requested[resource] += other.requested[resource];
    limits[resource] += other.limits[resource];
    unlimited_pod_days[resource] += other.unlimited_pod_days[resource];
    samples[resource] += other.samples[resource];
    above_request[resource] += other.above_request[resource];
  }
  advised_pod_days += other.advised_pod_days;
  container_days += other.container_days;
  changes += other.changes;
  oom_days += other.oom_days;
  censored_oom_days += other.censored_oom_days;
  cpu_above_limit += other.cpu_above_limit;
  return *this;
}

BacktestRatios ratios_of(const BacktestScore& score, std::uint64_t eligible_pod_days,
                         std::size_t judged_days) {
  BacktestRatios ratios;
  const auto oom_days = static_cast<double>(score.oom_days);
  ratios.oom_days_per_100_pod_days = ratio(100 * oom_days, score.pod_days[Resource::kMemory]);
  ratios.cpu_above_limit = ratio(score.cpu_above_limit, score.samples[Resource::kCpu]);
  for (const Resource resource : kResources) add_ratios(ratios, score, resource, judged_days);
  ratios.changes_per_container_day = ratio(score.changes, score.container_days);
  ratios.coverage = ratio(score.advised_pod_days, eligible_pod_days);
  return ratios;
}

std::vector<std::size_t> worst_of(const Backtest& backtest, std::size_t policy, std::size_t most) {
  std::vector<std::size_t> worst;
  for (std::size_t i = 0; i < backtest.containers.size(); ++i) {
    const BacktestScore& score = backtest.containers[i].policies[policy].score;
    if (score.oom_days > 0 || score.cpu_above_limit > 0) worst.push_back(i);
  }
  const auto badness = [&](std::size_t i) {
    const BacktestScore& score = backtest.containers[i].policies[policy].score;
    return std::tuple(static_cast<double>(score.oom_days), above(score.cpu_above_limit, score),
                      above(score.above_request[Resource::kCpu], score));
  };
  std::stable_sort(worst.begin(), worst.end(),
                   [&](std::size_t a, std::size_t b) { return badness(a) > badness(b); });
  worst.resize(std::min(worst.size(), most));
  return worst;
}

}  // namespace loadline
