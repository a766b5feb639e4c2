#include "service/routes_query.hpp"

#include <algorithm>
#include <set>

#include "loadline/config/config.hpp"
#include "service/http_query.hpp"

namespace loadline::service {
namespace {

constexpr std::string_view kAllParameters =
    "namespace, exclude_namespace, workload, container, verdict, min_change, sort and format";

/// Empty: taken.
using Complaint = std::string;

Complaint add_pattern(std::vector<std::string>& patterns, const std::string& value) {
  if (value.empty()) return "a pattern is needed, for example shop-*";
  patterns.push_back(value);
  return {};
}

Complaint take_verdict(ReportQuery& query, const std::string& value) {
  const auto verdict = parse_verdict(value);
  if (!verdict) return "use change, keep, profiling, no_data or excluded";
  query.filter.only.push_back(*verdict);
  return {};
}

Complaint take_min_change(ReportQuery& query, const std::string& value) {
  const auto ratio = parse_ratio(value);
  if (!ratio) return "use a ratio from 0 to 1 or a percentage, for example 0.1 or 10%25";
  query.filter.min_change = *ratio;
  return {};
}

Complaint take_sort(ReportQuery& query, const std::string& value) {
  query.sort = parse_sort_key(value);
  return query.sort ? "" : "use waste, risk, name, cpu or memory";
}

/// The tables for terminals are none of the API's.
Complaint take_format(ReportQuery& query, const std::string& value) {
  const auto format = parse_report_format(value);
  if (!format || format == ReportFormat::kTable || format == ReportFormat::kWide) {
    return "use json, yaml, csv, markdown or html";
  }
  query.format = *format;
  return {};
}

bool is_single(std::string_view name) {
  return name == "min_change" || name == "sort" || name == "format";
}

Complaint take(ReportQuery& query, const Parameter& parameter) {
  const auto& [name, value] = parameter;
  if (name == "namespace") return add_pattern(query.filter.namespaces, value);
  if (name == "exclude_namespace") return add_pattern(query.filter.exclude_namespaces, value);
  if (name == "workload") return add_pattern(query.filter.workloads, value);
  if (name == "container") return add_pattern(query.filter.containers, value);
  if (name == "verdict") return take_verdict(query, value);
  if (name == "min_change") return take_min_change(query, value);
  if (name == "sort") return take_sort(query, value);
  if (name == "format") return take_format(query, value);
  return "unknown parameter; there are " + std::string(kAllParameters);
}

}  // namespace

bool ReportQuery::is_whole() const {
  return !sort && filter == ReportFilter{};
}

tl::expected<ReportQuery, QueryError> parse_report_query(std::string_view query,
                                                         ReportFormat standard) {
  const auto parameters = parse_query(query);
  if (!parameters) return tl::unexpected(QueryError{"", parameters.error().message});
  ReportQuery result{.format = standard};
  std::set<std::string> seen;
  for (const Parameter& parameter : *parameters) {
    const bool is_new = seen.insert(parameter.name).second;
    const Complaint complaint = !is_new && is_single(parameter.name)
                                    ? Complaint("is given more than once")
                                    : take(result, parameter);
    if (!complaint.empty()) {
      return tl::unexpected(QueryError{parameter.name.substr(0, 64), complaint});
    }
  }
  return result;
}

}  // namespace loadline::service
