#include "loadline/publish/explain_report.hpp"

#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>

#include "publish/document.hpp"
#include "publish/explain_text.hpp"
#include "publish/text.hpp"

namespace loadline {
namespace {

using Json = nlohmann::ordered_json;

Json number(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

std::string keyed(std::string_view name, Resource resource) {
  return std::string(name) + "_" + std::string(unit_of(resource));
}

Json steps_of(const ExplainedResource& told, Resource resource) {
  Json steps = Json::array();
  for (const ExplainedStep& step : told.steps) {
    steps.push_back({{"step", step.step},
                     {keyed("request", resource), step.request},
                     {keyed("limit", resource), number(step.limit)}});
  }
  return steps;
}

Json days_of(const ExplainedResource& told, Resource resource) {
  Json days = Json::array();
  for (const ExplainedDay& day : told.days) {
    days.push_back(
        {{"day", format_rfc3339(from_unix_ms(day.day * kMillisecondsPerDay)).substr(0, 10)},
         {"samples", day.samples},
         {keyed("target", resource), day.target},
         {keyed("max", resource), day.max},
         {"coverage_ratio", number(day.coverage)}});
  }
  return days;
}

Json pods_of(const ExplainedResource& told, Resource resource) {
  Json pods = Json::array();
  for (const ExplainedPod& pod : told.pods) {
    pods.push_back({{"pod", pod.pod},
                    {keyed("target", resource), pod.target},
                    {keyed("max", resource), pod.max}});
  }
  return pods;
}

Json resource_of(const ExplainedResource& told, Resource resource) {
  Json quantiles = Json::array();
  for (const ExplainedQuantile& point : told.quantiles) {
    quantiles.push_back({{"quantile", point.quantile}, {keyed("value", resource), point.value}});
  }
  Json bars = Json::array();
  for (const ExplainedBar& bar : told.histogram) {
    bars.push_back({{keyed("upto", resource), bar.upto}, {"share", bar.share}});
  }
  return {{"steps", steps_of(told, resource)}, {"quantiles", std::move(quantiles)},
          {"histogram", std::move(bars)},      {"days", days_of(told, resource)},
          {"pods", pods_of(told, resource)},   {"turning_point", told.turning_point}};
}

void render_json(const ExplainReport& report, std::ostream& out) {
  Json containers = Json::array();
  for (const Explanation& explanation : report.containers) {
    Json json = {{"recommendation", publish::row_of(explanation.row)}};
    for (const Resource resource : kResources) {
      json[std::string(to_string(resource))] =
          resource_of(explanation.resources[resource], resource);
    }
    containers.push_back(std::move(json));
  }
  const Json document = {
      {"schema", "loadline/explain.v1"},
      {"window",
       {{"start", format_rfc3339(report.window.start)},
        {"end", format_rfc3339(report.window.end)}}},
      {"currency", report.currency.empty() ? Json(nullptr) : Json(report.currency)},
      {"complete", report.incomplete.empty()},
      {"incomplete", report.incomplete},
      {"containers", std::move(containers)}};
  out << document.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

void render_text(const ExplainReport& report, Color color, std::ostream& out) {
  for (const Explanation& explanation : report.containers) {
    publish::write_explanation(explanation, report.currency, color, out);
  }
  for (const std::string& sentence : report.incomplete) {
    out << "incomplete: " << publish::printable_text(sentence) << '\n';
  }
}

void render_html(const ExplainReport& report, std::ostream& out) {
  out << "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<title>loadline explain</title>\n<style>body{font:14px sans-serif;margin:2rem}"
         "pre{font:13px monospace;overflow-x:auto}</style>\n</head>\n<body>\n";
  for (const Explanation& explanation : report.containers) {
    std::ostringstream text;
    publish::write_explanation(explanation, report.currency, Color::kNever, text);
    // The text is printable already; only markup is left to escape.
    out << "<section>\n<h1>" << publish::html_text(publish::explained_name(explanation))
        << "</h1>\n<pre>" << publish::markup_text(text.str()) << "</pre>\n</section>\n";
  }
  for (const std::string& sentence : report.incomplete) {
    out << "<p>incomplete: " << publish::html_text(sentence) << "</p>\n";
  }
  out << "</body>\n</html>\n";
}

}  // namespace

void render_explanation(const ExplainReport& report, ExplainFormat format,
                        const RenderOptions& options, std::ostream& out) {
  switch (format) {
    case ExplainFormat::kText:
      return render_text(report, options.color, out);
    case ExplainFormat::kJson:
      return render_json(report, out);
    case ExplainFormat::kHtml:
      return render_html(report, out);
  }
}

}  // namespace loadline
