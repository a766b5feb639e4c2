#include <algorithm>
#include <cmath>

#include "loadline/recommend/peers.hpp"

namespace loadline {
namespace {

constexpr double kMi = 1024.0 * 1024.0;
constexpr double kMargin = 1.15;
constexpr double kCpuWeight = 0.1;
constexpr Milliseconds kHalfLife = std::chrono::hours(24);
constexpr Milliseconds kHalfDay = std::chrono::hours(12);
constexpr double kSamplesOfADay = 1440;  // one a minute

double floor_of_pod(Resource resource) {
  constexpr double kCpuFloor = 0.025;
  constexpr double kMemoryFloor = 250 * kMi;
  return resource == Resource::kCpu ? kCpuFloor : kMemoryFloor;
}

void add_cpu(const HistoryView& view, DecayingHistogram& histogram) {
  for (const DayUsage& day : view.pooled.resources[Resource::kCpu].days) {
    const TimePoint middle = start_of_day(day.day) + kHalfDay;
    day.sketch.for_each_value([&](double value, std::uint64_t count) {
      histogram.add(value, kCpuWeight * static_cast<double>(count), middle);
    });
  }
}

/// What the recommender remembers of a pod's day: its peak, or what it asked for after the kill.
double peak_of(const HistoryView& view, const PodHistory& pod, const DayUsage& day) {
  constexpr double kBump = 1.2;
  constexpr double kLeastBump = 100 * kMi;
  const double peak = day.sketch.max().value_or(0);
  const auto oom = std::find_if(view.ooms.begin(), view.ooms.end(), [&](const OomDay& candidate) {
    return candidate.day == day.day && candidate.pod == pod.pod;
  });
  if (oom == view.ooms.end()) return peak;
  const double used = std::max(oom->request_bytes, peak);
  return std::max(used + kLeastBump, used * kBump);
}

void add_memory(const HistoryView& view, DecayingHistogram& histogram) {
  for (const PodHistory& pod : view.pods) {
    for (const DayUsage& day : pod.days[Resource::kMemory]) {
      if (day.sketch.empty()) continue;
      histogram.add(peak_of(view, pod, day), 1, start_of_day(day.day + 1));
    }
  }
}

double confidence_of(const HistoryView& view) {
  const auto& days = view.pooled.resources[Resource::kCpu].days;
  if (days.empty()) return 0;
  std::uint64_t samples = 0;
  for (const DayUsage& day : days) samples += day.sketch.count();
  return vpa_confidence(Milliseconds(days.back().last_ms - days.front().first_ms), samples);
}

std::optional<double> limit_of(const HistoryView& view, Resource resource, double request) {
  if (view.current == nullptr) return request;
  const Requirement& current = (*view.current)[resource];
  if (!current.limit) return std::nullopt;
  // A limit without a request is both to Kubernetes.
  const double asked = current.request.value_or(*current.limit);
  return asked > 0 ? request * (*current.limit / asked) : request;
}

}  // namespace

BucketOptions vpa_buckets(Resource resource) {
  constexpr std::size_t kCount = 176;
  return {resource == Resource::kCpu ? 0.01 : 1e7, 1.05, kCount};
}

double vpa_confidence(Milliseconds spanned, std::uint64_t cpu_samples) {
  const double days =
      static_cast<double>(spanned.count()) / static_cast<double>(kMillisecondsPerDay);
  return std::min(days, static_cast<double>(cpu_samples) / kSamplesOfADay);
}

std::optional<VpaEstimate> vpa_estimate(const HistoryView& view, Resource resource) {
  DecayingHistogram histogram(vpa_buckets(resource), kHalfLife);
  if (resource == Resource::kCpu) {
    add_cpu(view, histogram);
  } else {
    add_memory(view, histogram);
  }
  const std::optional<double> p90 = histogram.percentile(0.9);
  if (!p90) return std::nullopt;
  const double confidence = confidence_of(view);
  const double floor = floor_of_pod(resource) / static_cast<double>(view.containers_of_pod);
  const double p50 = kMargin * *histogram.percentile(0.5);
  const double p95 = kMargin * *histogram.percentile(0.95);
  return VpaEstimate{.target = std::max(floor, kMargin * *p90),
                     .lower = std::max(floor, p50 * std::pow(1 + 0.001 / confidence, -2)),
                     .upper = std::max(floor, p95 * (1 + 1 / confidence))};
}

Requirements vpa_advice(const HistoryView& view) {
  Requirements advice;
  for (const Resource resource : kResources) {
    const std::optional<VpaEstimate> estimate = vpa_estimate(view, resource);
    if (!estimate) continue;
    advice[resource] = {estimate->target, limit_of(view, resource, estimate->target)};
  }
  return advice;
}

}  // namespace loadline
