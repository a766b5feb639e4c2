#include "publish/explain_text.hpp"

#include <algorithm>
#include <cmath>
#include <ostream>

#include "loadline/model/time.hpp"
#include "loadline/recommend/spelling.hpp"
#include "publish/grid.hpp"
#include "publish/row_text.hpp"
#include "publish/text.hpp"

namespace loadline::publish {
namespace {

constexpr std::size_t kBarWidth = 40;
constexpr std::size_t kMostPods = 10;

std::string amount(Resource resource, const std::optional<double>& value) {
  return value ? spell_requirement(resource, *value) : "none";
}

std::string percent(double ratio) {
  return spell_decimal(100 * ratio, ratio < 0.01 ? 2 : 1) + "%";
}

std::string date_of(std::int32_t day) {
  return format_rfc3339(from_unix_ms(day * kMillisecondsPerDay)).substr(0, 10);
}

std::string bar(double share, double most) {
  const double cells = most > 0 ? share / most * static_cast<double>(kBarWidth) : 0;
  const auto full = static_cast<std::size_t>(std::lround(cells));
  return std::string(share > 0 ? std::max<std::size_t>(1, full) : 0, '#');
}

Column cells(std::string title, Alignment alignment, std::vector<std::string> texts) {
  Column column;
  column.title = std::move(title);
  column.alignment = alignment;
  for (std::string& text : texts) column.cells.push_back({std::move(text), Style::kPlain});
  return column;
}

template <typename Rows, typename Text>
std::vector<std::string> texts_of(const Rows& rows, Text text) {
  std::vector<std::string> texts;
  texts.reserve(rows.size());
  for (const auto& row : rows) texts.push_back(text(row));
  return texts;
}

void write_table(const std::vector<Column>& columns, Color color, std::ostream& out) {
  out << draw(columns, fit(columns, 0), color) << '\n';
}

void write_heading(const std::string& text, Color color, std::ostream& out) {
  out << styled(text, Style::kHeading, color) << '\n';
}

void write_values(const Recommendation& row, Color color, std::ostream& out) {
  write_heading("Values", color, out);
  std::vector<std::string> names;
  std::vector<std::string> texts;
  for (const Resource resource : kResources) {
    for (const Value value : kValues) {
      names.push_back(std::string(spell_resource(resource)) + " " + std::string(to_string(value)));
      texts.push_back(joined(value_text(row, resource, value), "->"));
    }
  }
  write_table({cells("", Alignment::kLeft, std::move(names)),
               cells("TODAY -> RECOMMENDED", Alignment::kLeft, std::move(texts))},
              color, out);
}

void write_reasons(const Recommendation& row, Color color, std::ostream& out) {
  write_heading("Why", color, out);
  for (const Reason& reason : row.reasons) {
    out << (is_risk(reason.code) ? "! " : "  ") << loadline::to_string(reason.code) << ": "
        << printable_text(reason.sentence) << '\n';
  }
  out << '\n';
}

void write_evidence(const Recommendation& row, const std::string& currency, std::ostream& out) {
  out << "replicas " << row.replicas << ", restarts " << row.restarts << ", OOM kills "
      << row.oom_kills.count;
  if (row.oom_kills.last_ms > 0) {
    out << " (last " << format_rfc3339(from_unix_ms(row.oom_kills.last_ms)) << ")";
  }
  out << "\ncoverage " << coverage_text(row.coverage) << " of the scrapes, "
      << days_text(row.coverage.history) << " days of history\nconfidence "
      << loadline::to_string(row.confidence.level) << ": " << row.confidence.why << "\nbacktest "
      << hindsight_text(row.hindsight) << '\n';
  if (row.cost) {
    out << "cost " << cost_text(row.cost) << ' ' << printable_text(currency)
        << " a month, all replicas\n";
  }
  out << '\n';
}

void write_steps(Resource resource, const ExplainedResource& told, Color color, std::ostream& out) {
  write_table({cells("STEP", Alignment::kLeft,
                     texts_of(told.steps, [](const ExplainedStep& s) { return s.step; })),
               cells("REQUEST", Alignment::kRight,
                     texts_of(told.steps,
                              [&](const ExplainedStep& s) { return amount(resource, s.request); })),
               cells("LIMIT", Alignment::kRight,
                     texts_of(told.steps,
                              [&](const ExplainedStep& s) { return amount(resource, s.limit); }))},
              color, out);
}

void write_quantiles(Resource resource, const ExplainedResource& told, std::ostream& out) {
  std::string_view separator;
  for (const ExplainedQuantile& point : told.quantiles) {
    out << separator << spell_quantile(point.quantile) << ' ' << spell_usage(resource, point.value);
    separator = "  ";
  }
  out << "\n\n";
}

void write_histogram(Resource resource, const ExplainedResource& told, Color color,
                     std::ostream& out) {
  double most = 0;
  for (const ExplainedBar& b : told.histogram) most = std::max(most, b.share);
  write_table(
      {cells("UP TO", Alignment::kRight,
             texts_of(told.histogram,
                      [&](const ExplainedBar& b) { return spell_usage(resource, b.upto); })),
       cells("SAMPLES", Alignment::kRight,
             texts_of(told.histogram, [](const ExplainedBar& b) { return percent(b.share); })),
       cells("", Alignment::kLeft,
             texts_of(told.histogram, [&](const ExplainedBar& b) { return bar(b.share, most); }))},
      color, out);
}

/// Kills of the day: only the latest is known by its time.
std::string kill_text(const Recommendation& row, Resource resource, std::int32_t day) {
  const bool is_it = resource == Resource::kMemory && row.oom_kills.last_ms > 0 &&
                     row.oom_kills.last_ms / kMillisecondsPerDay == day;
  return is_it ? "OOM killed" : "";
}

void write_days(Resource resource, const Explanation& explanation, Color color, std::ostream& out) {
  const ExplainedResource& told = explanation.resources[resource];
  const std::string target = spell_quantile(explanation.policy.resources[resource].quantile);
  write_table(
      {cells("DAY", Alignment::kLeft,
             texts_of(told.days, [](const ExplainedDay& d) { return date_of(d.day); })),
       cells(target, Alignment::kRight,
             texts_of(told.days,
                      [&](const ExplainedDay& d) { return spell_usage(resource, d.target); })),
       cells("MAX", Alignment::kRight,
             texts_of(told.days,
                      [&](const ExplainedDay& d) { return spell_usage(resource, d.max); })),
       cells("COVERAGE", Alignment::kRight,
             texts_of(told.days,
                      [](const ExplainedDay& d) {
                        return d.coverage ? percent(std::min(1.0, *d.coverage)) : "-";
                      })),
       cells("", Alignment::kLeft,
             texts_of(told.days,
                      [&](const ExplainedDay& d) {
                        return kill_text(explanation.row, resource, d.day);
                      }))},
      color, out);
}

/// The hottest pods, where there is more than one.
void write_pods(Resource resource, const Explanation& explanation, Color color, std::ostream& out) {
  const std::vector<ExplainedPod>& all = explanation.resources[resource].pods;
  if (all.size() < 2) return;
  const ReplicaSpread& spread = explanation.row.resources[resource].replicas;
  const std::vector<ExplainedPod> pods(
      all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), kMostPods)));
  write_heading(std::string(spell_resource(resource)) + ": the hottest of " +
                    std::to_string(all.size()) + " pods; " + std::to_string(spread.above_request) +
                    " above the recommended request",
                color, out);
  const std::string target = spell_quantile(explanation.policy.resources[resource].quantile);
  write_table(
      {cells("POD", Alignment::kLeft,
             texts_of(pods, [](const ExplainedPod& p) { return printable_text(p.pod); })),
       cells(
           target, Alignment::kRight,
           texts_of(pods, [&](const ExplainedPod& p) { return spell_usage(resource, p.target); })),
       cells("MAX", Alignment::kRight,
             texts_of(pods, [&](const ExplainedPod& p) { return spell_usage(resource, p.max); }))},
      color, out);
}

void write_resource(Resource resource, const Explanation& explanation, Color color,
                    std::ostream& out) {
  const ExplainedResource& told = explanation.resources[resource];
  const std::string name(spell_resource(resource));
  if (told.steps.empty()) {
    out << name << ": no usage in the window\n\n";
    return;
  }
  write_heading(name + ": from the quantile to the value", color, out);
  write_steps(resource, told, color, out);
  write_heading(name + ": usage of " + std::to_string(explanation.row.resources[resource].samples) +
                    " samples",
                color, out);
  write_quantiles(resource, told, out);
  write_histogram(resource, told, color, out);
  write_heading(name + ": day by day (UTC)", color, out);
  write_days(resource, explanation, color, out);
  write_pods(resource, explanation, color, out);
  if (!told.turning_point.empty()) out << "What would change it: " << told.turning_point << "\n\n";
}

}  // namespace

std::string explained_name(const Explanation& explanation) {
  return printable_text(path_text(explanation.row));
}

void write_explanation(const Explanation& explanation, const std::string& currency, Color color,
                       std::ostream& out) {
  const Recommendation& row = explanation.row;
  write_heading(explained_name(explanation) + ": " + std::string(loadline::to_string(row.verdict)),
                color, out);
  write_evidence(row, currency, out);
  write_values(row, color, out);
  write_reasons(row, color, out);
  for (const Resource resource : kResources) write_resource(resource, explanation, color, out);
}

}  // namespace loadline::publish
