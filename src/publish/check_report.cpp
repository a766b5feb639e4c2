#include "loadline/publish/check_report.hpp"

#include <algorithm>
#include <ostream>

#include "publish/check_report.hpp"
#include "publish/text.hpp"

namespace loadline {
namespace {

std::string_view mark(Severity severity) {
  switch (severity) {
    case Severity::kOk:
      return "ok     ";
    case Severity::kWarning:
      return "WARNING";
    case Severity::kFailure:
      return "FAILURE";
  }
  return "";
}

std::string_view color_code(Severity severity) {
  switch (severity) {
    case Severity::kOk:
      return "\033[32m";
    case Severity::kWarning:
      return "\033[33m";
    case Severity::kFailure:
      return "\033[31m";
  }
  return "";
}

std::string colored(std::string_view text, Severity severity, Color color) {
  if (color == Color::kNever) return std::string(text);
  return std::string(color_code(severity)) + std::string(text) + "\033[0m";
}

std::string padded(std::string text, std::size_t width) {
  const std::size_t shown = publish::display_width(text);
  if (shown < width) text.append(width - shown, ' ');
  return text;
}

/// A line cut to the terminal, if there is one.
std::string fitted(const std::string& line, std::size_t width) {
  if (width < 20 || publish::display_width(line) <= width) return line;
  return publish::elide_middle(line, width);
}

void write_source(const CheckReport& check, std::ostream& out) {
  using publish::printable_text;
  out << "Prometheus       " << printable_text(check.server) << " at " << printable_text(check.url)
      << "\nRead path        " << check.read_path << ": " << printable_text(check.read_path_reason)
      << "\nScrape interval  "
      << (check.scrape_interval ? format_duration(*check.scrape_interval) : "no scrape found")
      << "\nWindow           " << format_rfc3339(check.window.start) << " to "
      << format_rfc3339(check.window.end) << "\nHistory from     "
      << (check.history_start ? format_rfc3339(*check.history_start) : "none found") << "\n\n";
}

std::string labels_of(const MetricSighting& metric) {
  std::string labels;
  for (const std::string& name : metric.label_names) {
    if (name == "__name__") continue;
    if (!labels.empty()) labels += ' ';
    labels += publish::printable_text(name);
  }
  return labels;
}

std::string_view need_word(MetricNeed need) {
  switch (need) {
    case MetricNeed::kNeeded:
      return "needed";
    case MetricNeed::kWanted:
      return "wanted";
    case MetricNeed::kEvidence:
      return "evidence";
  }
  return "";
}

void write_metrics(const CheckReport& check, std::size_t width, std::ostream& out) {
  std::size_t longest = 6;
  for (const MetricSighting& metric : check.metrics) {
    longest = std::max(longest, metric.name.size());
  }
  out << padded("METRIC", longest) << "  NEED        SERIES  LABELS\n";
  for (const MetricSighting& metric : check.metrics) {
    std::string series = metric.found() ? std::to_string(metric.series) : "none";
    series.insert(0, series.size() < 6 ? 6 - series.size() : 0, ' ');
    std::string line = padded(metric.name, longest) + "  " +
                       padded(std::string(need_word(metric.need)), 10) + "  " + series;
    if (metric.found()) line += "  " + labels_of(metric);
    out << fitted(line, width) << '\n';
  }
  out << '\n';
}

void write_findings(const CheckReport& check, Color color, std::ostream& out) {
  for (const Finding& finding : check.findings) {
    out << colored(mark(finding.severity), finding.severity, color) << "  "
        << publish::printable_text(finding.subject) << ": "
        << publish::printable_text(finding.sentence) << '\n';
    if (!finding.mend.empty()) {
      out << "         -> " << publish::printable_text(finding.mend) << '\n';
    }
  }
  out << '\n';
}

std::string conclusion(Severity worst) {
  switch (worst) {
    case Severity::kOk:
      return "Usable.";
    case Severity::kWarning:
      return "Usable, but something is missing: see the warnings above.";
    case Severity::kFailure:
      return "Not usable: see the failures above.";
  }
  return "";
}

}  // namespace

namespace publish {

std::string_view to_word(MetricNeed need) {
  return need_word(need);
}

}  // namespace publish

std::string_view verdict_of(const CheckReport& check) {
  switch (worst_of(check.findings)) {
    case Severity::kOk:
      return "usable";
    case Severity::kWarning:
      return "incomplete";
    case Severity::kFailure:
      return "unusable";
  }
  return "";
}

void render_check(const CheckReport& check, CheckFormat format, const RenderOptions& options,
                  std::ostream& out) {
  if (format == CheckFormat::kJson) return publish::render_check_json(check, out);
  write_source(check, out);
  write_metrics(check, options.width, out);
  write_findings(check, options.color, out);
  const Severity worst = worst_of(check.findings);
  out << colored(conclusion(worst), worst, options.color) << '\n';
}

}  // namespace loadline
