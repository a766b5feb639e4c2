/// Generated series on their way to a file: labels, then values at times.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "support/generate/load.hpp"

namespace loadline::generate {

/// Sorted by name or not; empty values are left out when written, as Prometheus does.
struct SeriesLabels {
  std::string metric{};
  std::vector<std::pair<std::string, std::string>> labels{};
};

/// A port: one text form of series. begin, any number of samples in ascending time, end.
class SeriesWriter {
 public:
  virtual ~SeriesWriter() = default;
  virtual void begin(const SeriesLabels& labels) = 0;
  /// The value in millionths, so that no float is ever printed.
  virtual void sample(Ms t, std::uint64_t millionths) = 0;
  virtual void end() = 0;
};

}  // namespace loadline::generate
