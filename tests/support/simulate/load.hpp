/// What the containers of the simulated cluster use: a pure function of the pod's number, the
/// resource and the time.
///
/// Pods share one of 256 loads, so that a chunk is encoded once for all that have it. CPU follows a
/// curve over the day (an octave from night to noon) with lognormal noise: about 150 buckets of the
/// sketch a day. Memory drifts by a few percent a day with little noise: some 25 buckets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "loadline/model/resources.hpp"
#include "loadline/model/series.hpp"
#include "loadline/model/time.hpp"

namespace loadline::simulate {

inline constexpr std::size_t kLoads = 256;

inline std::size_t load_of(std::size_t pod_number) {
  return pod_number % kLoads;
}

/// Immutable once made; safe to read from any thread.
class Loads {
 public:
  /// `interval` divides the day.
  explicit Loads(Milliseconds interval);

  /// The number of the first scrape at or after `t_ms`; scrapes are counted from 1970.
  [[nodiscard]] std::int64_t scrape_from(std::size_t load, std::int64_t t_ms) const;
  [[nodiscard]] Sample sample(std::size_t load, Resource resource, std::int64_t scrape) const;
  /// The scrapes in [from_ms, to_ms).
  [[nodiscard]] std::vector<Sample> samples(std::size_t load, Resource resource,
                                            std::int64_t from_ms, std::int64_t to_ms) const;

 private:
  struct Shape {
    std::int64_t offset_ms = 0;      ///< of the scrapes within the interval
    std::vector<double> cpu_used{};  ///< seconds used since midnight, at each scrape of a day
    double cpu_day = 0;              ///< seconds used in a day
    std::vector<double> memory{};    ///< bytes, at each scrape of a day
    double memory_drift = 0;         ///< bytes a day
  };
  [[nodiscard]] Shape make_shape(std::size_t load) const;
  [[nodiscard]] double cpu_counter(const Shape& shape, std::int64_t scrape) const;
  [[nodiscard]] double memory(const Shape& shape, std::int64_t scrape) const;

  std::int64_t interval_ms_;
  std::int64_t scrapes_a_day_;
  std::vector<Shape> shapes_{};
};

}  // namespace loadline::simulate
