#include <algorithm>

#include "loadline/publish/backtest_report.hpp"
#include "loadline/recommend/spelling.hpp"
#include "publish/summary.hpp"

namespace loadline {
namespace {

using publish::counted;

bool has_policy(const Backtest& result, const char* name) {
  return std::any_of(result.policies.begin(), result.policies.end(),
                     [name](const PolicyBacktest& policy) { return policy.name == name; });
}

void add_unjudged(const Backtest& result, std::vector<std::string>& caveats) {
  if (result.pod_days == 0) {
    caveats.push_back("nothing could be judged: no chosen container has usage on more than " +
                      counted(static_cast<std::uint64_t>(result.least_days), "day"));
  }
  if (result.young_containers > 0) {
    caveats.push_back(counted(result.young_containers, "container") +
                      " not judged: no day with usage after the first " +
                      counted(static_cast<std::uint64_t>(result.least_days), "day") +
                      " of its own");
  }
  for (const PolicyBacktest& policy : result.policies) {
    const std::uint64_t missed = result.pod_days - policy.score.advised_pod_days;
    if (missed == 0) continue;
    caveats.push_back(policy.name + " had no advice for " + counted(missed, "pod-day") +
                      "; there no policy is judged on the resource that lacks it");
  }
}

void add_censoring(const BacktestReport& report, std::vector<std::string>& caveats) {
  const Backtest& result = report.result;
  if (report.is_trace) {
    caveats.emplace_back(
        "a trace tells no requests and limits: usage that ran against a limit looks like usage "
        "that wanted no more, so that risks may be understated for every policy alike");
    return;
  }
  caveats.push_back(
      "the history ran under the limits of its time, which hide what was wanted above them; "
      "pressed against today's limit were " +
      counted(result.censored[Resource::kMemory], "pod-day") + " by memory (maximum) and " +
      counted(result.censored[Resource::kCpu], "pod-day") +
      " by CPU (p95): they are judged like "
      "the others, as lower bounds");
  if (result.unknown_limits > 0) {
    caveats.push_back("today's limits of " + counted(result.unknown_limits, "container") +
                      " are not known, so nothing is known of their censoring");
  }
}

void add_assumptions(const BacktestReport& report, std::vector<std::string>& caveats) {
  const Backtest& result = report.result;
  if (has_policy(result, "vpa") && result.unknown_limits > 0) {
    caveats.push_back(
        "vpa advises no limit, its webhook keeps today's ratio of limit to request; "
        "that is unknown for " +
        counted(result.unknown_limits, "container") + ", where limit = request is assumed");
  }
  if (report.is_trace) {
    caveats.emplace_back("workloads are inferred from the names of pods");
  }
}

}  // namespace

std::vector<std::string> backtest_caveats(const BacktestReport& report) {
  std::vector<std::string> caveats;
  add_unjudged(report.result, caveats);
  if (report.result.pod_days == 0) return caveats;
  add_censoring(report, caveats);
  add_assumptions(report, caveats);
  return caveats;
}

}  // namespace loadline
