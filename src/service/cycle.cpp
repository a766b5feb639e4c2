#include "service/cycle.hpp"

#include <algorithm>
#include <utility>

#include "loadline/gitops/patch.hpp"
#include "loadline/inventory/read.hpp"
#include "loadline/prometheus/sources.hpp"
#include "loadline/service/one_shot.hpp"
#include "loadline/usage/read.hpp"
#include "service/completeness.hpp"
#include "service/cycle_plan.hpp"
#include "service/known_cluster.hpp"
#include "service/publisher.hpp"

namespace loadline::service {
namespace {

// As Prometheus' lookback: a series that is alive has a sample in it.
constexpr Milliseconds kLookback = std::chrono::minutes(5);
// A long read is cut for its marks and progress; a short one only for the connections.
constexpr std::size_t kLongReadGroups = 32;
constexpr std::size_t kShortReadGroups = 8;
constexpr Milliseconds kShortRead = std::chrono::hours(1);

/// Runs a step and tells how long it took.
template <typename Step>
Result<void> timed(const ServiceTools& tools, Timing timing, Step step) {
  const double begin = tools.seconds();
  Result<void> done = step();
  tools.metrics.observe(timing, tools.seconds() - begin);
  return done;
}

std::size_t most_groups(const std::map<std::string, TimePoint, std::less<>>& begins,
                        TimePoint end) {
  const bool is_long = std::ranges::any_of(
      begins, [end](const auto& begin) { return end - begin.second > kShortRead; });
  return is_long ? kLongReadGroups : kShortReadGroups;
}

Result<PatchFigures> update_patches(const Profiler::State& state) {
  Result<PatchSettings> settings = patch_settings(state.config);
  if (!settings) return tl::unexpected(std::move(settings.error()));
  settings->shard = state.shard.index;
  settings->total_shards = state.shard.total;
  return state.tools.patches->update(state.tools.board.snapshot()->report, *settings);
}

void tell_patches(const ServiceTools& tools, const PatchFigures& figures) {
  const std::pair<Count, std::size_t> amounts[] = {{Count::kPatchesCreated, figures.created},
                                                   {Count::kPatchesUpdated, figures.updated},
                                                   {Count::kPatchesRemoved, figures.removed}};
  std::size_t all = 0;
  for (const auto& [what, amount] : amounts) {
    tools.metrics.add(what, static_cast<double>(amount));
    all += amount;
  }
  tools.metrics.set(Gauge::kPatchesEdited, static_cast<double>(figures.kept));
  const LogLevel level = figures.kept > 0 ? LogLevel::kWarning
                         : all > 0        ? LogLevel::kInfo
                                          : LogLevel::kDebug;
  tools.log.event(level, "patches written",
                  {{"created", std::uint64_t{figures.created}},
                   {"updated", std::uint64_t{figures.updated}},
                   {"removed", std::uint64_t{figures.removed}},
                   {"kept_as_edited", std::uint64_t{figures.kept}},
                   {"unseen", std::uint64_t{figures.unseen}}});
}

}  // namespace

Cycle::Cycle(Profiler::State& state, HttpTransport& transport)
    : state_(state),
      transport_(transport),
      api_(transport, {.extra_matchers = state.config.matchers}),
      now_(state.tools.now()) {}

Result<void> Cycle::run() {
  const ServiceTools& tools = state_.tools;
  return look()
      .and_then([&] { return find_intervals(); })
      .and_then([&] {
        set_window();
        roll_window();
        return timed(tools, Timing::kInventory, [&] { return learn_cluster(); });
      })
      .and_then([&] { return timed(tools, Timing::kRead, [&] { return read_samples(); }); })
      .and_then([&] {
        return timed(tools, Timing::kRecommend, [&]() -> Result<void> {
          publish_all();
          return {};
        });
      })
      .and_then([&] {
        return timed(tools, Timing::kPatch, [&]() -> Result<void> {
          write_patches();
          return {};
        });
      });
}

Result<void> Cycle::look() {
  if (state_.server) return {};
  Result<Server> server = look_at_server(transport_, api_, state_.config, now_);
  if (!server) return tl::unexpected(server.error());
  state_.tools.log.event(LogLevel::kInfo, "reading from",
                         {{"server", server->name},
                          {"read_path", to_string(server->path.path)},
                          {"why", server->path.why}});
  state_.tools.board.update([&](ServiceStatus& status) {
    status.server = server->name;
    status.read_path = std::string(to_string(server->path.path));
  });
  state_.server = std::move(*server);
  return {};
}

/// Once a day and after each start: targets may be scraped at another interval by then.
Result<void> Cycle::find_intervals() {
  const std::int32_t today = utc_day(now_);
  if (state_.interval_checked == today) return {};
  const TimeRange window = profiling_window(now_, state_.config.usage.window);
  const auto scrapes = detect_scrape_interval(api_, state_.selection(), window);
  if (!scrapes) return tl::unexpected(scrapes.error());
  const auto owners = detect_owner_interval(api_, state_.selection(), window);
  if (!owners) return tl::unexpected(owners.error());
  state_.interval_checked = today;
  state_.header.owner_interval = owners->value_or(state_.header.owner_interval);
  state_.header.scrape_interval = scrapes->value_or(state_.header.scrape_interval);
  state_.tools.log.event(LogLevel::kInfo, "scrape intervals detected",
                         {{"kubelets", format_duration(state_.header.scrape_interval)},
                          {"kube_state_metrics", format_duration(state_.header.owner_interval)},
                          {"settle", format_duration(state_.settle())}});
  return {};
}

void Cycle::set_window() {
  const Milliseconds interval = state_.usage_options().scrape_interval;
  const Milliseconds settle = state_.settle();
  end_ = now_ - settle;
  // Behind a clock that was set back nothing is read and nothing dropped.
  window_ =
      profiling_window(std::max(end_, state_.header.complete_up_to), state_.config.usage.window);
  figures_.up_to = window_.end;
  state_.tools.board.update([&](ServiceStatus& status) {
    status.scrape_interval = interval;
    status.max_age = max_age_of(state_.config.serve, settle);
  });
}

void Cycle::roll_window() {
  const std::int32_t first_day = utc_day(window_.start);
  StateHeader& header = state_.header;
  if (header.first_day > first_day) {
    state_.forget_everything("the window reaches further back than what was read");
  }
  if (header.first_day > 0 && header.first_day < first_day) {
    const std::size_t runs = state_.drop_before(first_day);
    state_.tools.log.event(
        LogLevel::kInfo, "days that left the window are dropped",
        {{"first_day", format_rfc3339(window_.start)}, {"runs", static_cast<std::uint64_t>(runs)}});
  }
  header.first_day = first_day;
}

/// Once a day and after each start all of them are counted anew: a count does not say which kills
/// have left the window.
TimePoint Cycle::kills_counted_from() const {
  const bool is_counted = state_.kills_first_day == utc_day(window_.start);
  return is_counted ? state_.kills_read_up_to : window_.start;
}

void Cycle::note_kills_counted() {
  state_.kills_first_day = utc_day(window_.start);
  state_.kills_read_up_to = now_;
}

Result<void> Cycle::learn_cluster() {
  const TimePoint from =
      state_.is_complete() ? state_.header.complete_up_to - kLookback : window_.start;
  const KillTimes times{.window_start = window_.start, .counted_from = kills_counted_from()};
  InventoryOptions options = inventory_options(state_.config);
  options.kills_since = times.window_start;
  options.kills_counted_from = times.counted_from;
  Result<Inventory> fresh = read_inventory(api_, {std::min(from, now_ - kLookback), now_}, options);
  if (!fresh) return fail_while("reading kube-state-metrics", fresh.error());
  is_cluster_current_ = is_current(*fresh);
  if (is_cluster_current_) note_kills_counted();
  if (!is_cluster_current_) state_.tools.metrics.add(Count::kKubeStateMetricsLost);
  Changes changes{.header = state_.header};
  if (absorb_bounds(state_.known, *fresh)) changes.cluster = state_.known.cluster_;
  changes.workloads = absorb(state_.known, std::move(*fresh), state_.shard, times);
  state_.save(std::move(changes));
  return {};
}

Result<void> Cycle::look_for_cores(TimeRange range) {
  const Result<bool> per_core = counters_come_per_core(api_, state_.selection(), range);
  if (!per_core) return tl::unexpected(per_core.error());
  state_.per_core = *per_core;
  return {};
}

Result<void> Cycle::read_samples() {
  const TimePoint earliest = window_.start - state_.usage_options().lead_in();
  const TimeRange unread{std::max(earliest, state_.header.complete_up_to), end_};
  if (unread.empty()) return {};
  const auto names = namespaces_in(api_, state_.selection(), unread);
  if (!names) return tl::unexpected(names.error());
  if (Result<void> looked = look_for_cores(unread); !looked) return looked;
  const auto begins = begins_of(*names, state_.marks, earliest);
  Result<void> read = read_groups_of(plan_read(begins, end_, most_groups(begins, end_)));
  if (!read) return read;
  state_.header.complete_up_to = end_;
  state_.save({.header = state_.header});
  return {};
}

Result<void> Cycle::read_groups_of(const std::vector<ReadGroup>& groups) {
  show_plan(groups);
  const UsageOptions options = state_.usage_options();
  UsageCollector collector(state_.usage, state_.known, options, window_);
  const auto source = make_source(state_.server->path.path, transport_, api_,
                                  {.scrape_interval = options.scrape_interval});
  const ReadOptions how{.selection = state_.selection(),
                        .concurrency = state_.config.prometheus.concurrency,
                        .per_core = state_.per_core};
  const auto read = read_groups(*source, groups, how, collector,
                                [this](const GroupRead& done) { return keep_group(done); });
  if (source->path() != state_.server->path.path) {
    state_.tools.metrics.add(Count::kReadPathFallbacks);
    state_.server->path = {source->path(),
                           "the server stores chunks in an encoding that cannot be decoded here"};
  }
  figures_.collected = collector.stats();
  state_.collected += figures_.collected;
  state_.save({.touched = collector.take_touched()});
  if (!read) return fail_while("reading samples", read.error());
  collector.finish();
  return {};
}

void Cycle::show_plan(const std::vector<ReadGroup>& groups) {
  state_.tools.board.update([&](ServiceStatus& status) {
    status.groups_done = 0;
    status.groups_total = groups.size();
  });
}

Result<void> Cycle::keep_group(const GroupRead& read) {
  Changes changes{.header = state_.header, .touched = read.touched};
  for (const std::string& name : read.group.namespaces) {
    state_.marks.insert_or_assign(name, read.group.range.end);
    changes.marks.insert_or_assign(name, read.group.range.end);
  }
  const double begin = state_.tools.seconds();
  state_.save(std::move(changes));
  state_.tools.metrics.observe(Timing::kStore, state_.tools.seconds() - begin);
  const ReadProgress& progress = read.progress;
  figures_.read = progress.stats;
  state_.tools.board.update([&](ServiceStatus& status) {
    status.groups_done = progress.groups_done;
    status.samples_read = state_.read.samples + progress.stats.samples;
  });
  const double ratio =
      static_cast<double>(progress.groups_done) / static_cast<double>(progress.groups_total);
  if (!state_.is_complete()) state_.tools.metrics.set(Gauge::kBackfillProgress, ratio);
  state_.tools.log.event(state_.is_complete() ? LogLevel::kDebug : LogLevel::kInfo, "group read",
                         {{"done", static_cast<std::uint64_t>(progress.groups_done)},
                          {"of", static_cast<std::uint64_t>(progress.groups_total)},
                          {"samples", progress.stats.samples}});
  return {};
}

void Cycle::publish_all() {
  state_.read += figures_.read;
  Evidence evidence = evidence_of(figures_.read, state_.usage.profiles, state_.known);
  evidence.server_warnings = api_.take_warnings();
  evidence.is_last_known = !is_cluster_current_ && !state_.known.workloads_.empty();
  const auto warnings = evidence.server_warnings.size() + figures_.read.warnings.size();
  state_.tools.metrics.add(Count::kServerWarnings, static_cast<double>(warnings));
  SnapshotFacts facts{.window = window_,
                      .now = now_,
                      .incomplete = what_is_missing(evidence),
                      .kube_state_metrics = is_cluster_current_};
  figures_.is_complete = facts.incomplete.empty();
  figures_.changes = publish(state_, std::move(facts));
  figures_.containers = state_.advice.size();
}

/// What goes wrong with patches is told; the published result stands.
void Cycle::write_patches() {
  const ServiceTools& tools = state_.tools;
  if (tools.patches == nullptr || tools.patches->directory().empty()) return;
  const Result<PatchFigures> written = update_patches(state_);
  if (!written) {
    tools.metrics.add(Count::kPatchErrors);
    tools.log.event(LogLevel::kError, "cannot write the patches",
                    {{"error", written.error().message}});
    return;
  }
  tell_patches(tools, *written);
}

}  // namespace loadline::service
