#include "publish/document.hpp"

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "loadline/recommend/change.hpp"
#include "loadline/recommend/prices.hpp"
#include "publish/summary.hpp"

namespace loadline::publish {
namespace {

using Json = nlohmann::ordered_json;

/// Whole numbers without a fraction ("536870912", not "536870912.0"), others at the shortest
/// spelling that reads back the same. What is no number is null.
Json number(double value) {
  constexpr double kExactIntegers = 9007199254740992.0;
  if (!std::isfinite(value)) return nullptr;
  if (value == std::floor(value) && std::abs(value) <= kExactIntegers) {
    return static_cast<std::int64_t>(value);
  }
  return value;
}

Json number(const std::optional<double>& value) {
  return value ? number(*value) : Json(nullptr);
}

Json seconds(Milliseconds duration) {
  return number(static_cast<double>(duration.count()) / 1000);
}

/// "request_cores", "p95_bytes"
std::string key_of(std::string_view name, Resource resource) {
  return std::string(name) + "_" + std::string(unit_of(resource));
}

Json window_of(const TimeRange& window) {
  const double days =
      static_cast<double>(window.length().count()) / static_cast<double>(kMillisecondsPerDay);
  return {{"start", format_rfc3339(window.start)},
          {"end", format_rfc3339(window.end)},
          {"days", number(std::round(days * 100) / 100)}};
}

Json source_of(const ReportSource& source) {
  Json json = {{"url", source.url},
               {"server", source.server},
               {"read_path", source.read_path},
               {"read_path_reason", source.read_path_reason},
               {"kube_state_metrics", source.kube_state_metrics},
               {"scrape_interval_seconds", nullptr},
               {"samples", source.read.samples},
               {"series", source.read.series},
               {"bytes", source.read.bytes},
               {"requests", source.read.requests},
               {"duplicate_samples", source.collected.duplicate_samples},
               {"invalid_samples", source.collected.invalid_samples},
               {"outside_samples", source.collected.outside_samples},
               {"zero_memory_samples", source.collected.zero_memory_samples},
               {"out_of_order_samples", source.read.out_of_order},
               {"counter_resets", source.collected.counter_resets},
               {"gaps", source.collected.gaps},
               {"warnings", source.read.warnings}};
  if (source.scrape_interval.count() > 0) {
    json["scrape_interval_seconds"] = seconds(source.scrape_interval);
  }
  if (source.read_seconds > 0) json["read_seconds"] = number(source.read_seconds);
  return json;
}

Json grid_of(const std::vector<GridStep>& grid, Resource resource) {
  Json steps = Json::array();
  for (const GridStep& step : grid) {
    steps.push_back({{key_of("from", resource), number(step.from)},
                     {key_of("step", resource), number(step.step)}});
  }
  return steps;
}

Json guards_of(const GuardPolicy& guards) {
  return {{"max_factor", number(guards.max_factor)},
          {"oom_factor", number(guards.oom_factor)},
          {"in_use", guards.in_use},
          {"censored", guards.censored},
          {"growth", guards.growth},
          {"node", guards.node},
          {"limit_range", guards.limit_range},
          {"autoscaler", guards.autoscaler},
          {"quota", guards.quota}};
}

Json policy_of(const Policy& policy) {
  Json json = {{"preset", policy.preset},
               {"aggregation", to_string(policy.aggregation)},
               {"min_history_seconds", seconds(policy.min_history)},
               {"min_change_ratio", number(policy.min_change)},
               {"guards", guards_of(policy.guards)}};
  for (const Resource resource : kResources) {
    const ResourcePolicy& own = policy.resources[resource];
    json[std::string(to_string(resource))] = {{"quantile", number(own.quantile)},
                                              {"limit_factor", number(own.limit_factor)},
                                              {key_of("floor", resource), number(own.floor)},
                                              {key_of("ceiling", resource), number(own.ceiling)},
                                              {"grid", grid_of(own.grid, resource)}};
  }
  return json;
}

Json sums_of(const Report& report, Resource resource) {
  const ResourceTotals& sums = report.totals.resources[resource];
  const bool is_known = knows_current(report);
  const auto sum = [is_known](double value) { return is_known ? number(value) : Json(nullptr); };
  return {{key_of("requested", resource), sum(sums.requested)},
          {key_of("recommended", resource), sum(sums.recommended)},
          {key_of("missing", resource), sum(sums.missing)},
          {key_of("reclaimable", resource), sum(sums.reclaimable)},
          {"reclaimable_replicas", sums.reclaimable_replicas},
          {"under_provisioned", sums.under_provisioned},
          {"over_provisioned", sums.over_provisioned},
          {"unset_requests", report.totals.unset_requests[resource]}};
}

/// Null where no day was judged.
Json backtest_of(const Hindsight& hindsight) {
  if (hindsight.days == 0) return nullptr;
  Json oom_days = nullptr;
  if (hindsight.memory_days > 0) oom_days = hindsight.oom_days;
  return {{"days", hindsight.days},
          {"oom_days", std::move(oom_days)},
          {"cpu_above_request_ratio", number(above_request_ratio(hindsight, Resource::kCpu))},
          {"memory_above_request_ratio", number(above_request_ratio(hindsight, Resource::kMemory))},
          {"cpu_above_limit_ratio", number(cpu_above_limit_ratio(hindsight))}};
}

/// Hundredths of a cent: sums of prices leave dust behind.
Json money(double amount) {
  return number(std::round(amount * 1e4) / 1e4);
}

/// Null without prices.
Json cost_of(const std::optional<Cost>& cost) {
  if (!cost) return nullptr;
  return {{"current_per_month", money(kHoursPerMonth * cost->current_per_hour)},
          {"recommended_per_month", money(kHoursPerMonth * cost->recommended_per_hour)},
          {"saving_per_month", money(kHoursPerMonth * cost->saving_per_hour())}};
}

Json prices_of(const Report& report) {
  if (report.currency.empty()) return nullptr;
  return {{"currency", report.currency}, {"month_hours", number(kHoursPerMonth)}};
}

Json totals_of(const Report& report) {
  constexpr std::array<Verdict, 5> kVerdicts{Verdict::kChange, Verdict::kKeep, Verdict::kProfiling,
                                             Verdict::kNoData, Verdict::kExcluded};
  const Totals& totals = report.totals;
  Json by_verdict = Json::object();
  for (const Verdict verdict : kVerdicts) {
    by_verdict[std::string(to_string(verdict))] =
        totals.by_verdict[static_cast<std::size_t>(verdict)];
  }
  return {{"workloads", totals.workloads},
          {"containers", totals.containers},
          {"replicas", totals.replicas},
          {"at_risk", totals.at_risk},
          {"by_verdict", by_verdict},
          {"backtest", backtest_of(totals.hindsight)},
          {"cost", cost_of(totals.cost)},
          {"cpu", sums_of(report, Resource::kCpu)},
          {"memory", sums_of(report, Resource::kMemory)}};
}

Json kills_of(const OomKills& kills) {
  Json last = nullptr;
  if (kills.last_ms > 0) last = format_rfc3339(from_unix_ms(kills.last_ms));
  return {{"count", kills.count},
          {"last", std::move(last)},
          {"limit_bytes", number(kills.limit_bytes)}};
}

Json reasons_of(const Recommendation& row) {
  Json reasons = Json::array();
  for (const Reason& reason : row.reasons) {
    reasons.push_back(
        {{"code", to_string(reason.code)},
         {"resource", reason.resource ? Json(to_string(*reason.resource)) : Json(nullptr)},
         {"risk", is_risk(reason.code)},
         {"sentence", reason.sentence}});
  }
  return reasons;
}

Json requirement_of(const Requirement& requirement, Resource resource) {
  return {{key_of("request", resource), number(requirement.request)},
          {key_of("limit", resource), number(requirement.limit)}};
}

Json spread_of(const ReplicaSpread& spread, Resource resource) {
  if (spread.pods == 0) return nullptr;
  return {{"pods", spread.pods},
          {"above_request", spread.above_request},
          {key_of("hottest", resource), number(spread.hottest)}};
}

Json advice_of(const ResourceAdvice& advice, Resource resource) {
  return {{"samples", advice.samples},
          {key_of("p50", resource), number(advice.p50)},
          {key_of("p95", resource), number(advice.p95)},
          {key_of("p99", resource), number(advice.p99)},
          {key_of("max", resource), number(advice.max)},
          {key_of("mean", resource), number(advice.mean)},
          {key_of("target", resource), number(advice.target)},
          {"replica_spread", spread_of(advice.replicas, resource)},
          {"current", requirement_of(advice.current, resource)},
          {"recommended", requirement_of(advice.recommended, resource)}};
}

}  // namespace

Json head_of(const Report& report) {
  return {{"schema", "loadline/report.v1"},
          {"generated_at", format_rfc3339(report.generated_at)},
          {"complete", report.incomplete.empty()},
          {"incomplete", report.incomplete},
          {"window", window_of(report.window)},
          {"source", source_of(report.source)},
          {"policy", policy_of(report.policy)},
          {"prices", prices_of(report)},
          {"totals", totals_of(report)},
          {"hidden_rows", report.hidden}};
}

Json row_of(const Recommendation& row) {
  const WorkloadKey& workload = row.key.workload;
  return {{"cluster", workload.cluster.empty() ? Json(nullptr) : Json(workload.cluster)},
          {"namespace", workload.namespace_name},
          {"kind", workload.kind},
          {"workload", workload.name},
          {"container", row.key.container},
          {"container_type", to_string(row.type)},
          {"owner_inferred", row.owner_source == OwnerSource::kPodName},
          {"replicas", row.replicas},
          {"verdict", to_string(row.verdict)},
          {"at_risk", at_risk(row)},
          {"reasons", reasons_of(row)},
          {"coverage_ratio", number(row.coverage.ratio)},
          {"history_seconds", seconds(row.coverage.history)},
          {"confidence", to_string(row.confidence.level)},
          {"confidence_why", row.confidence.why},
          {"backtest", backtest_of(row.hindsight)},
          {"cost", cost_of(row.cost)},
          {"restarts", row.restarts},
          {"oom_kills", kills_of(row.oom_kills)},
          {"current_known", row.current_known},
          {"cpu", advice_of(row.resources[Resource::kCpu], Resource::kCpu)},
          {"memory", advice_of(row.resources[Resource::kMemory], Resource::kMemory)}};
}

}  // namespace loadline::publish
