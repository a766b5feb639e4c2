#include <algorithm>
#include <utility>

#include "loadline/model/labels.hpp"
#include "loadline/recommend/backtest.hpp"
#include "loadline/recommend/peers.hpp"
#include "loadline/recommend/recommend.hpp"

namespace loadline {
namespace {

/// What recommend() says of the usage alone, as it would be written.
Requirements advice_of(const PolicyBook& book, const HistoryView& view) {
  PolicyChooser chooser(book);  // cheap where rules are few, and no two threads share one
  const Policy& policy = chooser.of(view.key);
  const Recommendation row =
      recommend({.key = view.key, .profile = view.pooled, .pods = view.pods}, policy);
  Requirements advice;
  for (const Resource resource : kResources) advice[resource] = row.resources[resource].recommended;
  return advice;
}

BacktestPolicy own_policy(std::string name, std::string rule, PolicyBook book) {
  return {std::move(name), std::move(rule),
          [book = std::move(book)](const HistoryView& view) { return advice_of(book, view); }};
}

Policy without_guards() {
  Policy policy = default_policy();
  policy.guards = {.max_factor = std::nullopt,
                   .oom_factor = std::nullopt,
                   .in_use = false,
                   .node = false,
                   .limit_range = false,
                   .quota = false,
                   .autoscaler = false,
                   .censored = false,
                   .growth = false};
  return policy;
}

Policy conservative() {
  Policy policy = default_policy();
  for (const Resource resource : kResources) policy.resources[resource].quantile = 0.99;
  policy.guards.max_factor = 1.5;
  return policy;
}

/// All of them, in the order in which they are listed.
std::vector<BacktestPolicy> all_policies(const PolicyBook& own) {
  return {own_policy("configured", "the policy of the configuration", own),
          own_policy("default", "request p95, limit 2 x p95, guards on", default_policy()),
          own_policy("no-guards", "request p95, limit 2 x p95, guards off", without_guards()),
          own_policy("conservative", "request p99, limit 2 x p99, memory limit >= 1.5 x max",
                     conservative()),
          {"vpa", "decaying p90 + 15 %, limit by today's ratio", vpa_advice},
          {"krr", "CPU: highest pod's p95, no limit; memory: max + 15 %", krr_advice},
          {"autopilot", "decaying p95 CPU, p98 memory, + 15 %, limit = request", autopilot_advice}};
}

bool has_name(const std::vector<BacktestPolicy>& policies, const std::string& name) {
  return std::any_of(policies.begin(), policies.end(),
                     [&](const BacktestPolicy& policy) { return policy.name == name; });
}

std::string names_text() {
  std::string text;
  for (const std::string& name : backtest_policy_names()) {
    text += (text.empty() ? "" : ", ") + name;
  }
  return text;
}

}  // namespace

std::vector<std::string> backtest_policy_names() {
  std::vector<std::string> names;
  for (const BacktestPolicy& policy : all_policies(default_policy())) names.push_back(policy.name);
  return names;
}

std::vector<std::string> default_backtest_policies() {
  return {"default", "no-guards", "vpa", "krr", "autopilot"};
}

Result<std::vector<BacktestPolicy>> backtest_policies(const std::vector<std::string>& names,
                                                      const PolicyBook& own) {
  const std::vector<BacktestPolicy> known = all_policies(own);
  std::vector<BacktestPolicy> chosen;
  for (const std::string& name : names) {
    if (has_name(chosen, name)) continue;
    const auto found = std::find_if(known.begin(), known.end(), [&](const BacktestPolicy& policy) {
      return policy.name == name;
    });
    if (found == known.end()) {
      return fail(ErrorKind::kInvalidInput,
                  "no policy \"" + printable(name) + "\"; there are " + names_text());
    }
    chosen.push_back(*found);
  }
  return chosen;
}

}  // namespace loadline
