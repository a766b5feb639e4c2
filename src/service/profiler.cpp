#include "loadline/service/profiler.hpp"

#include <algorithm>
#include <utility>

#include "service/cycle.hpp"
#include "service/cycle_plan.hpp"
#include "service/profiler_state.hpp"
#include "service/publisher.hpp"

namespace loadline {
namespace {

using service::CycleFigures;

double unix_seconds(TimePoint t) {
  return static_cast<double>(to_unix_ms(t)) / 1000;
}

void count(SelfMetrics& metrics, const ReadStats& read, const CollectorStats& collected) {
  const std::pair<Count, std::uint64_t> amounts[] = {
      {Count::kSamplesRead, read.samples},
      {Count::kSeriesRead, read.series},
      {Count::kBytesRead, read.bytes},
      {Count::kSamplesOutOfOrder, read.out_of_order},
      {Count::kSamplesFolded, collected.samples_folded},
      {Count::kSamplesDuplicate, collected.duplicate_samples},
      {Count::kSamplesInvalid, collected.invalid_samples},
      {Count::kSamplesOutside, collected.outside_samples},
      {Count::kSamplesZero, collected.zero_memory_samples},
      {Count::kCounterResets, collected.counter_resets},
      {Count::kGaps, collected.gaps}};
  for (const auto& [what, amount] : amounts) metrics.add(what, static_cast<double>(amount));
}

void note_success(Profiler::State& state, const CycleFigures& figures) {
  const TimePoint now = state.tools.now();
  state.failures_in_a_row = 0;
  state.tools.board.update([&](ServiceStatus& status) {
    if (status.phase != Phase::kStopping) status.phase = Phase::kSteady;
    status.last_success = now;
    status.last_error.clear();
    status.read_up_to = figures.up_to;
  });
  SelfMetrics& metrics = state.tools.metrics;
  metrics.add(figures.is_complete ? Count::kCyclesComplete : Count::kCyclesIncomplete);
  metrics.set(Gauge::kIncomplete, figures.is_complete ? 0 : 1);
  metrics.set(Gauge::kLastSuccessTimestamp, unix_seconds(now));
  metrics.set(Gauge::kReadUpToTimestamp, unix_seconds(figures.up_to));
  metrics.set(Gauge::kBackfillProgress, 1);
}

void note_failure(Profiler::State& state, const Error& error) {
  const bool is_stop = error.kind == ErrorKind::kCancelled;
  state.tools.metrics.add(is_stop ? Count::kCyclesCancelled : Count::kCyclesFailed);
  state.tools.log.event(is_stop ? LogLevel::kInfo : LogLevel::kError,
                        is_stop ? "cycle stopped" : "cycle failed", {{"error", error.message}});
  if (is_stop) return;
  ++state.failures_in_a_row;
  // The next cycle looks anew: the server may be another one by then.
  state.server.reset();
  state.tools.board.update([&](ServiceStatus& status) { status.last_error = error.message; });
}

void log_summary(Profiler::State& state, const CycleFigures& figures, double seconds) {
  state.tools.log.event(LogLevel::kInfo, "cycle done",
                        {{"up_to", format_rfc3339(figures.up_to)},
                         {"seconds", seconds},
                         {"samples", figures.read.samples},
                         {"series", figures.read.series},
                         {"bytes", figures.read.bytes},
                         {"requests", figures.read.requests},
                         {"request_seconds", state.tools.take_request_seconds()},
                         {"duplicates", figures.collected.duplicate_samples},
                         {"containers", static_cast<std::uint64_t>(figures.containers)},
                         {"changes", figures.changes},
                         {"complete", figures.is_complete ? 1 : 0}});
}

/// True where an earlier process could not drop what had left its window.
bool has_days_before(const ProfileSet& profiles, std::int32_t first_day) {
  return std::ranges::any_of(profiles, [first_day](const ContainerEntry& entry) {
    return std::ranges::any_of(entry.second.resources.values, [&](const ResourceProfile& resource) {
      return !resource.days.empty() && resource.days.front().day < first_day;
    });
  });
}

}  // namespace

Profiler::Profiler(const Config& config, Shard shard, OpenedStore opened, ServiceTools tools)
    : state_(std::make_unique<State>(config, shard, std::move(opened), std::move(tools))) {
  state_->check_fingerprint();
  const std::int32_t first_day = state_->header.first_day;
  if (has_days_before(state_->usage.profiles, first_day)) state_->drop_before(first_day);
}

Profiler::~Profiler() = default;

void Profiler::publish_stored() {
  State& state = *state_;
  if (!state.is_complete()) return service::measure_state(state);
  const TimePoint end = state.header.complete_up_to;
  const TimeRange window = profiling_window(end, state.config.usage.window);
  UsageCollector(state.usage, state.known, state.usage_options(), window).finish();
  service::publish(state, {.window = window,
                           .now = state.tools.now(),
                           .kube_state_metrics = !state.known.workloads_.empty()});
  const Milliseconds settle = state.settle();
  state.tools.board.update([&](ServiceStatus& status) {
    status.phase = Phase::kSteady;
    status.last_success = end + settle;
    status.read_up_to = end;
    status.max_age = service::max_age_of(state.config.serve, settle);
  });
  state.tools.log.event(LogLevel::kInfo, "stored profiles published",
                        {{"up_to", format_rfc3339(end)},
                         {"containers", static_cast<std::uint64_t>(state.advice.size())}});
  // A walk through all sketches that nobody waits for.
  service::measure_state(state);
}

Result<void> Profiler::run_cycle(HttpTransport& transport) {
  State& state = *state_;
  state.tools.log.set_cycle(++state.cycle);
  state.tools.board.update([&](ServiceStatus& status) {
    status.cycles = state.cycle;
    if (status.phase == Phase::kStarting) status.phase = Phase::kBackfill;
  });
  const double begin = state.tools.seconds();
  service::Cycle cycle(state, transport);
  Result<void> done = cycle.run();
  const double seconds = state.tools.seconds() - begin;
  state.tools.metrics.observe(Timing::kCycle, seconds);
  count(state.tools.metrics, cycle.figures().read, cycle.figures().collected);
  service::measure_state(state);
  if (done) {
    note_success(state, cycle.figures());
    log_summary(state, cycle.figures(), seconds);
  } else {
    note_failure(state, done.error());
  }
  state.tools.board.update(
      [&](ServiceStatus& status) { status.failures_in_a_row = state.failures_in_a_row; });
  return done;
}

void Profiler::reconfigure(const Config& config) {
  state_->config = config;
  state_->server.reset();
  state_->check_fingerprint();
}

}  // namespace loadline
