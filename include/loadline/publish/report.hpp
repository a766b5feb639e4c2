/// A finished report and its renderings. The JSON form is a documented contract, schema
/// "loadline/report.v1" (docs/report_schema.md): fields may be added, never changed.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loadline/prometheus/source.hpp"
#include "loadline/recommend/recommendation.hpp"
#include "loadline/recommend/totals.hpp"
#include "loadline/usage/collector.hpp"

namespace loadline {

/// Where the numbers come from, and what is missing from them.
struct ReportSource {
  std::string url{};        ///< without credentials
  std::string server{};     ///< "Prometheus 2.42.0"
  std::string read_path{};  ///< "remote-read"
  std::string read_path_reason{};
  bool kube_state_metrics = false;
  Milliseconds scrape_interval{0};
  ReadStats read{};
  CollectorStats collected{};
  double read_seconds = 0;  ///< never in a golden file's way: 0 is left out
};

struct Report {
  TimeRange window{};
  TimePoint generated_at{};
  ReportSource source{};
  Policy policy{};
  /// Everything that makes the result incomplete (exit 3), one sentence each; printed in every
  /// format.
  std::vector<std::string> incomplete{};
  std::vector<Recommendation> recommendations{};  ///< filtered and sorted as they will be printed
  Totals totals{};                                ///< of the rows printed
  std::string currency{};                         ///< of costs; empty: no prices
  std::size_t hidden = 0;                         ///< rows that filters removed
};

enum class ReportFormat { kTable, kWide, kJson, kYaml, kCsv, kMarkdown, kHtml };
std::optional<ReportFormat> parse_report_format(std::string_view text);
/// "table|wide|json|yaml|csv|markdown|html".
std::string report_format_names();

enum class SortKey { kWaste, kRisk, kName, kCpu, kMemory };
std::optional<SortKey> parse_sort_key(std::string_view text);

/// Patterns as in model/pattern.hpp. Empty lists let everything through.
struct ReportFilter {
  std::vector<std::string> namespaces{};
  std::vector<std::string> exclude_namespaces{};
  std::vector<std::string> workloads{};  ///< "name" or "Kind/name"
  std::vector<std::string> containers{};
  std::vector<Verdict> only{};
  double min_change = 0;  ///< rows in which no value changes by at least this ratio are hidden

  bool operator==(const ReportFilter&) const = default;
};
/// Whether the names of a container pass: everything of the filter but `only` and `min_change`.
bool passes_names(const ReportFilter& filter, const ContainerKey& key);
std::vector<Recommendation> filtered(std::vector<Recommendation> rows, const ReportFilter& filter);
/// A view of a report that others hold: copies the rows that pass and no others, in their order,
/// with totals of their own; the removed ones are added to `hidden`. Where the filter is the
/// default one, render the report itself: that copies nothing.
Report filtered_report(const Report& report, const ReportFilter& filter);
/// kWaste, the default: rows at risk first (the largest shortfall first), then by what they waste
/// over all replicas (cores and GiB made comparable by the share of the fleet's request), then by
/// name.
void sort_rows(std::vector<Recommendation>& rows, SortKey key);

enum class Color { kNever, kAnsi };
struct RenderOptions {
  Color color = Color::kNever;
  std::size_t width = 0;  ///< of the terminal, columns; 0: unlimited
};

/// Writes the report; ends with a newline. JSON, YAML and CSV are written row by row as they are
/// made, so that a large report costs no text of the whole. Label values are escaped for the
/// format: terminal control bytes, CSV (a leading = + - @ is defused), Markdown pipes, HTML.
void render(const Report& report, ReportFormat format, const RenderOptions& options,
            std::ostream& out);

}  // namespace loadline
