/// The histogram of the VPA recommender and of Autopilot: buckets of growing width, weights that
/// halve with age. Restated from kubernetes/autoscaler, vertical-pod-autoscaler/pkg/recommender/
/// util (histogram.go, histogram_options.go, decaying_histogram.go), to be compared with;
/// loadline's own sketch is usage/usage_sketch.hpp.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "loadline/model/time.hpp"

namespace loadline {

/// Bucket 0 is [0, first); each is `ratio` times as wide as the one before; the last takes all that
/// is larger. ratio 1: all are equally wide.
struct BucketOptions {
  double first = 1;
  double ratio = 1;
  std::size_t count = 1;

  /// Where bucket n begins: first * (ratio^n - 1) / (ratio - 1), or first * n.
  [[nodiscard]] double start(std::size_t n) const;
  /// The bucket of a value that is not negative.
  [[nodiscard]] std::size_t bucket_of(double value) const;
};

/// Not thread-safe while written.
class DecayingHistogram {
 public:
  DecayingHistogram(BucketOptions buckets, Milliseconds half_life);

  /// The weight counts 2^(time / half-life) fold: only differences of times matter.
  void add(double value, double weight, TimePoint time);
  /// The upper edge of the bucket in which the weight, summed from below, reaches p of all (the
  /// last bucket: its lower edge); p in [0, 1]. nullopt where nothing was added.
  [[nodiscard]] std::optional<double> percentile(double p) const;

 private:
  double decayed(double weight, TimePoint time);

  BucketOptions buckets_{};
  double half_life_ms_ = 1;
  std::optional<TimePoint> reference_{};  ///< a weight of this time counts once
  std::vector<double> weights_{};
  double total_ = 0;
};

}  // namespace loadline
