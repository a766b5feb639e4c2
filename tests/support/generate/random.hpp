/// Randomness that depends on nothing but its inputs, so that the same seed gives the same cluster
/// and any moment of any container can be computed by itself.
#pragma once

#include <cstdint>
#include <string_view>

namespace loadline::generate {

/// A well-mixed 64-bit value (the finaliser of splitmix64).
constexpr std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  return mix(mix(a) ^ b);
}

constexpr std::uint64_t mix(std::uint64_t a, std::string_view text) {
  std::uint64_t hash = mix(a);
  for (const char c : text) hash = mix(hash, static_cast<std::uint64_t>(c));
  return hash;
}

/// In [0, 1).
constexpr double unit(std::uint64_t mixed) {
  return static_cast<double>(mixed >> 11) * 0x1p-53;
}

/// A sequence of such values.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() { return state_ = mix(state_); }
  double next_unit() { return unit(next()); }
  /// In [low, high); `high` must be above `low`.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(high - low));
  }

 private:
  std::uint64_t state_ = 0;
};

}  // namespace loadline::generate
