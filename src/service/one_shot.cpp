#include "loadline/service/one_shot.hpp"

#include <string>

#include "loadline/inventory/read.hpp"
#include "loadline/prometheus/query_api.hpp"
#include "loadline/prometheus/sources.hpp"
#include "loadline/recommend/prices.hpp"
#include "loadline/recommend/recommend.hpp"
#include "loadline/usage/collector.hpp"
#include "service/completeness.hpp"
#include "service/server.hpp"

namespace loadline {
namespace {

/// Where no scrape is found there is nothing to size by it; this only fills the parameters.
constexpr Milliseconds kUnknownInterval{30'000};

void tell(const OneShotHooks& hooks, const std::string& what) {
  if (hooks.on_event) hooks.on_event(LogLevel::kInfo, what);
}

double seconds_of(const OneShotHooks& hooks) {
  return hooks.seconds ? hooks.seconds() : 0;
}

/// nullopt where there is no scrape in the window.
Result<std::optional<Milliseconds>> find_interval(QueryApi& api, const Config& config,
                                                  TimeRange window) {
  if (config.usage.scrape_interval) return config.usage.scrape_interval;
  return detect_scrape_interval(api, container_selection(config.usage), window);
}

/// Rows of namespaces that were not asked for are no part of the result.
void drop_other_namespaces(std::vector<Recommendation>& rows, const UsageConfig& usage) {
  const ReportFilter chosen{.namespaces = usage.namespaces,
                            .exclude_namespaces = usage.exclude_namespaces};
  rows = filtered(std::move(rows), chosen);
}

void fill_rows(Report& report, std::vector<Recommendation> all, const Config& config,
               const ReportFilter& filter) {
  drop_other_namespaces(all, config.usage);
  const std::size_t chosen = all.size();
  report.recommendations = filtered(std::move(all), filter);
  report.hidden = chosen - report.recommendations.size();
  sort_rows(report.recommendations, config.sort);
  report.totals = total(report.recommendations);
}

/// The steps share the connection, the settings and the report that grows.
class OneShot {
 public:
  OneShot(HttpTransport& transport, const Config& config, const OneShotHooks& hooks)
      : transport_(transport),
        config_(config),
        hooks_(hooks),
        api_(transport, {.extra_matchers = config.matchers}) {}

  Result<Report> run(const ReportFilter& filter, TimePoint now) {
    report_.window = profiling_window(now, config_.usage.window);
    report_.generated_at = now;
    report_.policy = config_.policy;
    if (config_.prices) report_.currency = config_.prices->currency;
    if (Result<void> found = look(now); !found) return tl::unexpected(found.error());
    const Result<Inventory> inventory =
        read_inventory(api_, report_.window, inventory_options(config_));
    if (!inventory) return fail_while("reading kube-state-metrics", inventory.error());
    tell(hooks_, "reading " + format_rfc3339(report_.window.start) + " to " +
                     format_rfc3339(report_.window.end) + " from " + report_.source.server +
                     " by " + report_.source.read_path);
    if (Result<void> read = read_samples(*inventory, filter); !read) {
      return tl::unexpected(read.error());
    }
    return std::move(report_);
  }

 private:
  Result<void> look(TimePoint now) {
    const Result<service::Server> server = service::look_at_server(transport_, api_, config_, now);
    if (!server) return tl::unexpected(server.error());
    path_ = server->path.path;
    report_.source.url = config_.prometheus.url;
    report_.source.server = server->name;
    report_.source.read_path = std::string(to_string(path_));
    report_.source.read_path_reason = server->path.why;
    const auto interval = find_interval(api_, config_, report_.window);
    if (!interval) return tl::unexpected(interval.error());
    report_.source.scrape_interval = interval->value_or(Milliseconds(0));
    interval_ = interval->value_or(kUnknownInterval);
    return {};
  }

  Result<void> read_samples(const Inventory& inventory, const ReportFilter& filter) {
    const UsageOptions options{.cpu_window = config_.usage.cpu_window,
                               .scrape_interval = interval_,
                               .cluster_label = config_.usage.cluster_label,
                               .profile_by = hooks_.profile_by,
                               .keeps_pods_apart = hooks_.keeps_pods_apart
                                                       ? hooks_.keeps_pods_apart
                                                       : hottest_rule(policy_book(config_))};
    UsageState state;
    UsageCollector collector(state, inventory, options, report_.window);
    const auto source = make_source(path_, transport_, api_, {.scrape_interval = interval_});
    const double begin = seconds_of(hooks_);
    const Result<ReadStats> read = read_usage(
        *source, api_, container_selection(config_.usage), report_.window, options.lead_in(),
        config_.prometheus.concurrency, collector, hooks_.on_progress);
    if (!read) return fail_while("reading samples", read.error());
    report_.source.read_seconds = seconds_of(hooks_) - begin;
    if (source->path() != path_) {
      report_.source.read_path = std::string(to_string(source->path()));
      report_.source.read_path_reason =
          "the server stores chunks in an encoding that cannot be decoded here";
    }
    conclude(*read, collector.stats(), state.profiles, inventory);
    if (hooks_.profile_by == ProfileBy::kWorkload) {
      auto rows = recommend_all(state.profiles, inventory, policy_book(config_),
                                utc_day(report_.window.end));
      if (config_.prices) price(rows, inventory, *config_.prices);
      fill_rows(report_, std::move(rows), config_, filter);
    }
    if (hooks_.on_profiles) hooks_.on_profiles(state.profiles, inventory);
    return {};
  }

  void conclude(const ReadStats& read, const CollectorStats& collected, const ProfileSet& profiles,
                const Inventory& inventory) {
    report_.source.read = read;
    report_.source.collected = collected;
    report_.source.kube_state_metrics = inventory.has_kube_state_metrics();
    service::Evidence evidence = service::evidence_of(read, profiles, inventory);
    evidence.server_warnings = api_.take_warnings();
    report_.incomplete = service::what_is_missing(evidence);
  }

  HttpTransport& transport_;
  const Config& config_;
  const OneShotHooks& hooks_;
  QueryApi api_;
  ReadPath path_ = ReadPath::kQuery;
  Milliseconds interval_{kUnknownInterval};
  Report report_{};
};

}  // namespace

InventoryOptions inventory_options(const Config& config) {
  return {.cluster_label = config.usage.cluster_label,
          .pool_label = config.prices ? config.prices->pool_label : std::string()};
}

ContainerSelection container_selection(const UsageConfig& usage) {
  return {.require_image = usage.require_image,
          .namespaces = usage.namespaces,
          .exclude_namespaces = usage.exclude_namespaces};
}

Result<Report> run_one_shot(HttpTransport& transport, const Config& config,
                            const ReportFilter& filter, TimePoint now, const OneShotHooks& hooks) {
  return OneShot(transport, config, hooks).run(filter, now);
}

}  // namespace loadline
