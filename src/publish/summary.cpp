#include "publish/summary.hpp"

#include <algorithm>

#include "loadline/model/quantity.hpp"
#include "loadline/recommend/change.hpp"
#include "loadline/recommend/spelling.hpp"
#include "publish/row_text.hpp"

namespace loadline::publish {
namespace {

std::string amount(Resource resource, double value) {
  constexpr double kGi = 1024.0 * 1024.0 * 1024.0;
  return resource == Resource::kCpu ? human_cores(value) + " cores"
                                    : human_cores(value / kGi) + " GiB";
}

std::string grouped(std::uint64_t count) {
  std::string digits = std::to_string(count);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), ",");
  }
  return digits;
}

std::string window_text(const TimeRange& window) {
  return days_text(window.length()) + " days, " + format_rfc3339(window.start) + " to " +
         format_rfc3339(window.end);
}

std::string source_text(const ReportSource& source) {
  std::string text = source.server + " at " + source.url + " by " + source.read_path;
  if (!source.read_path_reason.empty()) text += " (" + source.read_path_reason + ")";
  if (source.scrape_interval.count() > 0) {
    text += ", scraped every " + format_duration(source.scrape_interval);
  }
  return text;
}

std::string read_text(const ReportSource& source) {
  const CollectorStats& collected = source.collected;
  std::vector<std::string> parts{counted(source.read.samples, "sample") + " of " +
                                 counted(source.read.series, "series")};
  const auto add = [&parts](std::uint64_t count, const std::string& what) {
    if (count > 0) parts.push_back(grouped(count) + " " + what);
  };
  add(collected.duplicate_samples, "duplicate");
  add(collected.invalid_samples, "invalid");
  add(collected.zero_memory_samples, "zero-memory");
  add(source.read.out_of_order, "out of order");
  if (source.read_seconds > 0) {
    parts.push_back("read in " + spell_decimal(source.read_seconds, 1) + " s");
  }
  return joined(parts, ", ");
}

std::string formula(const ResourcePolicy& policy) {
  const std::string target = spell_quantile(policy.quantile);
  if (!policy.limit_factor) return "request = " + target + ", no limit";
  return "request = " + target + ", limit = " + spell_decimal(*policy.limit_factor, 3) + " x " +
         target;
}

std::string policy_text(const Policy& policy) {
  const std::string cpu = formula(policy.resources[Resource::kCpu]);
  const std::string memory = formula(policy.resources[Resource::kMemory]);
  const std::string rule = cpu == memory ? cpu : "CPU " + cpu + "; memory " + memory;
  return rule + "; changes of " + spell_decimal(100 * policy.min_change, 1) + "% and more, after " +
         days_text(policy.min_history) + " days of history";
}

std::string at_risk_text(const Totals& totals, Resource resource) {
  const std::uint32_t unset = totals.unset_requests[resource];
  std::string text = std::to_string(totals.resources[resource].under_provisioned) + " of " +
                     counted(totals.containers, "container");
  if (unset > 0) text += ", " + std::to_string(unset) + " without a request";
  return text;
}

std::string reclaimable_text(const ResourceTotals& sums, Resource resource) {
  const std::string text = amount(resource, sums.reclaimable);
  if (sums.over_provisioned == 0) return text;
  return text + " from " + counted(sums.reclaimable_replicas, "replica") + " of " +
         counted(sums.over_provisioned, "container");
}

TotalsLine totals_line(const Report& report, Resource resource) {
  const ResourceTotals& sums = report.totals.resources[resource];
  TotalsLine line;
  line.resource = spell_resource(resource);
  line.at_risk = at_risk_text(report.totals, resource);
  if (!knows_current(report)) {
    line.missing = line.reclaimable = line.requested = line.recommended = "unknown";
    return line;
  }
  line.missing = amount(resource, sums.missing);
  line.reclaimable = reclaimable_text(sums, resource);
  line.requested = amount(resource, sums.requested);
  line.recommended = amount(resource, sums.recommended);
  return line;
}

std::string headline_text(const Totals& totals) {
  if (totals.containers == 0) return "No container to report";
  const std::string among = counted(totals.containers, "container") + " of " +
                            counted(totals.workloads, "workload") + " (" +
                            counted(totals.replicas, "replica") + ")";
  if (totals.at_risk == 0) return "None of " + among + " is at risk";
  return std::to_string(totals.at_risk) + " of " + among +
         (totals.at_risk == 1 ? " is at risk" : " are at risk");
}

std::vector<RiskLine> risks_of(const Report& report) {
  std::vector<RiskLine> lines;
  for (const Recommendation& row : report.recommendations) {
    if (lines.size() == kMostRisks) break;
    if (at_risk(row)) lines.push_back({path_text(row), row.reasons.front().sentence});
  }
  return lines;
}

bool any_row(const Report& report, bool (*holds)(const Recommendation&)) {
  return std::any_of(report.recommendations.begin(), report.recommendations.end(), holds);
}

std::vector<std::string> notes_of(const Report& report) {
  std::vector<std::string> notes;
  const auto note = [&notes](bool holds, std::string text) {
    if (holds) notes.push_back(std::move(text));
  };
  note(report.hidden > 0,
       counted(report.hidden, "row") + " hidden by filters; totals are of the rows shown");
  note(!report.source.kube_state_metrics,
       "no kube-state-metrics series found: owners are inferred, today's requests unknown");
  note(any_row(report,
               [](const Recommendation& row) { return row.owner_source == OwnerSource::kPodName; }),
       "~ the workload is inferred from the pod's name");
  note(any_row(report, [](const Recommendation& row) { return row.replicas == 0; }),
       "rows with 0 replicas (a CronJob between runs) add nothing to the totals");
  return notes;
}

}  // namespace

Summary summarise(const Report& report) {
  Summary summary;
  summary.window = window_text(report.window);
  summary.source = source_text(report.source);
  summary.read = read_text(report.source);
  summary.policy = policy_text(report.policy);
  summary.headline = headline_text(report.totals);
  for (const Resource resource : kResources) {
    summary.totals.push_back(totals_line(report, resource));
  }
  summary.risks = risks_of(report);
  summary.notes = notes_of(report);
  return summary;
}

std::string counted(std::uint64_t count, const std::string& noun) {
  const bool is_plural = count != 1 && noun.back() != 's';
  return grouped(count) + " " + noun + (is_plural ? "s" : "");
}

bool knows_current(const Report& report) {
  return report.recommendations.empty() ||
         any_row(report, [](const Recommendation& row) { return row.current_known; });
}

}  // namespace loadline::publish
