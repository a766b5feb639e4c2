/// What is kept of a day's (or a fortnight's) usage of one resource: counts in logarithmic buckets,
/// and the exact count, minimum, maximum and mean beside them.
///
/// Merging and subtracting are exact (integers), in any order, so that days can be summed and leave
/// whole. The hot loop does not insert here but into an accumulator (Boost.Accumulators,
/// src/usage/sketch_accumulator.hpp) that is added when a series or a day ends. A plain value: 8
/// or 16 bits a bucket where the counts fit, about 200 bytes a day. Not thread-safe while written.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "loadline/model/result.hpp"
#include "loadline/usage/log_histogram.hpp"
#include "loadline/usage/packed_counts.hpp"

namespace loadline {

/// Sums in 1e-9 of the unit: integers, so that order does not matter; 64 bits would overflow at a
/// few days of gigabytes.
__extension__ typedef __int128 NanoSum;

class UsageSketch {
 public:
  /// Extremes and sum of a batch of values, exact.
  struct Summary {
    double min = 0;
    double max = 0;
    NanoSum sum_nano = 0;
    bool operator==(const Summary&) const = default;
  };

  /// Adds a batch: counts of the buckets from bucket_of(summary.min) to bucket_of(summary.max),
  /// whose first and last are therefore not zero. An empty batch adds nothing.
  void add(std::span<const std::uint32_t> counts, const Summary& summary);
  /// One value in [0, kUsageCeiling); for tests and small feeds.
  void add(double value);

  void merge(const UsageSketch& other);
  /// Takes out what was merged before; asserts that it is contained. The extremes become those of
  /// the buckets that stay (within the sketch's error): sums of the parts are exact instead.
  void subtract(const UsageSketch& other);
  /// The sum of many at once, exact.
  static UsageSketch sum(std::span<const UsageSketch* const> parts);

  [[nodiscard]] bool empty() const { return bucket_count() == 0; }
  [[nodiscard]] std::uint64_t count() const;
  /// nullopt where the sketch is empty. min, max and mean are exact (mean to 1e-9 of the unit).
  [[nodiscard]] std::optional<double> min() const;
  [[nodiscard]] std::optional<double> max() const;
  [[nodiscard]] std::optional<double> mean() const;
  /// The value at rank ceil(q * count) (nearest rank, at least 1), within 0.78 % and never outside
  /// [min, max]; q in [0, 1]: 0 is the minimum, 1 the maximum, both exact.
  [[nodiscard]] std::optional<double> quantile(double q) const;
  /// How many values lie in buckets wholly above `value`: what a request or limit would not have
  /// held.
  [[nodiscard]] std::uint64_t count_above(double value) const;
  /// Calls visit(value, count) for every bucket that holds any values, ascending. The value stands
  /// for all of them: the bucket's middle, never outside [min, max].
  template <typename Visit>
  void for_each_value(Visit visit) const;

  /// docs/sketch_format.md: version, extremes, sum, first bucket, counts as varints.
  [[nodiscard]] std::string serialise() const;
  /// Fails with kCorrupt on bytes that serialise cannot have made; a newer version says so.
  static Result<UsageSketch> deserialise(std::string_view bytes);

  /// Heap bytes behind the object.
  [[nodiscard]] std::size_t heap_bytes() const;
  bool operator==(const UsageSketch&) const = default;

 private:
  [[nodiscard]] std::size_t bucket_count() const { return counts_.size(); }
  void store(std::uint32_t first, std::span<const std::uint64_t> counts);
  void add_to(std::uint32_t first, std::span<std::uint64_t> sums) const;
  void widen(const Summary& summary);
  /// Calls visit(bucket, count) in ascending order while it returns true.
  template <typename Visit>
  void for_each_bucket(Visit visit) const;

  [[nodiscard]] NanoSum sum_nano() const { return NanoSum{sum_high_} << 64 | sum_low_; }
  void set_sum(NanoSum sum);

  // Kept apart instead of as a Summary: a 128-bit member would pad the object by a quarter.
  double min_ = 0;
  double max_ = 0;
  std::uint64_t sum_low_ = 0;
  std::uint64_t sum_high_ = 0;
  // In the padding of the counts lies the bucket of the first one: eight bytes of each of three
  // million sketches.
  [[no_unique_address]] PackedCounts counts_{};  ///< trimmed: neither first nor last is zero
  std::uint16_t first_ = 0;
};

template <typename Visit>
void UsageSketch::for_each_bucket(Visit visit) const {
  counts_.visit([&](auto counts) {
    std::uint32_t bucket = first_;
    for (const auto count : counts)
      if (!visit(bucket++, std::uint64_t{count})) return;
  });
}

template <typename Visit>
void UsageSketch::for_each_value(Visit visit) const {
  for_each_bucket([&](std::uint32_t bucket, std::uint64_t count) {
    if (count > 0) visit(std::clamp(bucket_middle(bucket), min_, max_), count);
    return true;
  });
}

}  // namespace loadline
