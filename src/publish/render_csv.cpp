#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "loadline/recommend/change.hpp"
#include "loadline/recommend/prices.hpp"
#include "publish/csv_text.hpp"
#include "publish/renderers.hpp"
#include "publish/row_text.hpp"
#include "publish/summary.hpp"

namespace loadline::publish {
namespace {

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

void add_identity(const Recommendation& row, CsvCells& cells) {
  const WorkloadKey& workload = row.key.workload;
  cells.emplace_back("cluster", text_cell(workload.cluster));
  cells.emplace_back("namespace", text_cell(workload.namespace_name));
  cells.emplace_back("kind", text_cell(workload.kind));
  cells.emplace_back("workload", text_cell(workload.name));
  cells.emplace_back("container", text_cell(row.key.container));
  cells.emplace_back("container_type", loadline::to_string(row.type));
  cells.emplace_back("owner_inferred", flag(row.owner_source == OwnerSource::kPodName));
}

void add_verdict(const Recommendation& row, CsvCells& cells) {
  cells.emplace_back("verdict", loadline::to_string(row.verdict));
  cells.emplace_back("reasons", reason_codes(row));
  cells.emplace_back("sentences", sentences(row));
  cells.emplace_back("coverage_ratio", number(row.coverage.ratio));
  cells.emplace_back("history_seconds",
                     number(static_cast<double>(row.coverage.history.count()) / 1000));
  cells.emplace_back("current_known", flag(row.current_known));
  cells.emplace_back("confidence", loadline::to_string(row.confidence.level));
}

/// The columns of a row and of the whole report.
void add_backtest(const Hindsight& hindsight, CsvCells& cells) {
  const bool knows_memory = hindsight.memory_days > 0;
  cells.emplace_back("backtest_days", std::to_string(hindsight.days));
  cells.emplace_back("backtest_oom_days",
                     knows_memory ? std::to_string(hindsight.oom_days) : std::string());
  for (const Resource resource : kResources) {
    cells.emplace_back(
        "backtest_" + std::string(loadline::to_string(resource)) + "_above_request_ratio",
        number(above_request_ratio(hindsight, resource)));
  }
  cells.emplace_back("backtest_cpu_above_limit_ratio", number(cpu_above_limit_ratio(hindsight)));
}

void add_advice(const ResourceAdvice& advice, Resource resource, CsvCells& cells) {
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

void add_sums(const ResourceTotals& sums, Resource resource, bool is_known, CsvCells& cells) {
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

void add_cost(const std::optional<Cost>& cost, CsvCells& cells) {
  const auto add = [&](std::string name, double (*value)(const Cost&)) {
    cells.emplace_back(std::move(name),
                       cost ? number(kHoursPerMonth * value(*cost)) : std::string());
  };
  add("cost_current_per_month", [](const Cost& c) { return c.current_per_hour; });
  add("cost_recommended_per_month", [](const Cost& c) { return c.recommended_per_hour; });
  add("cost_saving_per_month", [](const Cost& c) { return c.saving_per_hour(); });
}

/// The same columns for a row (its own sums over its replicas) and for the whole report.
void add_totals(const Totals& totals, bool is_known, CsvCells& cells) {
  cells.emplace_back("replicas", std::to_string(totals.replicas));
  cells.emplace_back("at_risk", std::to_string(totals.at_risk));
  for (const Resource resource : kResources) {
    add_sums(totals.resources[resource], resource, is_known, cells);
  }
  add_backtest(totals.hindsight, cells);
  add_cost(totals.cost, cells);
}

void add_report(const Report& report, CsvCells& cells) {
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
  cells.emplace_back("currency", text_cell(report.currency));
  cells.emplace_back("hidden_rows", std::to_string(report.hidden));
}

CsvCells row_cells(const Report& report, const Recommendation& row) {
  CsvCells cells{{"record", "container"}};
  add_identity(row, cells);
  add_verdict(row, cells);
  for (const Resource resource : kResources) add_advice(row.resources[resource], resource, cells);
  add_totals(total({row}), row.current_known, cells);
  add_report(report, cells);
  return cells;
}

/// The last record: the columns of one container are empty.
CsvCells total_cells(const Report& report) {
  CsvCells cells{{"record", "total"}};
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

}  // namespace

void render_csv(const Report& report, std::ostream& out) {
  using Cell = CsvCells::value_type;
  const CsvCells totals = total_cells(report);
  write_csv_line(totals, &Cell::first, out);
  for (const Recommendation& row : report.recommendations) {
    write_csv_line(row_cells(report, row), &Cell::second, out);
  }
  write_csv_line(totals, &Cell::second, out);
}

}  // namespace loadline::publish
