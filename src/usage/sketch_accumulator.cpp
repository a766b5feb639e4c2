#include "usage/sketch_accumulator.hpp"

#include <algorithm>
#include <span>

namespace loadline {

void SketchAccumulator::flush_into(UsageSketch& sketch) {
  if (empty()) return;
  const UsageSketch::Summary summary{.min = boost::accumulators::min(set_),
                                     .max = boost::accumulators::max(set_),
                                     .sum_nano = accumulators::extract::nano_sum(set_)};
  const std::uint32_t first = bucket_of(summary.min);
  const std::span<std::uint32_t> touched =
      std::span(*buckets_).subspan(first, bucket_of(summary.max) - first + 1);
  sketch.add(touched, summary);
  std::ranges::fill(touched, 0U);
  set_ = Set{accumulators::scratch_buckets = *buckets_};
}

}  // namespace loadline
