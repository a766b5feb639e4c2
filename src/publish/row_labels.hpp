/// The labels by which a container's series are known, spelled once for all families of a scrape.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "loadline/recommend/recommendation.hpp"

namespace loadline::publish {

/// `namespace="shop",target_kind="Deployment",...` of each row, some 120 bytes a row.
struct RowLabels {
  std::string text{};
  std::vector<std::size_t> ends{};
  /// Rows that would be series of another row once broken UTF-8 is replaced: left out.
  std::size_t duplicates = 0;

  /// Empty for a row that is left out.
  [[nodiscard]] std::string_view of(std::size_t row) const {
    const std::size_t start = row == 0 ? 0 : ends[row - 1];
    return std::string_view(text).substr(start, ends[row] - start);
  }
};

/// Expects what a report promises: no container twice. Of rows that become equal the first stays.
RowLabels label_rows(const std::vector<Recommendation>& rows);

}  // namespace loadline::publish
