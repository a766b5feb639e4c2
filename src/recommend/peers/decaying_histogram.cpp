#include "loadline/recommend/decaying_histogram.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace loadline {

double BucketOptions::start(std::size_t n) const {
  const auto steps = static_cast<double>(n);
  if (ratio == 1) return first * steps;
  return first * (std::pow(ratio, steps) - 1) / (ratio - 1);
}

std::size_t BucketOptions::bucket_of(double value) const {
  if (value < first) return 0;
  const double steps =
      ratio == 1 ? value / first : std::log(value * (ratio - 1) / first + 1) / std::log(ratio);
  const auto last = static_cast<double>(count - 1);
  return static_cast<std::size_t>(std::min(std::floor(steps), last));
}

DecayingHistogram::DecayingHistogram(BucketOptions buckets, Milliseconds half_life)
    : buckets_(buckets),
      half_life_ms_(static_cast<double>(half_life.count())),
      weights_(buckets.count) {
  assert(buckets.count > 0 && half_life_ms_ > 0);
}

// Implementation details: once a weight would count 2^100 fold, the reference moves on and all
// weights shrink, so that no length of history overflows.
double DecayingHistogram::decayed(double weight, TimePoint time) {
  constexpr double kMostDoublings = 100;
  if (!reference_) reference_ = time;
  double doublings = static_cast<double>((time - *reference_).count()) / half_life_ms_;
  if (doublings > kMostDoublings) {
    const double shrink = std::exp2(-doublings);
    for (double& bucket : weights_) bucket *= shrink;
    total_ *= shrink;
    reference_ = time;
    doublings = 0;
  }
  return weight * std::exp2(doublings);
}

void DecayingHistogram::add(double value, double weight, TimePoint time) {
  const double counted = decayed(weight, time);
  weights_[buckets_.bucket_of(value)] += counted;
  total_ += counted;
}

std::optional<double> DecayingHistogram::percentile(double p) const {
  const auto is_used = [](double weight) { return weight > 0; };
  const auto begin = std::find_if(weights_.begin(), weights_.end(), is_used);
  if (begin == weights_.end()) return std::nullopt;
  const auto last = std::find_if(weights_.rbegin(), weights_.rend(), is_used).base() - 1;
  auto bucket = begin;
  for (double sum = *bucket; bucket != last && sum < p * total_;) sum += *++bucket;
  const auto index = static_cast<std::size_t>(bucket - weights_.begin());
  return buckets_.start(index + 1 < buckets_.count ? index + 1 : index);
}

}  // namespace loadline
