#include "publish/summary.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "loadline/model/quantity.hpp"
#include "loadline/recommend/change.hpp"
#include "loadline/recommend/prices.hpp"
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

std::string way_text(const ReportSource& source) {
  std::string text = source.read_path;
  if (!source.read_path_reason.empty()) text += " (" + source.read_path_reason + ")";
  if (source.scrape_interval.count() > 0) {
    text += ", scraped every " + format_duration(source.scrape_interval);
  }
  return text;
}

std::string read_text(const ReportSource& source) {
  const CollectorStats& collected = source.collected;
  std::vector<std::string> parts{way_text(source) + ": " + counted(source.read.samples, "sample") +
                                 " of " + counted(source.read.series, "series")};
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

TotalsLine totals_line(const Report& report, Resource resource) {
  const ResourceTotals& sums = report.totals.resources[resource];
  TotalsLine line;
  line.resource = spell_resource(resource);
  line.at_risk =
      grouped(sums.under_provisioned) + " of " + counted(report.totals.containers, "container");
  if (!knows_current(report)) {
    line.unset = line.missing = line.reclaimable = "unknown";
    line.from = line.requested = line.recommended = "unknown";
    return line;
  }
  line.unset = counted(report.totals.unset_requests[resource], "container");
  line.missing = amount(resource, sums.missing);
  line.reclaimable = amount(resource, sums.reclaimable);
  line.from = counted(sums.reclaimable_replicas, "replica") + " of " +
              counted(sums.over_provisioned, "container");
  line.requested = amount(resource, sums.requested);
  line.recommended = amount(resource, sums.recommended);
  return line;
}

std::string verdicts_text(const Totals& totals) {
  constexpr std::array<Verdict, 5> kVerdicts{Verdict::kChange, Verdict::kKeep, Verdict::kProfiling,
                                             Verdict::kNoData, Verdict::kExcluded};
  std::vector<std::string> parts;
  for (const Verdict verdict : kVerdicts) {
    const std::uint32_t count = totals.by_verdict[static_cast<std::size_t>(verdict)];
    if (count > 0) parts.push_back(grouped(count) + " " + std::string(to_string(verdict)));
  }
  return joined(parts, ", ");
}

std::string headline_text(const Totals& totals) {
  if (totals.containers == 0) return "No container to report";
  const std::string among = counted(totals.containers, "container") + " of " +
                            counted(totals.workloads, "workload") + " (" +
                            counted(totals.replicas, "replica") + ")";
  if (totals.at_risk == 0) return "None of " + among + " is at risk";
  return grouped(totals.at_risk) + " of " + among +
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

/// Whatever is saved is only money once nodes go away.
std::string cost_line(const Report& report) {
  if (!report.totals.cost) return {};
  const Cost& cost = *report.totals.cost;
  const double saving = kHoursPerMonth * cost.saving_per_hour();
  const std::string effect = saving >= 0 ? money_text(saving) + " less, once nodes go away"
                                         : money_text(-saving) + " more";
  return report.currency + " " + money_text(kHoursPerMonth * cost.current_per_hour) +
         " a month for today's requests, " +
         money_text(kHoursPerMonth * cost.recommended_per_hour) + " if followed: " + effect;
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
  summary.source = report.source.server + " at " + report.source.url;
  summary.read = read_text(report.source);
  summary.policy = policy_text(report.policy);
  summary.headline = headline_text(report.totals);
  summary.verdicts = verdicts_text(report.totals);
  if (!report.recommendations.empty()) {
    summary.totals = {totals_line(report, Resource::kCpu), totals_line(report, Resource::kMemory)};
  }
  if (report.totals.hindsight.days > 0) {
    summary.backtest = "each day held against the advice of the days before it: " +
                       hindsight_text(report.totals.hindsight);
  }
  summary.cost = cost_line(report);
  summary.risks = risks_of(report);
  summary.notes = notes_of(report);
  return summary;
}

std::string money_text(double amount) {
  const auto cents = static_cast<std::int64_t>(std::llround(std::abs(amount) * 100));
  const std::string rest = std::to_string(cents % 100);
  const std::string sign = amount < 0 && cents > 0 ? "-" : "";
  return sign + grouped(static_cast<std::uint64_t>(cents / 100)) + "." +
         (rest.size() < 2 ? "0" : "") + rest;
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
