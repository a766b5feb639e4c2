#include <nlohmann/json.hpp>
#include <ostream>

#include "publish/check_report.hpp"

namespace loadline::publish {
namespace {

using nlohmann::ordered_json;

ordered_json time_or_null(const std::optional<TimePoint>& time) {
  return time ? ordered_json(format_rfc3339(*time)) : ordered_json(nullptr);
}

ordered_json interval_of(const CheckReport& check) {
  if (!check.scrape_interval) return nullptr;
  return std::chrono::duration<double>(*check.scrape_interval).count();
}

ordered_json metric_of(const MetricSighting& metric) {
  return {{"name", metric.name},
          {"need", to_word(metric.need)},
          {"found", metric.found()},
          {"series", metric.series},
          {"labels", metric.label_names}};
}

ordered_json finding_of(const Finding& finding) {
  ordered_json mend = nullptr;
  if (!finding.mend.empty()) mend = finding.mend;
  return {{"severity", to_string(finding.severity)},
          {"subject", finding.subject},
          {"sentence", finding.sentence},
          {"mend", mend}};
}

ordered_json document_of_check(const CheckReport& check) {
  ordered_json document{{"schema", "loadline/check.v1"}, {"verdict", verdict_of(check)}};
  document["source"] = {{"url", check.url},
                        {"server", check.server},
                        {"read_path", check.read_path},
                        {"read_path_reason", check.read_path_reason},
                        {"scrape_interval_seconds", interval_of(check)}};
  document["window"] = {{"start", format_rfc3339(check.window.start)},
                        {"end", format_rfc3339(check.window.end)}};
  document["history_start"] = time_or_null(check.history_start);
  document["metrics"] = ordered_json::array();
  for (const MetricSighting& metric : check.metrics) {
    document["metrics"].push_back(metric_of(metric));
  }
  document["findings"] = ordered_json::array();
  for (const Finding& finding : check.findings) {
    document["findings"].push_back(finding_of(finding));
  }
  return document;
}

}  // namespace

// Pure ASCII, so that no terminal acts on a label's bytes; broken UTF-8 becomes U+FFFD.
void render_check_json(const CheckReport& check, std::ostream& out) {
  constexpr bool kAsciiOnly = true;
  out << document_of_check(check).dump(2, ' ', kAsciiOnly, ordered_json::error_handler_t::replace)
      << '\n';
}

}  // namespace loadline::publish
