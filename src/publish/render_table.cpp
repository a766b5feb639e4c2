#include <algorithm>
#include <array>
#include <ostream>
#include <utility>

#include "publish/grid.hpp"
#include "publish/renderers.hpp"
#include "publish/row_text.hpp"
#include "publish/summary.hpp"
#include "publish/text.hpp"

namespace loadline::publish {
namespace {

using Rows = std::vector<Recommendation>;

/// The order in which columns are let in: the values, then what to make of them, then the evidence.
enum Priority {
  kEssential,
  kCpuLimit,
  kMemoryLimit,
  kVerdict,
  kPods,
  kWhy,
  kCoverage,
  kDays,
  kCost,
  kConfidence,
  kBacktest
};

Style tone_style(RowTone tone) {
  switch (tone) {
    case RowTone::kRisk:
      return Style::kRisk;
    case RowTone::kWaste:
      return Style::kWaste;
    case RowTone::kChange:
      return Style::kPlain;
    case RowTone::kQuiet:
      return Style::kDim;
  }
  return Style::kPlain;
}

/// Names and evidence: plain, or dim with the whole row where there is nothing to do.
Style quiet_style(const Recommendation& row) {
  return tone_of(row) == RowTone::kQuiet ? Style::kDim : Style::kPlain;
}

template <typename Text>
Column column(std::string title, const Rows& rows, int priority, Text text) {
  Column result;
  result.title = std::move(title);
  result.priority = priority;
  for (const Recommendation& row : rows) {
    result.cells.push_back({printable_text(text(row)), quiet_style(row)});
  }
  return result;
}

template <typename Text>
Column name_column(std::string title, const Rows& rows, Text text, std::size_t tight,
                   std::size_t comfortable) {
  Column result = column(std::move(title), rows, kEssential, text);
  result.shortening = Shortening::kMiddle;
  result.tight = tight;
  result.comfortable = comfortable;
  return result;
}

template <typename Text>
Column number_column(std::string title, const Rows& rows, int priority, Text text) {
  Column result = column(std::move(title), rows, priority, text);
  result.alignment = Alignment::kRight;
  return result;
}

Style value_style(const Recommendation& row, Direction direction) {
  switch (direction) {
    case Direction::kRaise:
      return Style::kRisk;
    case Direction::kLower:
      return Style::kWaste;
    case Direction::kNone:
      return quiet_style(row);
  }
  return Style::kPlain;
}

/// "250m -> 400m", the arrows of all rows below each other.
Column value_column(std::string title, const Rows& rows, int priority, Resource resource,
                    Value value) {
  Column result;
  result.title = std::move(title);
  result.priority = priority;
  std::size_t widest = 0;
  for (const Recommendation& row : rows) {
    widest = std::max(widest, value_text(row, resource, value).current.size());
  }
  for (const Recommendation& row : rows) {
    const ValueText text = value_text(row, resource, value);
    const std::string indent(widest - text.current.size(), ' ');
    result.cells.push_back({indent + joined(text, "->"), value_style(row, text.direction)});
  }
  return result;
}

Column mark_column(const Rows& rows) {
  Column result = column("", rows, kEssential, [](const Recommendation& row) {
    return std::string(tone_of(row) == RowTone::kRisk ? "!" : "");
  });
  for (Cell& cell : result.cells) cell.style = Style::kRisk;
  return result;
}

Column verdict_column(const Rows& rows) {
  Column result = column("VERDICT", rows, kVerdict, [](const Recommendation& row) {
    return std::string(loadline::to_string(row.verdict));
  });
  for (std::size_t i = 0; i < rows.size(); ++i) {
    result.cells[i].style = tone_style(tone_of(rows[i]));
  }
  return result;
}

Column why_column(const Rows& rows) {
  Column result = column("WHY", rows, kWhy, [](const Recommendation& row) {
    return joined(short_reasons(row), "; ");
  });
  result.shortening = Shortening::kPhrases;
  result.tight = 18;
  return result;
}

Column sentences_column(const Rows& rows) {
  return column("REASONS", rows, kEssential, [](const Recommendation& row) {
    std::vector<std::string> sentences;
    for (const Reason& reason : row.reasons) sentences.push_back(reason.sentence);
    return joined(sentences, "; ");
  });
}

void add_names(const Rows& rows, std::vector<Column>& columns) {
  columns.push_back(mark_column(rows));
  const auto cluster = [](const Recommendation& row) { return row.key.workload.cluster; };
  const auto has_cluster = [](const Recommendation& row) {
    return !row.key.workload.cluster.empty();
  };
  if (std::any_of(rows.begin(), rows.end(), has_cluster)) {
    columns.push_back(name_column("CLUSTER", rows, cluster, 7, 12));
  }
  const auto name_space = [](const Recommendation& row) { return row.key.workload.namespace_name; };
  columns.push_back(name_column("NAMESPACE", rows, name_space, 9, 12));
  columns.push_back(name_column("WORKLOAD", rows, workload_text, 14, 24));
  columns.back().shortening = Shortening::kWorkload;
  columns.push_back(name_column("CONTAINER", rows, container_text, 9, 12));
  columns.back().shortening = Shortening::kContainer;
}

void add_values(const Rows& rows, Resource resource, std::vector<Column>& columns) {
  const bool is_cpu = resource == Resource::kCpu;
  const std::string name = is_cpu ? "CPU" : "MEMORY";
  columns.push_back(value_column(name + " REQUEST", rows, kEssential, resource, Value::kRequest));
  columns.push_back(value_column(name + " LIMIT", rows, is_cpu ? kCpuLimit : kMemoryLimit, resource,
                                 Value::kLimit));
}

void add_usage(const Rows& rows, Resource resource, std::vector<Column>& columns) {
  using Field = std::optional<double> ResourceAdvice::*;
  const std::string name = resource == Resource::kCpu ? "CPU " : "MEM ";
  const auto add = [&](const char* title, Field field) {
    columns.push_back(
        number_column(name + title, rows, kEssential, [resource, field](const Recommendation& row) {
          return usage_text(resource, row.resources[resource].*field);
        }));
  };
  add("P50", &ResourceAdvice::p50);
  add("P95", &ResourceAdvice::p95);
  add("P99", &ResourceAdvice::p99);
  add("MAX", &ResourceAdvice::max);
}

void add_evidence(const Rows& rows, std::vector<Column>& columns) {
  columns.push_back(number_column("COVERAGE", rows, kCoverage, [](const Recommendation& row) {
    return coverage_text(row.coverage);
  }));
  columns.push_back(number_column("DAYS", rows, kDays, [](const Recommendation& row) {
    return days_text(row.coverage.history);
  }));
  columns.push_back(column("CONFIDENCE", rows, kConfidence, [](const Recommendation& row) {
    return std::string(loadline::to_string(row.confidence.level));
  }));
  columns.push_back(number_column("OOM DAYS", rows, kBacktest, [](const Recommendation& row) {
    return oom_days_text(row.hindsight);
  }));
}

/// Only where there are prices.
void add_cost(const Rows& rows, std::vector<Column>& columns) {
  const auto has_cost = [](const Recommendation& row) { return row.cost.has_value(); };
  if (std::none_of(rows.begin(), rows.end(), has_cost)) return;
  columns.push_back(number_column("COST A MONTH", rows, kCost,
                                  [](const Recommendation& row) { return cost_text(row.cost); }));
}

std::vector<Column> columns_of(const Rows& rows, TableDetail detail) {
  std::vector<Column> columns;
  add_names(rows, columns);
  columns.push_back(number_column(
      "PODS", rows, kPods, [](const Recommendation& row) { return std::to_string(row.replicas); }));
  for (const Resource resource : kResources) add_values(rows, resource, columns);
  if (detail == TableDetail::kWide) {
    for (const Resource resource : kResources) add_usage(rows, resource, columns);
  }
  columns.push_back(verdict_column(rows));
  add_evidence(rows, columns);
  add_cost(rows, columns);
  columns.push_back(detail == TableDetail::kWide ? sentences_column(rows) : why_column(rows));
  return columns;
}

std::vector<std::string> dropped_titles(const std::vector<Column>& columns,
                                        const std::vector<std::optional<std::size_t>>& widths) {
  std::vector<std::string> titles;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!widths[i]) titles.push_back(columns[i].title);
  }
  return titles;
}

void write_rows(const Report& report, TableDetail detail, const RenderOptions& options,
                std::ostream& out) {
  const Rows& rows = report.recommendations;
  if (rows.empty()) return;
  const std::vector<Column> columns = columns_of(rows, detail);
  const auto widths = fit(columns, detail == TableDetail::kWide ? 0 : options.width);
  out << draw(columns, widths, options.color) << '\n';
  const std::vector<std::string> dropped = dropped_titles(columns, widths);
  if (dropped.empty()) return;
  out << styled("not shown at this width: " + joined(dropped, ", ") + " (see --output wide)",
                Style::kDim, options.color)
      << "\n\n";
}

void write_head(const Report& report, const Summary& summary, Color color, std::ostream& out) {
  if (!report.incomplete.empty()) {
    out << styled("INCOMPLETE: parts of the data are missing from this report", Style::kRisk, color)
        << '\n';
    for (const std::string& what : report.incomplete) {
      out << styled("  ! " + printable_text(what), Style::kRisk, color) << '\n';
    }
  }
  out << "window   " << summary.window << '\n'
      << "source   " << printable_text(summary.source) << '\n'
      << "read     " << printable_text(summary.read) << '\n'
      << "policy   " << summary.policy << "\n\n";
}

void write_risks(const Report& report, const Summary& summary, Color color, std::ostream& out) {
  out << styled(summary.headline, report.totals.at_risk > 0 ? Style::kRisk : Style::kHeading, color)
      << '\n';
  for (const RiskLine& risk : summary.risks) {
    out << "  " << styled("!", Style::kRisk, color) << ' ' << printable_text(risk.path) << ": "
        << risk.sentence << '\n';
  }
  if (report.totals.at_risk > summary.risks.size()) {
    out << "    and " << report.totals.at_risk - summary.risks.size() << " more, marked ! above\n";
  }
}

/// One column a resource, so that the block fits narrow terminals; risks above savings.
void write_totals(const Summary& summary, Color color, std::ostream& out) {
  struct Field {
    const char* title = "";
    std::string TotalsLine::*text = nullptr;
  };
  constexpr std::array<Field, 7> kFields{{{"at risk", &TotalsLine::at_risk},
                                          {"no request", &TotalsLine::unset},
                                          {"missing", &TotalsLine::missing},
                                          {"reclaimable", &TotalsLine::reclaimable},
                                          {"  from", &TotalsLine::from},
                                          {"requested", &TotalsLine::requested},
                                          {"recommended", &TotalsLine::recommended}}};
  if (summary.totals.empty()) return;
  std::vector<Column> columns(1);
  for (const Field& field : kFields) columns[0].cells.push_back({field.title, Style::kPlain});
  for (const TotalsLine& line : summary.totals) {
    Column& column = columns.emplace_back();
    column.title = line.resource;
    for (const Field& field : kFields) column.cells.push_back({line.*field.text, Style::kPlain});
  }
  out << '\n' << draw(columns, fit(columns, 0), color);
}

}  // namespace

void render_table(const Report& report, TableDetail detail, const RenderOptions& options,
                  std::ostream& out) {
  const Summary summary = summarise(report);
  write_head(report, summary, options.color, out);
  write_rows(report, detail, options, out);
  write_risks(report, summary, options.color, out);
  write_totals(summary, options.color, out);
  if (!summary.cost.empty()) out << "\ncost: " << printable_text(summary.cost) << '\n';
  if (!summary.backtest.empty()) out << "\nbacktest: " << summary.backtest << '\n';
  for (const std::string& note : summary.notes) {
    out << styled("note: " + note, Style::kDim, options.color) << '\n';
  }
}

}  // namespace loadline::publish
