#include "support/generate/usage_samples.hpp"

#include <algorithm>
#include <cmath>

namespace loadline::generate {
namespace {

constexpr Ms kWindow = 60 * kSecond;

double at_rank(const std::vector<double>& sorted, double quantile) {
  const auto rank =
      static_cast<std::size_t>(std::ceil(quantile * static_cast<double>(sorted.size())));
  return sorted[std::max<std::size_t>(rank, 1) - 1];
}

}  // namespace

CpuUsage::CpuUsage(Ms interval) : longest_gap_(std::max(5 * kMinute, 5 * interval)) {}

std::optional<double> CpuUsage::at(Ms t, double counter_seconds) {
  if (!points_.empty() && t - points_.back().t > longest_gap_) points_.clear();
  double increase = 0;
  if (!points_.empty()) {
    const double before = points_.back().counter;
    increase = counter_seconds < before ? counter_seconds : counter_seconds - before;
  }
  points_.push_back({.t = t, .counter = counter_seconds, .increase = increase});
  while (points_.size() > 3 && t - points_[1].t >= kWindow) points_.pop_front();
  const Ms passed = t - points_.front().t;
  if (points_.size() < 3 || passed < kWindow) return std::nullopt;
  return increase_since_front() / (static_cast<double>(passed) / 1000);
}

double CpuUsage::increase_since_front() const {
  double sum = 0;
  for (std::size_t i = 1; i < points_.size(); ++i) sum += points_[i].increase;
  return sum;
}

Exact exact_statistics(std::vector<double> samples) {
  if (samples.empty()) return {};
  std::sort(samples.begin(), samples.end());
  return {.samples = samples.size(),
          .p50 = at_rank(samples, 0.50),
          .p95 = at_rank(samples, 0.95),
          .p99 = at_rank(samples, 0.99),
          .max = samples.back()};
}

}  // namespace loadline::generate
