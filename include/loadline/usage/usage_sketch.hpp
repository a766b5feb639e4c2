/// What is kept of a day's (or a fortnight's) usage of one resource: counts in logarithmic buckets,
/// and the exact count, minimum, maximum and mean beside them.
///
/// Merging and subtracting are exact (integers), in any order, so that days can be summed and leave
/// whole. The hot loop does not insert here but into an accumulator
/// (src/usage/sketch_accumulator.hpp, Boost.Accumulators) that is added when a series or a day
/// ends. A plain value; not thread-safe while written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "loadline/model/result.hpp"
#include "loadline/usage/log_histogram.hpp"

namespace loadline {

/// Sums in 1e-9 of the unit: 64 bits would overflow at a few days of gigabytes.
__extension__ typedef __int128 NanoSum;

class UsageSketch {
 public:
  /// Adds `n` values of one bucket whose exact extremes and sum come by `add_summary`.
  void add_counts(std::uint32_t first_bucket, std::span<const std::uint32_t> counts);
  /// `sum_nano` is the sum of the values in 1e-9 of the unit, an integer so that order does not
  /// matter.
  void add_summary(double min, double max, NanoSum sum_nano);
  /// One value; for tests and small feeds.
  void add(double value);

  void merge(const UsageSketch& other);
  /// Takes out what was merged before. min and max cannot shrink: recompute them from the parts
  /// that stay (merged_days does). Asserts that `other` is contained.
  void subtract(const UsageSketch& other);

  [[nodiscard]] bool empty() const { return counts_.empty(); }
  [[nodiscard]] std::uint64_t count() const;
  /// nullopt where the sketch is empty. min, max and mean are exact (mean to 1e-9 of the unit).
  [[nodiscard]] std::optional<double> min() const;
  [[nodiscard]] std::optional<double> max() const;
  [[nodiscard]] std::optional<double> mean() const;
  /// The value at rank ceil(q * count) (nearest rank, at least 1), within 0.78 %, never outside
  /// [min, max]; q in [0, 1]; q = 0 is the minimum, q = 1 the maximum, both exact.
  [[nodiscard]] std::optional<double> quantile(double q) const;
  /// How many values lie in buckets wholly above `value`: the share above a request or a limit.
  [[nodiscard]] std::uint64_t count_above(double value) const;

  /// docs/sketch_format.md: version byte, summary, delta-coded buckets as varints.
  [[nodiscard]] std::string serialise() const;
  /// Fails with kCorrupt on any byte string that serialise cannot have made; newer versions say so.
  static Result<UsageSketch> deserialise(std::string_view bytes);

  [[nodiscard]] std::size_t memory_bytes() const;
  bool operator==(const UsageSketch&) const = default;

 private:
  std::uint32_t first_ = 0;              // bucket of counts_[0]
  std::vector<std::uint32_t> counts_{};  // trimmed: first and last are not zero
  double min_ = 0;
  double max_ = 0;
  NanoSum sum_nano_ = 0;
};

}  // namespace loadline
