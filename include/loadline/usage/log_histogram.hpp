/// The buckets of the usage sketch: where a value falls, and what a bucket stands for.
///
/// Buckets are cut from the bits of the double itself: 64 equal parts of each octave [2^e,
/// 2^(e+1)). A bucket [a, a + w) has w/a <= 1/64, and its middle is returned for all of it, so the
/// relative error of any quantile is at most 1/128 = 0.78 % -- at every quantile, whatever the
/// distribution. (Rank sketches such as KLL or t-digest bound the rank, not the value; P-square
/// bounds nothing: 490x off on bimodal load.) Values from 2^-30 (about 1e-9) up to 2^54
/// (about 1.8e16) are bucketed; below lies bucket 0, which stands for zero; above, the last bucket.
/// docs/sketch_format.md has a worked example.
#pragma once

#include <bit>
#include <cstdint>

namespace loadline {

inline constexpr int kBucketsPerOctaveLog2 = 6;
inline constexpr int kLowestExponent = -30;
inline constexpr int kHighestExponent = 54;
/// Bucket 0 (zero) and 64 for each octave.
inline constexpr std::uint32_t kBucketCount =
    1 + ((kHighestExponent - kLowestExponent) << kBucketsPerOctaveLog2);

/// The bucket of a value: NaN and negative values are not usage and must be dropped before.
inline std::uint32_t bucket_of(double value) {
  constexpr int kShift = 52 - kBucketsPerOctaveLog2;
  constexpr auto kFirst =
      static_cast<std::int64_t>(std::uint64_t{1023 + kLowestExponent} << kBucketsPerOctaveLog2);
  const std::int64_t index =
      std::bit_cast<std::int64_t>(value) / (std::int64_t{1} << kShift) - kFirst + 1;
  if (index < 1) return 0;
  return index < kBucketCount ? static_cast<std::uint32_t>(index) : kBucketCount - 1;
}

/// Lower edge of a bucket; bucket 0 begins at 0.
double bucket_lower(std::uint32_t bucket);
/// The value that stands for the bucket: its middle; 0 for bucket 0.
double bucket_middle(std::uint32_t bucket);

}  // namespace loadline
