#include "loadline/service/check.hpp"

#include <algorithm>

#include "loadline/service/one_shot.hpp"
#include "loadline/usage/read.hpp"
#include "service/server.hpp"

namespace loadline {
namespace {

/// Longer than any sensible scrape interval, short enough to cost little.
constexpr Milliseconds kRecent = std::chrono::minutes(10);

Result<void> find_times(QueryApi& api, const Config& config, CheckReport& check) {
  const auto interval =
      detect_scrape_interval(api, container_selection(config.usage), check.window);
  if (!interval) return fail_while("finding the scrape interval", interval.error());
  check.scrape_interval = *interval;
  const auto start = find_history_start(api, check.window);
  if (!start) return fail_while("finding how far the history reaches", start.error());
  check.history_start = *start;
  return {};
}

AuditFacts facts_of(const CheckReport& check, const Config& config) {
  return {.metrics = check.metrics,
          .window = check.window,
          .history_start = check.history_start,
          .min_history = config.policy.min_history,
          .cluster_label = config.usage.cluster_label,
          .replica_labels = config.usage.replica_labels,
          .require_image = config.usage.require_image};
}

/// Metrics are looked for in the last minutes only: say so where older samples exist.
void judge_freshness(CheckReport& check) {
  const auto is_lost = [](const MetricSighting& metric) {
    return metric.need == MetricNeed::kNeeded && !metric.found();
  };
  const bool lost = std::any_of(check.metrics.begin(), check.metrics.end(), is_lost);
  if (!lost || !check.history_start) return;
  check.findings.push_back(
      {Severity::kFailure, "freshness",
       "the window holds container usage, but its last 10 minutes do not: scraping has stopped",
       "see that the kubelets are still scraped; for a look at old data pass --now"});
}

void judge(QueryApi& api, const Config& config, CheckReport& check) {
  check.findings = audit(facts_of(check, config));
  judge_freshness(check);
  for (const std::string& warning : api.take_warnings()) {
    check.findings.push_back({Severity::kWarning, "server", warning,
                              "ask the server's operator why answers are partial"});
  }
}

}  // namespace

Result<CheckReport> check_prometheus(HttpTransport& transport, const Config& config,
                                     TimePoint now) {
  QueryApi api(transport, {.extra_matchers = config.matchers});
  const Result<service::Server> server = service::look_at_server(transport, api, config, now);
  if (!server) return tl::unexpected(server.error());
  CheckReport check{.url = config.prometheus.url,
                    .server = server->name,
                    .read_path = std::string(to_string(server->path.path)),
                    .read_path_reason = server->path.why,
                    .window = profiling_window(now, config.usage.window)};
  Result<std::vector<MetricSighting>> metrics =
      sight_metrics(api, {now - kRecent, now}, config.usage.cluster_label);
  if (!metrics) return tl::unexpected(metrics.error());
  check.metrics = std::move(*metrics);
  if (Result<void> found = find_times(api, config, check); !found) {
    return tl::unexpected(found.error());
  }
  judge(api, config, check);
  return check;
}

}  // namespace loadline
