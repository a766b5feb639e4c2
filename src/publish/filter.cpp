#include <algorithm>
#include <iterator>

#include "loadline/model/pattern.hpp"
#include "loadline/publish/report.hpp"
#include "loadline/recommend/change.hpp"

namespace loadline {
namespace {

bool passes(const std::vector<std::string>& patterns, std::string_view text) {
  return patterns.empty() || matches_any(patterns, text);
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

/// "name" or "Kind/name", the kind in any case, as kubectl has it.
bool matches_workload(const std::string& pattern, const WorkloadKey& workload) {
  const std::size_t slash = pattern.find('/');
  if (slash == std::string::npos) return matches_pattern(pattern, workload.name);
  return matches_pattern(lower_case(pattern.substr(0, slash)), lower_case(workload.kind)) &&
         matches_pattern(pattern.substr(slash + 1), workload.name);
}

bool passes_workload(const std::vector<std::string>& patterns, const WorkloadKey& workload) {
  return patterns.empty() ||
         std::any_of(patterns.begin(), patterns.end(), [&workload](const std::string& pattern) {
           return matches_workload(pattern, workload);
         });
}

bool passes_verdict(const std::vector<Verdict>& only, Verdict verdict) {
  return only.empty() || std::find(only.begin(), only.end(), verdict) != only.end();
}

bool passes(const ReportFilter& filter, const Recommendation& row) {
  return passes_names(filter, row.key) && passes_verdict(filter.only, row.verdict) &&
         (filter.min_change <= 0 || largest_change(row) >= filter.min_change - 1e-9);
}

}  // namespace

bool passes_names(const ReportFilter& filter, const ContainerKey& key) {
  return passes(filter.namespaces, key.workload.namespace_name) &&
         !matches_any(filter.exclude_namespaces, key.workload.namespace_name) &&
         passes_workload(filter.workloads, key.workload) &&
         passes(filter.containers, key.container);
}

std::vector<Recommendation> filtered(std::vector<Recommendation> rows, const ReportFilter& filter) {
  const auto hidden = [&filter](const Recommendation& row) { return !passes(filter, row); };
  rows.erase(std::remove_if(rows.begin(), rows.end(), hidden), rows.end());
  return rows;
}

Report filtered_report(const Report& report, const ReportFilter& filter) {
  Report view;
  view.window = report.window;
  view.generated_at = report.generated_at;
  view.source = report.source;
  view.policy = report.policy;
  view.currency = report.currency;
  view.incomplete = report.incomplete;
  std::copy_if(report.recommendations.begin(), report.recommendations.end(),
               std::back_inserter(view.recommendations),
               [&filter](const Recommendation& row) { return passes(filter, row); });
  view.totals = total(view.recommendations);
  view.hidden = report.hidden + report.recommendations.size() - view.recommendations.size();
  return view;
}

}  // namespace loadline
