#include <array>
#include <charconv>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "loadline/recommend/change.hpp"
#include "publish/renderers.hpp"
#include "publish/row_text.hpp"
#include "publish/summary.hpp"
#include "publish/text.hpp"

namespace loadline::publish {
namespace {

/// Cells with their column's name, so that no value can slip under another title.
using Cells = std::vector<std::pair<std::string, std::string>>;

std::string number(double value) {
  std::array<char, 400> buffer{};
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed);
  return {buffer.data(), end.ptr};
}

std::string number(const std::optional<double>& value) {
  return value ? number(*value) : std::string();
}

std::string flag(bool value) {
  return value ? "true" : "false";
}

/// Line breaks stay (quotes hold them); other controls would act on a terminal.
std::string without_controls(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const CodePoint c = first_code_point(text);
    const bool stays = c.value == U'\n' || c.value == U'\r' || c.value == U'\t' ||
                       c.value == U'\\' || (c.valid && !is_unprintable(c.value));
    const std::string_view bytes = text.substr(0, c.length);
    result += stays ? std::string(bytes) : printable_text(bytes);
    text.remove_prefix(c.length);
  }
  return result;
}

/// Others' words. A spreadsheet takes a leading = + - @ tab or return for a formula; an apostrophe
/// before it makes it text.
std::string text_cell(std::string_view text) {
  constexpr std::string_view kStarters = "=+-@\t\r\n";
  const bool is_formula = !text.empty() && kStarters.find(text.front()) != std::string_view::npos;
  return (is_formula ? "'" : "") + without_controls(text);
}

/// RFC 4180. The semicolon is a separator to spreadsheets of many countries.
std::string csv_quoted(const std::string& cell) {
  if (cell.find_first_of("\",;\r\n\t '") == std::string::npos) return cell;
  std::string result = "\"";
  for (const char c : cell) {
    if (c == '"') result += '"';
    result += c;
  }
  return result + "\"";
}

std::string reason_codes(const Recommendation& row) {
  std::vector<std::string> codes;
  for (const Reason& reason : row.reasons) {
    const std::string scope =
        reason.resource ? std::string(loadline::to_string(*reason.resource)) + ":" : "";
    codes.push_back(scope + std::string(loadline::to_string(reason.code)));
  }
  return joined(codes, " ");
}

std::string sentences(const Recommendation& row) {
  std::vector<std::string> texts;
  for (const Reason& reason : row.reasons) texts.push_back(reason.sentence);
  return joined(texts, "; ");
}

void add_identity(const Recommendation& row, Cells& cells) {
  const WorkloadKey& workload = row.key.workload;
  cells.emplace_back("cluster", text_cell(workload.cluster));
  cells.emplace_back("namespace", text_cell(workload.namespace_name));
  cells.emplace_back("kind", text_cell(workload.kind));
  cells.emplace_back("workload", text_cell(workload.name));
  cells.emplace_back("container", text_cell(row.key.container));
  cells.emplace_back("container_type", loadline::to_string(row.type));
  cells.emplace_back("owner_inferred", flag(row.owner_source == OwnerSource::kPodName));
}

void add_verdict(const Recommendation& row, Cells& cells) {
  cells.emplace_back("verdict", loadline::to_string(row.verdict));
  cells.emplace_back("reasons", reason_codes(row));
  cells.emplace_back("sentences", sentences(row));
  cells.emplace_back("coverage_ratio", number(row.coverage.ratio));
  cells.emplace_back("history_seconds",
                     number(static_cast<double>(row.coverage.history.count()) / 1000));
  cells.emplace_back("current_known", flag(row.current_known));
}

void add_advice(const ResourceAdvice& advice, Resource resource, Cells& cells) {
  const std::string prefix = std::string(loadline::to_string(resource)) + "_";
  const std::string unit = "_" + std::string(unit_of(resource));
  const auto add = [&](const std::string& name, const std::optional<double>& value) {
    cells.emplace_back(prefix + name + unit, number(value));
  };
  cells.emplace_back(prefix + "samples", std::to_string(advice.samples));
  add("p50", advice.p50);
  add("p95", advice.p95);
  add("p99", advice.p99);
  add("max", advice.max);
  add("current_request", advice.current.request);
  add("current_limit", advice.current.limit);
  add("recommended_request", advice.recommended.request);
  add("recommended_limit", advice.recommended.limit);
}

void add_sums(const ResourceTotals& sums, Resource resource, bool is_known, Cells& cells) {
  const std::string prefix = std::string(loadline::to_string(resource)) + "_";
  const std::string unit = "_" + std::string(unit_of(resource));
  const auto add = [&](const std::string& name, double value) {
    cells.emplace_back(prefix + name + unit, is_known ? number(value) : std::string());
  };
  cells.emplace_back(prefix + "at_risk", std::to_string(sums.under_provisioned));
  add("total_missing", sums.missing);
  add("total_reclaimable", sums.reclaimable);
  cells.emplace_back(prefix + "reclaimable_replicas", std::to_string(sums.reclaimable_replicas));
  add("total_requested", sums.requested);
  add("total_recommended", sums.recommended);
}

/// The same columns for a row (its own sums over its replicas) and for the whole report.
void add_totals(const Totals& totals, bool is_known, Cells& cells) {
  cells.emplace_back("replicas", std::to_string(totals.replicas));
  cells.emplace_back("at_risk", std::to_string(totals.at_risk));
  for (const Resource resource : kResources) {
    add_sums(totals.resources[resource], resource, is_known, cells);
  }
}

void add_report(const Report& report, Cells& cells) {
  const ReportSource& source = report.source;
  cells.emplace_back("window_start", format_rfc3339(report.window.start));
  cells.emplace_back("window_end", format_rfc3339(report.window.end));
  cells.emplace_back("source_url", text_cell(source.url));
  cells.emplace_back("source_server", text_cell(source.server));
  cells.emplace_back("read_path", text_cell(source.read_path));
  cells.emplace_back("scrape_interval_seconds",
                     source.scrape_interval.count() > 0
                         ? number(static_cast<double>(source.scrape_interval.count()) / 1000)
                         : std::string());
  cells.emplace_back("complete", flag(report.incomplete.empty()));
  cells.emplace_back("incomplete", text_cell(joined(report.incomplete, "; ")));
  cells.emplace_back("hidden_rows", std::to_string(report.hidden));
}

Cells row_cells(const Report& report, const Recommendation& row) {
  Cells cells{{"record", "container"}};
  add_identity(row, cells);
  add_verdict(row, cells);
  for (const Resource resource : kResources) add_advice(row.resources[resource], resource, cells);
  add_totals(total({row}), row.current_known, cells);
  add_report(report, cells);
  return cells;
}

/// The last record: the columns of one container are empty.
Cells total_cells(const Report& report) {
  Cells cells{{"record", "total"}};
  add_identity({}, cells);
  add_verdict({}, cells);
  for (const Resource resource : kResources) add_advice({}, resource, cells);
  for (auto& cell : cells) {
    if (cell.first != "record") cell.second.clear();
  }
  add_totals(report.totals, knows_current(report), cells);
  add_report(report, cells);
  return cells;
}

void write_line(const Cells& cells, std::string Cells::value_type::*field, std::ostream& out) {
  std::string_view separator;
  for (const auto& cell : cells) {
    out << separator << csv_quoted(cell.*field);
    separator = ",";
  }
  out << "\r\n";
}

}  // namespace

void render_csv(const Report& report, std::ostream& out) {
  using Cell = Cells::value_type;
  const Cells totals = total_cells(report);
  write_line(totals, &Cell::first, out);
  for (const Recommendation& row : report.recommendations) {
    write_line(row_cells(report, row), &Cell::second, out);
  }
  write_line(totals, &Cell::second, out);
}

}  // namespace loadline::publish
