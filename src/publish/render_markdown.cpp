#include <ostream>

#include "loadline/recommend/spelling.hpp"
#include "publish/markdown_text.hpp"
#include "publish/renderers.hpp"
#include "publish/row_text.hpp"
#include "publish/summary.hpp"

namespace loadline::publish {
namespace {

std::string values(const Recommendation& row, Resource resource, Value value) {
  const ValueText text = value_text(row, resource, value);
  if (text.direction == Direction::kNone) return joined(text, "→");
  return text.current + " → **" + text.recommended + "**";
}

std::string verdict(const Recommendation& row) {
  const std::string text(loadline::to_string(row.verdict));
  return tone_of(row) == RowTone::kRisk ? "⚠ risk, " + text : text;
}

std::string reasons(const Recommendation& row) {
  std::string text;
  for (const Reason& reason : row.reasons) {
    if (!text.empty()) text += "<br>";
    text += prose(reason.sentence);
  }
  return text;
}

void write_row(const Recommendation& row, std::ostream& out) {
  const WorkloadKey& workload = row.key.workload;
  const std::string cluster = workload.cluster.empty() ? "" : code(workload.cluster) + " ";
  out << "| " << cluster << code(workload.namespace_name) << " | " << code(workload_text(row))
      << " | " << code(container_text(row)) << " | " << row.replicas;
  for (const Resource resource : kResources) {
    for (const Value value : kValues) out << " | " << values(row, resource, value);
  }
  out << " | " << verdict(row) << " | " << coverage_text(row.coverage) << " | "
      << days_text(row.coverage.history) << " | " << loadline::to_string(row.confidence.level)
      << " | " << oom_days_text(row.hindsight) << " | " << reasons(row) << " |\n";
}

void write_rows(const Report& report, std::ostream& out) {
  if (report.recommendations.empty()) return;
  out << "\n## Containers\n\n"
         "| Namespace | Workload | Container | Pods | CPU request | CPU limit | Memory request | "
         "Memory limit | Verdict | Coverage | Days | Confidence | OOM-days | Why |\n"
         "|---|---|---|--:|---|---|---|---|---|--:|--:|---|--:|---|\n";
  for (const Recommendation& row : report.recommendations) write_row(row, out);
}

void write_incomplete(const Report& report, std::ostream& out) {
  if (report.incomplete.empty()) return;
  out << "> **INCOMPLETE: parts of the data are missing from this report**\n>\n";
  for (const std::string& what : report.incomplete) out << "> - " << prose(what) << '\n';
  out << '\n';
}

void write_totals(const Summary& summary, std::ostream& out) {
  if (summary.totals.empty()) return;
  out << "\n| | At risk | No request | Missing | Reclaimable | From | Requested | Recommended |\n"
         "|---|---|---|---|---|---|---|---|\n";
  for (const TotalsLine& line : summary.totals) {
    out << "| " << line.resource << " | " << line.at_risk << " | " << line.unset << " | "
        << line.missing << " | " << line.reclaimable << " | " << line.from << " | "
        << line.requested << " | " << line.recommended << " |\n";
  }
}

void write_risks(const Report& report, const Summary& summary, std::ostream& out) {
  out << "**" << summary.headline << "**\n";
  if (!summary.risks.empty()) out << '\n';
  for (const RiskLine& risk : summary.risks) {
    out << "- ⚠ " << code(risk.path) << ": " << prose(risk.sentence) << '\n';
  }
  if (report.totals.at_risk > summary.risks.size()) {
    out << "- and " << report.totals.at_risk - summary.risks.size() << " more below\n";
  }
  if (!summary.verdicts.empty()) out << "\nVerdicts: " << summary.verdicts << ".\n";
}

}  // namespace

void render_markdown(const Report& report, std::ostream& out) {
  const Summary summary = summarise(report);
  out << "# Requests and limits: loadline report\n\n";
  write_incomplete(report, out);
  write_risks(report, summary, out);
  write_totals(summary, out);
  write_rows(report, out);
  out << "\n## Evidence\n\n"
      << "- Window: " << summary.window << "\n- Source: " << prose(summary.source)
      << "\n- Read: " << prose(summary.read) << "\n- Policy: " << summary.policy << '\n';
  if (!summary.cost.empty()) out << "- Cost: " << prose(summary.cost) << '\n';
  if (!summary.backtest.empty()) out << "- Backtest: " << summary.backtest << '\n';
  for (const std::string& note : summary.notes) out << "- Note: " << prose(note) << '\n';
}

}  // namespace loadline::publish
