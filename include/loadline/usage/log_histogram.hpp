/// The buckets of the usage sketch: where a value falls, and what a bucket stands for.
///
/// Buckets are cut from the bits of the double itself: 64 equal parts of each octave [2^e,
/// 2^(e+1)). A bucket [a, a + w) has w/a <= 1/64, and its middle is returned for all of it, so the
/// relative error of any quantile is at most 1/128 = 0.78 % -- at every quantile, whatever the
/// distribution. (Rank sketches such as KLL or t-digest bound the rank, not the value; P-square
/// bounds nothing and is up to 490x off on bimodal load.) Values from 2^-30 (about 1e-9) up to 2^49
/// (512 TiB) are bucketed; what is smaller falls into bucket 0, which stands for zero; what is
/// larger is no usage and must be dropped before, like NaN and negative values.
/// docs/sketch_format.md works an example.
#pragma once

#include <bit>
#include <cstdint>

namespace loadline {

inline constexpr int kBucketsPerOctaveLog2 = 6;
inline constexpr int kLowestExponent = -30;
inline constexpr int kHighestExponent = 49;
/// Values at or above this are no usage of any machine.
inline constexpr double kUsageCeiling = static_cast<double>(std::uint64_t{1} << kHighestExponent);
/// Bucket 0 (zero) and 64 for each octave.
inline constexpr std::uint32_t kBucketCount =
    1 + ((kHighestExponent - kLowestExponent) << kBucketsPerOctaveLog2);

/// The bucket of a value in [0, kUsageCeiling).
inline std::uint32_t bucket_of(double value) {
  constexpr int kShift = 52 - kBucketsPerOctaveLog2;
  constexpr std::int64_t kZeroBucket = ((1023 + kLowestExponent) << kBucketsPerOctaveLog2) - 1;
  constexpr std::uint64_t kMagnitude = ~(std::uint64_t{1} << 63);
  const auto top =
      static_cast<std::int64_t>((std::bit_cast<std::uint64_t>(value) & kMagnitude) >> kShift);
  return top > kZeroBucket ? static_cast<std::uint32_t>(top - kZeroBucket) : 0;
}

/// Lower edge of a bucket; bucket 0 begins at 0. bucket_lower(kBucketCount) is kUsageCeiling.
double bucket_lower(std::uint32_t bucket);
/// The value that stands for the bucket: its middle; 0 for bucket 0.
double bucket_middle(std::uint32_t bucket);

}  // namespace loadline
