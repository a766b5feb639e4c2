#include "loadline/usage/log_histogram.hpp"

namespace loadline {

double bucket_lower(std::uint32_t bucket) {
  if (bucket == 0) return 0;
  constexpr std::uint64_t kFirst = std::uint64_t{1023 + kLowestExponent} << kBucketsPerOctaveLog2;
  return std::bit_cast<double>((kFirst + bucket - 1) << (52 - kBucketsPerOctaveLog2));
}

double bucket_middle(std::uint32_t bucket) {
  return bucket == 0 ? 0 : (bucket_lower(bucket) + bucket_lower(bucket + 1)) / 2;
}

}  // namespace loadline
