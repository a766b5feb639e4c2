/// What `loadline check` found, and its renderings. The JSON form is versioned,
/// "loadline/check.v1": fields may be added, never changed.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "loadline/inventory/audit.hpp"
#include "loadline/publish/report.hpp"

namespace loadline {

struct CheckReport {
  std::string url{};
  std::string server{};  ///< "Prometheus 2.42.0"
  std::string read_path{};
  std::string read_path_reason{};
  std::optional<Milliseconds> scrape_interval{};  ///< nullopt: no scrape in the window
  TimeRange window{};
  std::optional<TimePoint> history_start{};
  std::vector<MetricSighting> metrics{};
  std::vector<Finding> findings{};
};

/// "usable", "incomplete" (usable, but the report would lack something) or "unusable".
std::string_view verdict_of(const CheckReport& check);

enum class CheckFormat { kTable, kJson };
/// Ends with a newline. What came from the server is escaped. `options.width` cuts the label lists.
void render_check(const CheckReport& check, CheckFormat format, const RenderOptions& options,
                  std::ostream& out);

}  // namespace loadline
