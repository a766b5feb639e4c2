/// The parameters of the report's routes. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "loadline/publish/report.hpp"

namespace loadline::service {

struct ReportQuery {
  ReportFilter filter{};
  std::optional<SortKey> sort{};  ///< nullopt: as the snapshot is sorted
  ReportFormat format = ReportFormat::kJson;

  /// Nothing is hidden or moved: the snapshot can be rendered as it is.
  [[nodiscard]] bool is_whole() const;
};

/// Names the parameter as it was given, cut to 64 bytes; empty: the query as a whole. Never echoes
/// a value.
struct QueryError {
  std::string parameter{};
  std::string message{};
};

/// namespace, exclude_namespace, workload, container, verdict: repeatable. min_change, sort,
/// format: once.
tl::expected<ReportQuery, QueryError> parse_report_query(std::string_view query,
                                                         ReportFormat standard);

}  // namespace loadline::service
