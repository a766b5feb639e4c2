#include <algorithm>
#include <ostream>

#include "publish/backtest_renderers.hpp"
#include "publish/csv_text.hpp"

namespace loadline::publish {
namespace {

/// One line: a policy's totals, or one container under it.
struct CsvRow {
  const PolicyBacktest& policy;
  const BacktestScore& score;
  std::uint64_t eligible_pod_days = 0;
  const ContainerKey* container = nullptr;
};

void add_names(const CsvRow& row, CsvCells& cells) {
  const ContainerKey key = row.container != nullptr ? *row.container : ContainerKey{};
  cells.emplace_back("scope", row.container != nullptr ? "container" : "total");
  cells.emplace_back("policy", row.policy.name);
  cells.emplace_back("cluster", text_cell(key.workload.cluster));
  cells.emplace_back("namespace", text_cell(key.workload.namespace_name));
  cells.emplace_back("kind", text_cell(key.workload.kind));
  cells.emplace_back("workload", text_cell(key.workload.name));
  cells.emplace_back("container", text_cell(key.container));
}

CsvCells cells_of(const BacktestReport& report, const CsvRow& row) {
  const BacktestScore& score = row.score;
  const BacktestRatios ratios =
      ratios_of(score, row.eligible_pod_days, report.result.judged_days.size());
  CsvCells cells;
  add_names(row, cells);
  const auto add = [&cells](const char* name, const std::optional<double>& value) {
    cells.emplace_back(name, number(value));
  };
  const auto judged = std::max(score.pod_days[Resource::kCpu], score.pod_days[Resource::kMemory]);
  cells.emplace_back("pod_days", std::to_string(judged));
  cells.emplace_back("oom_days", std::to_string(score.oom_days));
  add("oom_days_per_100_pod_days", ratios.oom_days_per_100_pod_days);
  add("cpu_above_request_ratio", ratios.above_request[Resource::kCpu]);
  add("cpu_above_limit_ratio", ratios.cpu_above_limit);
  add("memory_above_request_ratio", ratios.above_request[Resource::kMemory]);
  add("relative_slack_cpu", ratios.slack[Resource::kCpu]);
  add("relative_slack_memory", ratios.slack[Resource::kMemory]);
  add("requested_cores", ratios.requested[Resource::kCpu]);
  add("requested_memory_bytes", ratios.requested[Resource::kMemory]);
  add("limit_cores", ratios.limits[Resource::kCpu]);
  add("limit_memory_bytes", ratios.limits[Resource::kMemory]);
  add("changes_per_container_day", ratios.changes_per_container_day);
  add("coverage_ratio", ratios.coverage);
  cells.emplace_back("complete", flag(report.incomplete.empty()));
  return cells;
}

}  // namespace

void render_backtest_csv(const BacktestReport& report, std::ostream& out) {
  using Cell = CsvCells::value_type;
  const Backtest& result = report.result;
  bool is_first = true;
  for (const PolicyBacktest& policy : result.policies) {
    const CsvCells cells = cells_of(report, {policy, policy.score, result.pod_days});
    if (is_first) write_csv_line(cells, &Cell::first, out);
    is_first = false;
    write_csv_line(cells, &Cell::second, out);
  }
  for (const ContainerBacktest& container : result.containers) {
    for (std::size_t i = 0; i < container.policies.size(); ++i) {
      const CsvRow row{result.policies[i], container.policies[i].score, container.pod_days,
                       &container.key};
      write_csv_line(cells_of(report, row), &Cell::second, out);
    }
  }
}

}  // namespace loadline::publish
