#include "publish/backtest_text.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "loadline/model/quantity.hpp"
#include "loadline/recommend/spelling.hpp"
#include "publish/summary.hpp"

namespace loadline::publish {
namespace {

constexpr double kGi = 1024.0 * 1024.0 * 1024.0;

/// At most `digits` decimals, and none of a value that is beyond them: "0.08", "< 0.01".
std::string decimal(const std::optional<double>& value, int digits) {
  if (!value) return "-";
  const double smallest = digits == 1 ? 0.1 : digits == 2 ? 0.01 : 0.001;
  if (*value > 0 && *value < smallest) return "<" + spell_decimal(smallest, digits);
  return spell_decimal(*value, digits);
}

std::string percent(const std::optional<double>& ratio) {
  if (!ratio) return "-";
  return decimal(*ratio * 100, 1) + "%";
}

std::string gibibytes(const std::optional<double>& bytes) {
  return bytes ? decimal(*bytes / kGi, 1) : "-";
}

BacktestRatios ratios(const BacktestReport& report, std::size_t policy) {
  const Backtest& result = report.result;
  return ratios_of(result.policies[policy].score, result.pod_days, result.judged_days.size());
}

/// What stands in a column for one policy.
struct ColumnRule {
  const char* title = "";
  const char* meaning = "";
  std::function<std::string(const BacktestRatios&)> text{};
};

const std::vector<ColumnRule>& column_rules() {
  static const std::vector<ColumnRule> kRules{
      {"OOM-DAYS/100",
       "pod-days in a hundred whose memory maximum exceeds the memory limit in force",
       [](const BacktestRatios& r) { return decimal(r.oom_days_per_100_pod_days, 2); }},
      {"CPU>REQUEST", "share of CPU samples above the request",
       [](const BacktestRatios& r) { return percent(r.above_request[Resource::kCpu]); }},
      {"CPU>LIMIT", "share of CPU samples above the limit: throttled time",
       [](const BacktestRatios& r) { return percent(r.cpu_above_limit); }},
      {"MEM>REQUEST",
       "share of memory samples above the request: first to be evicted from a full node",
       [](const BacktestRatios& r) { return percent(r.above_request[Resource::kMemory]); }},
      {"CORES", "CPU requests of the whole fleet, averaged over the judged days",
       [](const BacktestRatios& r) { return decimal(r.requested[Resource::kCpu], 2); }},
      {"GiB", "memory requests of the whole fleet, likewise",
       [](const BacktestRatios& r) { return gibibytes(r.requested[Resource::kMemory]); }},
      {"LIMIT GiB", "memory limits of the whole fleet, likewise",
       [](const BacktestRatios& r) { return gibibytes(r.limits[Resource::kMemory]); }},
      {"SLACK CPU",
       "(limit - p95 of the day's usage) / limit, mean of all pod-days; the request "
       "where there is no limit",
       [](const BacktestRatios& r) { return percent(r.slack[Resource::kCpu]); }},
      {"SLACK MEM", "the same of memory",
       [](const BacktestRatios& r) { return percent(r.slack[Resource::kMemory]); }},
      {"CHANGES/DAY", "share of container-days that begin with a changed value",
       [](const BacktestRatios& r) { return decimal(r.changes_per_container_day, 3); }},
      {"COVERAGE", "share of pod-days for which the policy had advice",
       [](const BacktestRatios& r) { return percent(r.coverage); }}};
  return kRules;
}

std::string count_text(std::uint64_t count, const char* noun) {
  return counted(count, noun);
}

/// "8 OOM-days of 120, worst 2022-04-23 in web-1: 1.4Gi over a limit of 512Mi"
std::string memory_part(const ContainerScore& own) {
  const BacktestScore& score = own.score;
  if (score.oom_days == 0) return "";
  std::string text = count_text(score.oom_days, "OOM-day") + " of " +
                     count_text(score.pod_days[Resource::kMemory], "pod-day");
  if (own.worst) {
    text += ", worst on " + date_text(own.worst->day) + " in " + own.worst->pod + ": " +
            human_bytes(own.worst->max_bytes) + " where the limit was " +
            human_bytes(own.worst->limit_bytes);
  }
  return text;
}

std::string cpu_part(const BacktestScore& score) {
  if (score.cpu_above_limit == 0) return "";
  const auto share = [&](std::uint64_t samples) {
    return percent(static_cast<double>(samples) /
                   static_cast<double>(score.samples[Resource::kCpu]));
  };
  return share(score.cpu_above_limit) + " of CPU samples above the limit, " +
         share(score.above_request[Resource::kCpu]) + " above the request";
}

std::string days_text(const Backtest& result) {
  const auto& days = result.judged_days;
  if (days.empty()) return "no day judged";
  const std::string span =
      date_text(days.front()) + (days.size() > 1 ? " to " + date_text(days.back()) : "");
  return counted(days.size(), "judged day") + " (" + span + "), " +
         counted(result.pod_days, "pod-day") + " of " +
         counted(result.containers.size(), "container");
}

}  // namespace

std::string date_text(std::int32_t day) {
  constexpr std::size_t kDateLength = 10;
  return format_rfc3339(start_of_day(day)).substr(0, kDateLength);
}

std::string path_text(const ContainerKey& key) {
  const WorkloadKey& workload = key.workload;
  const std::string cluster = workload.cluster.empty() ? "" : workload.cluster + ": ";
  return cluster + workload.namespace_name + "/" + workload.kind + "/" + workload.name + "/" +
         key.container;
}

std::vector<BacktestColumn> backtest_columns(const BacktestReport& report) {
  std::vector<BacktestColumn> columns{{.title = "POLICY", .is_number = false}};
  for (const ColumnRule& rule : column_rules()) columns.push_back({rule.title, rule.meaning});
  for (std::size_t i = 0; i < report.result.policies.size(); ++i) {
    const BacktestRatios numbers = ratios(report, i);
    columns.front().cells.push_back(report.result.policies[i].name);
    for (std::size_t c = 1; c < columns.size(); ++c) {
      columns[c].cells.push_back(column_rules()[c - 1].text(numbers));
    }
  }
  return columns;
}

std::vector<OffenderText> offenders(const BacktestReport& report, std::size_t policy) {
  std::vector<OffenderText> texts;
  for (const std::size_t i : worst_of(report.result, policy, report.worst)) {
    const ContainerBacktest& container = report.result.containers[i];
    const ContainerScore& own = container.policies[policy];
    std::string what = memory_part(own);
    const std::string cpu = cpu_part(own.score);
    if (!what.empty() && !cpu.empty()) what += "; ";
    what += cpu;
    texts.push_back({path_text(container.key), std::move(what)});
  }
  return texts;
}

std::string backtest_headline(const BacktestReport& report) {
  const std::string window = report.window.empty() ? "nothing seen"
                                                   : format_rfc3339(report.window.start) + " to " +
                                                         format_rfc3339(report.window.end);
  return report.source + ", " + window + ": " + days_text(report.result);
}

}  // namespace loadline::publish
