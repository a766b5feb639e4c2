/// The exact answer: usage samples by the definition, and their quantiles by sorting.
///
/// Deliberately not the code of src/usage: tests compare the two.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "support/generate/load.hpp"

namespace loadline::generate {

/// CPU usage of one series: at each scrape the increase since the latest earlier scrape that lies
/// at least 60 s and at least two scrapes back, divided by the time that passed. A counter that
/// fell counts from zero; nothing spans a gap of more than max(5 minutes, 5 intervals).
class CpuUsage {
 public:
  explicit CpuUsage(Ms interval);
  /// Cores, nullopt where the definition gives no sample. Times ascend.
  std::optional<double> at(Ms t, double counter_seconds);

 private:
  struct Point {
    Ms t = 0;
    double counter = 0;
    double increase = 0;  ///< since the point before
  };

  [[nodiscard]] double increase_since_front() const;

  Ms longest_gap_ = 0;
  std::deque<Point> points_{};  ///< the front is the earlier scrape of the current window
};

/// Exact statistics of a bag of samples.
struct Exact {
  std::uint64_t samples = 0;
  std::optional<double> p50{};
  std::optional<double> p95{};
  std::optional<double> p99{};
  std::optional<double> max{};
};

/// Nearest rank: the value at rank ceil(q * n) of the sorted samples.
Exact exact_statistics(std::vector<double> samples);

}  // namespace loadline::generate
