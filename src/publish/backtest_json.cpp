#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "publish/backtest_renderers.hpp"
#include "publish/backtest_text.hpp"

namespace loadline::publish {
namespace {

using nlohmann::ordered_json;

ordered_json value_of(const std::optional<double>& value) {
  return value ? ordered_json(*value) : ordered_json(nullptr);
}

ordered_json values_of(const Requirements& values) {
  return {{"cpu_request_cores", value_of(values[Resource::kCpu].request)},
          {"cpu_limit_cores", value_of(values[Resource::kCpu].limit)},
          {"memory_request_bytes", value_of(values[Resource::kMemory].request)},
          {"memory_limit_bytes", value_of(values[Resource::kMemory].limit)}};
}

std::uint64_t judged(const BacktestScore& score) {
  return std::max(score.pod_days[Resource::kCpu], score.pod_days[Resource::kMemory]);
}

void add_ratios(ordered_json& out, const BacktestScore& score, const BacktestRatios& ratios) {
  out["pod_days"] = judged(score);
  out["oom_days_per_100_pod_days"] = value_of(ratios.oom_days_per_100_pod_days);
  out["cpu_above_request_ratio"] = value_of(ratios.above_request[Resource::kCpu]);
  out["cpu_above_limit_ratio"] = value_of(ratios.cpu_above_limit);
  out["memory_above_request_ratio"] = value_of(ratios.above_request[Resource::kMemory]);
  out["relative_slack_cpu"] = value_of(ratios.slack[Resource::kCpu]);
  out["relative_slack_memory"] = value_of(ratios.slack[Resource::kMemory]);
  out["requested_cores"] = value_of(ratios.requested[Resource::kCpu]);
  out["requested_memory_bytes"] = value_of(ratios.requested[Resource::kMemory]);
  out["limit_cores"] = value_of(ratios.limits[Resource::kCpu]);
  out["limit_memory_bytes"] = value_of(ratios.limits[Resource::kMemory]);
  out["changes_per_container_day"] = value_of(ratios.changes_per_container_day);
  out["coverage_ratio"] = value_of(ratios.coverage);
  out["oom_days"] = score.oom_days;
  out["censored_oom_days"] = score.censored_oom_days;
  out["cpu_pod_days"] = score.pod_days[Resource::kCpu];
  out["memory_pod_days"] = score.pod_days[Resource::kMemory];
  out["container_days"] = score.container_days;
  out["changes"] = score.changes;
  out["cpu_samples"] = score.samples[Resource::kCpu];
  out["memory_samples"] = score.samples[Resource::kMemory];
}

ordered_json policy_of(const BacktestReport& report, const PolicyBacktest& policy) {
  const Backtest& result = report.result;
  ordered_json out{{"name", policy.name}, {"rule", policy.rule}, {"workloads", policy.workloads}};
  add_ratios(out, policy.score,
             ratios_of(policy.score, result.pod_days, result.judged_days.size()));
  return out;
}

void add_names(ordered_json& out, const ContainerKey& key) {
  if (!key.workload.cluster.empty()) out["cluster"] = key.workload.cluster;
  out["namespace"] = key.workload.namespace_name;
  out["kind"] = key.workload.kind;
  out["workload"] = key.workload.name;
  out["container"] = key.container;
}

ordered_json worst_day_of(const ContainerScore& own) {
  if (!own.worst) return nullptr;
  return {{"date", date_text(own.worst->day)},
          {"pod", own.worst->pod},
          {"memory_max_bytes", own.worst->max_bytes},
          {"memory_limit_bytes", own.worst->limit_bytes}};
}

ordered_json score_of(const BacktestReport& report, const ContainerBacktest& container,
                      std::size_t policy) {
  const ContainerScore& own = container.policies[policy];
  ordered_json out{{"policy", report.result.policies[policy].name}};
  add_names(out, container.key);
  add_ratios(out, own.score,
             ratios_of(own.score, container.pod_days, report.result.judged_days.size()));
  out["worst_day"] = worst_day_of(own);
  out["in_force"] = values_of(own.in_force);
  return out;
}

ordered_json worst_of_all(const BacktestReport& report) {
  ordered_json out = ordered_json::array();
  for (std::size_t policy = 0; policy < report.result.policies.size(); ++policy) {
    for (const std::size_t i : worst_of(report.result, policy, report.worst)) {
      out.push_back(score_of(report, report.result.containers[i], policy));
    }
  }
  return out;
}

ordered_json judged_days_of(const Backtest& result) {
  ordered_json out = ordered_json::array();
  for (const std::int32_t day : result.judged_days) out.push_back(date_text(day));
  return out;
}

ordered_json window_of(const BacktestReport& report) {
  if (report.window.empty()) return nullptr;
  return {{"start", format_rfc3339(report.window.start)},
          {"end", format_rfc3339(report.window.end)}};
}

ordered_json head_of(const BacktestReport& report) {
  const Backtest& result = report.result;
  ordered_json out{{"schema", "loadline/backtest.v1"}, {"complete", report.incomplete.empty()}};
  out["incomplete"] = report.incomplete;
  out["window"] = window_of(report);
  out["source"] = {{"name", report.source},
                   {"kind", report.is_trace ? "trace" : "prometheus"},
                   {"samples", report.samples}};
  out["min_history_days"] = result.least_days;
  out["policy_window_days"] = report.options.window.count();
  out["dead_band"] = report.options.dead_band;
  out["judged_days"] = judged_days_of(result);
  out["eligible_pod_days"] = result.pod_days;
  out["containers"] = result.containers.size();
  out["young_containers"] = result.young_containers;
  out["censored"] = {{"cpu_pod_days", result.censored[Resource::kCpu]},
                     {"memory_pod_days", result.censored[Resource::kMemory]},
                     {"containers_without_known_limits", result.unknown_limits}};
  out["notes"] = backtest_caveats(report);
  return out;
}

}  // namespace

// Pure ASCII, so that no terminal acts on a label's bytes; broken UTF-8 becomes U+FFFD.
void render_backtest_json(const BacktestReport& report, std::ostream& out) {
  ordered_json document = head_of(report);
  document["policies"] = ordered_json::array();
  for (const PolicyBacktest& policy : report.result.policies) {
    document["policies"].push_back(policy_of(report, policy));
  }
  document["worst"] = worst_of_all(report);
  document["by_container"] = ordered_json::array();
  for (const ContainerBacktest& container : report.result.containers) {
    for (std::size_t policy = 0; policy < container.policies.size(); ++policy) {
      document["by_container"].push_back(score_of(report, container, policy));
    }
  }
  constexpr bool kAsciiOnly = true;
  out << document.dump(2, ' ', kAsciiOnly, ordered_json::error_handler_t::replace) << '\n';
}

}  // namespace loadline::publish
