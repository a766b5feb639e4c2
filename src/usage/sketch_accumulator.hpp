/// The hot end of the sketch: Boost.Accumulators with two accumulators of our own beside count, min
/// and max.
///
/// tag::log_buckets counts into a dense scratch array that outlives the accumulator_set (it is too
/// big to be set to zero for each short series); tag::nano_sum adds integers, so that the order of
/// samples cannot matter. About 1.5 ns a value. Not thread-safe: one for each sink.
#pragma once

#include <array>
#include <boost/accumulators/framework/accumulator_base.hpp>
#include <boost/accumulators/framework/accumulator_set.hpp>
#include <boost/accumulators/framework/depends_on.hpp>
#include <boost/accumulators/framework/extractor.hpp>
#include <boost/accumulators/framework/parameters/sample.hpp>
#include <boost/accumulators/statistics/count.hpp>
#include <boost/accumulators/statistics/max.hpp>
#include <boost/accumulators/statistics/min.hpp>
#include <boost/accumulators/statistics/stats.hpp>
#include <boost/parameter/keyword.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "loadline/model/series.hpp"
#include "loadline/usage/usage_sketch.hpp"

namespace loadline::accumulators {

using DenseBuckets = std::array<std::uint32_t, kBucketCount>;

BOOST_PARAMETER_NESTED_KEYWORD(tag, scratch_buckets, buckets)

struct LogBuckets : boost::accumulators::accumulator_base {
  using result_type = DenseBuckets&;

  template <typename Args>
  explicit LogBuckets(const Args& args) : buckets_(args[scratch_buckets]) {}

  template <typename Args>
  void operator()(const Args& args) {
    ++buckets_.get()[bucket_of(args[boost::accumulators::sample])];
  }
  result_type result(boost::accumulators::dont_care) const { return buckets_; }

 private:
  std::reference_wrapper<DenseBuckets> buckets_;
};

/// Whole units and nanounits apart: both fit 64 bits for a day of samples below kUsageCeiling.
struct NanoSumOf : boost::accumulators::accumulator_base {
  using result_type = NanoSum;

  explicit NanoSumOf(boost::accumulators::dont_care) {}

  template <typename Args>
  void operator()(const Args& args) {
    const double value = args[boost::accumulators::sample];
    const auto whole = static_cast<std::int64_t>(value);
    whole_ += static_cast<std::uint64_t>(whole);
    nano_ += static_cast<std::uint64_t>((value - static_cast<double>(whole)) * 1e9);
  }
  result_type result(boost::accumulators::dont_care) const {
    return NanoSum{whole_} * 1'000'000'000 + nano_;
  }

 private:
  std::uint64_t whole_ = 0;
  std::uint64_t nano_ = 0;
};

namespace tag {
struct log_buckets : boost::accumulators::depends_on<> {
  using impl = boost::mpl::always<LogBuckets>;
};
struct nano_sum : boost::accumulators::depends_on<> {
  using impl = boost::mpl::always<NanoSumOf>;
};
}  // namespace tag

namespace extract {
inline const boost::accumulators::extractor<tag::log_buckets> log_buckets{};
inline const boost::accumulators::extractor<tag::nano_sum> nano_sum{};
}  // namespace extract

}  // namespace loadline::accumulators

namespace loadline {

/// Collects values of one resource and day, then gives them to a sketch and begins anew.
class SketchAccumulator {
 public:
  /// A value in [0, kUsageCeiling).
  void operator()(double value) { set_(value); }
  /// The values of many samples at once: the state stays in registers, which is 1 ns a value
  /// faster.
  void operator()(std::span<const Sample> samples) {
    Set set = set_;
    for (const Sample& sample : samples) set(sample.value);
    set_ = set;
  }
  [[nodiscard]] bool empty() const { return boost::accumulators::count(set_) == 0; }
  /// Adds what was collected to `sketch` and forgets it.
  void flush_into(UsageSketch& sketch);

 private:
  using Set = boost::accumulators::accumulator_set<
      double,
      boost::accumulators::stats<boost::accumulators::tag::count, boost::accumulators::tag::min,
                                 boost::accumulators::tag::max, accumulators::tag::nano_sum,
                                 accumulators::tag::log_buckets>>;

  std::unique_ptr<accumulators::DenseBuckets> buckets_ =
      std::make_unique<accumulators::DenseBuckets>();
  Set set_{accumulators::scratch_buckets = *buckets_};
};

}  // namespace loadline
