#include <algorithm>
#include <ostream>

#include "publish/html_style.hpp"
#include "publish/renderers.hpp"
#include "publish/row_text.hpp"
#include "publish/summary.hpp"
#include "publish/text.hpp"

namespace loadline::publish {
namespace {

void write_head(const Report& report, const Summary& summary, std::ostream& out) {
  out << "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" "
         "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
         "<title>loadline: "
      << html_text(summary.headline) << "</title>\n<style>" << kHtmlStyle
      << "</style>\n</head>\n<body>\n<header>\n<h1>Requests and limits</h1>\n"
      << "<p class=\"meta\">" << html_text(summary.window) << "</p>\n<p class=\"meta\">"
      << html_text(summary.source) << "</p>\n</header>\n<main>\n";
  if (report.incomplete.empty()) return;
  out << "<div class=\"alert\" role=\"alert\"><strong>Incomplete: parts of the data are missing "
         "from this report</strong>\n<ul>\n";
  for (const std::string& what : report.incomplete) out << "<li>" << html_text(what) << "</li>\n";
  out << "</ul></div>\n";
}

void write_risk_tile(const Report& report, const Summary& summary, std::ostream& out) {
  const bool is_bad = report.totals.at_risk > 0;
  out << "<div class=\"tile" << (is_bad ? " bad" : "") << "\"><h2>Risk</h2>\n<p class=\"big\">"
      << html_text(summary.headline) << "</p>\n";
  if (!summary.verdicts.empty()) {
    out << "<p class=\"meta\">" << html_text(summary.verdicts) << "</p>\n";
  }
  if (is_bad) {
    out << "<ul>\n";
    for (const RiskLine& risk : summary.risks) {
      out << "<li><strong>" << html_text(risk.path) << "</strong>: " << html_text(risk.sentence)
          << "</li>\n";
    }
    if (report.totals.at_risk > summary.risks.size()) {
      out << "<li>and " << report.totals.at_risk - summary.risks.size() << " more below</li>\n";
    }
    out << "</ul>\n";
  }
  out << "</div>\n";
}

void write_totals_tile(const TotalsLine& line, std::ostream& out) {
  out << "<div class=\"tile\"><h2>" << html_text(line.resource)
      << " requests</h2>\n<p class=\"big\">" << html_text(line.requested) << " → "
      << html_text(line.recommended) << "</p>\n<dl>\n";
  const auto entry = [&out](const char* term, const std::string& text) {
    out << "<dt>" << term << "</dt><dd>" << html_text(text) << "</dd>\n";
  };
  entry("At risk", line.at_risk);
  entry("No request", line.unset);
  entry("Missing", line.missing);
  entry("Reclaimable", line.reclaimable);
  entry("From", line.from);
  out << "</dl></div>\n";
}

void write_tiles(const Report& report, const Summary& summary, std::ostream& out) {
  out << "<section class=\"tiles\" aria-label=\"Totals\">\n";
  write_risk_tile(report, summary, out);
  for (const TotalsLine& line : summary.totals) write_totals_tile(line, out);
  out << "</section>\n";
}

std::string_view class_of(Direction direction) {
  switch (direction) {
    case Direction::kNone:
      return "same";
    case Direction::kRaise:
      return "raise";
    case Direction::kLower:
      return "lower";
  }
  return "";
}

void write_value(const Recommendation& row, Resource resource, Value value, std::ostream& out) {
  const ValueText text = value_text(row, resource, value);
  out << "<td class=\"value\">" << html_text(text.current);
  if (!text.recommended.empty()) {
    out << " → <span class=\"" << class_of(text.direction) << "\">" << html_text(text.recommended)
        << "</span>";
  }
  if (value == Value::kRequest) {
    const ResourceAdvice& advice = row.resources[resource];
    out << "<span class=\"usage\">p95 " << html_text(usage_text(resource, advice.p95)) << ", max "
        << html_text(usage_text(resource, advice.max)) << "</span>";
  }
  out << "</td>";
}

void write_names(const Recommendation& row, std::ostream& out) {
  const WorkloadKey& workload = row.key.workload;
  const bool is_inferred = row.owner_source == OwnerSource::kPodName;
  const std::string cluster = workload.cluster.empty() ? "" : workload.cluster + ": ";
  out << "<td class=\"name\">" << html_text(cluster + workload.namespace_name)
      << "</td><th scope=\"row\"><span class=\"kind\">" << html_text(workload.kind) << "/</span>"
      << html_text(workload.name)
      << (is_inferred ? " <span class=\"soft\">(inferred from pod names)</span>" : "")
      << "</th><td class=\"name\">" << html_text(container_text(row))
      << "</td><td class=\"number\">" << row.replicas << "</td>";
}

void write_reasons(const Recommendation& row, std::ostream& out) {
  out << "<td class=\"why\"><ul>";
  for (const Reason& reason : row.reasons) {
    const char* const tone = is_risk(reason.code) ? " class=\"raise\"" : "";
    out << "<li" << tone << '>' << html_text(reason.sentence) << "</li>";
  }
  out << "</ul></td>";
}

void write_row(const Recommendation& row, std::ostream& out) {
  const RowTone tone = tone_of(row);
  out << "<tr class=\"" << to_string(tone) << "\">";
  write_names(row, out);
  for (const Resource resource : kResources) {
    for (const Value value : kValues) write_value(row, resource, value, out);
  }
  out << "<td><span class=\"badge\">" << (tone == RowTone::kRisk ? "⚠ risk, " : "")
      << html_text(loadline::to_string(row.verdict)) << "</span></td><td class=\"number\">"
      << coverage_text(row.coverage) << "</td><td class=\"number\">"
      << days_text(row.coverage.history) << "</td><td>" << loadline::to_string(row.confidence.level)
      << "</td><td class=\"number\">" << oom_days_text(row.hindsight) << "</td>";
  write_reasons(row, out);
  out << "</tr>\n";
}

void write_rows(const Report& report, std::ostream& out) {
  if (report.recommendations.empty()) return;
  out << "<h2 id=\"containers\">Containers</h2>\n<div class=\"scroll\" role=\"region\" "
         "aria-labelledby=\"containers\" tabindex=\"0\">\n<table>\n"
         "<caption>Today's value → the recommended one, for each container of each workload. "
         "Rows at risk are marked ⚠.</caption>\n<thead>\n<tr><th scope=\"col\">Namespace</th>"
         "<th scope=\"col\">Workload</th><th scope=\"col\">Container</th>"
         "<th scope=\"col\" class=\"number\">Pods</th><th scope=\"col\">CPU request</th>"
         "<th scope=\"col\">CPU limit</th><th scope=\"col\">Memory request</th>"
         "<th scope=\"col\">Memory limit</th><th scope=\"col\">Verdict</th>"
         "<th scope=\"col\" class=\"number\">Coverage</th>"
         "<th scope=\"col\" class=\"number\">Days</th><th scope=\"col\">Confidence</th>"
         "<th scope=\"col\" class=\"number\">OOM-days</th><th scope=\"col\">Why</th></tr>\n"
         "</thead>\n<tbody>\n";
  for (const Recommendation& row : report.recommendations) write_row(row, out);
  out << "</tbody>\n</table>\n</div>\n";
}

void write_foot(const Report& report, const Summary& summary, std::ostream& out) {
  out << "</main>\n<footer>\n<dl>\n<dt>Policy</dt><dd>" << html_text(summary.policy)
      << "</dd>\n<dt>Read</dt><dd>" << html_text(summary.read) << "</dd>\n<dt>Generated</dt><dd>"
      << format_rfc3339(report.generated_at) << "</dd>\n";
  if (!summary.cost.empty()) out << "<dt>Cost</dt><dd>" << html_text(summary.cost) << "</dd>\n";
  if (!summary.backtest.empty()) {
    out << "<dt>Backtest</dt><dd>" << html_text(summary.backtest) << "</dd>\n";
  }
  for (const std::string& note : summary.notes) {
    out << "<dt>Note</dt><dd>" << html_text(note) << "</dd>\n";
  }
  out << "</dl>\n</footer>\n</body>\n</html>\n";
}

}  // namespace

void render_html(const Report& report, std::ostream& out) {
  const Summary summary = summarise(report);
  write_head(report, summary, out);
  write_tiles(report, summary, out);
  write_rows(report, out);
  write_foot(report, summary, out);
}

}  // namespace loadline::publish
