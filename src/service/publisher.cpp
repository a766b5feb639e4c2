#include "service/publisher.hpp"

#include <algorithm>
#include <bit>
#include <iterator>
#include <memory>
#include <utility>

#include "loadline/model/stable_hash.hpp"
#include "loadline/recommend/prices.hpp"
#include "loadline/recommend/recommend.hpp"

namespace loadline::service {
namespace {

std::uint64_t bits(const std::optional<double>& value) {
  return value ? std::bit_cast<std::uint64_t>(*value) : ~std::uint64_t{0};
}

/// One number for who it is about and what is recommended.
std::uint64_t advice_of(const Recommendation& row) {
  const WorkloadKey& workload = row.key.workload;
  StableHash hash;
  for (const std::string* part : {&workload.cluster, &workload.namespace_name, &workload.kind,
                                  &workload.name, &row.key.container})
    hash.add(*part);
  std::uint64_t value = hash.value();
  for (const ResourceAdvice& advice : row.resources.values) {
    value = std::rotl(value, 7) ^ bits(advice.recommended.request);
    value = std::rotl(value, 7) ^ bits(advice.recommended.limit);
  }
  return value;
}

std::uint64_t count_changes(Profiler::State& state, const std::vector<Recommendation>& rows) {
  std::vector<std::uint64_t> advice;
  advice.reserve(rows.size());
  for (const Recommendation& row : rows) advice.push_back(advice_of(row));
  std::ranges::sort(advice);
  std::vector<std::uint64_t> changed;
  std::ranges::set_difference(advice, state.advice, std::back_inserter(changed));
  state.advice = std::move(advice);
  return changed.size();
}

ReportSource source_of(const Profiler::State& state, bool kube_state_metrics) {
  ReportSource source{.url = state.config.prometheus.url,
                      .kube_state_metrics = kube_state_metrics,
                      .scrape_interval = state.scrape_interval().value_or(Milliseconds(0)),
                      .read = state.read,
                      .collected = state.collected};
  if (!state.server) return source;
  source.server = state.server->name;
  source.read_path = std::string(to_string(state.server->path.path));
  source.read_path_reason = state.server->path.why;
  return source;
}

/// Rows of namespaces that are not chosen (any more) are no part of the result.
std::vector<Recommendation> rows_of(Profiler::State& state, std::int32_t today) {
  auto rows = recommend_all(state.usage.profiles, state.known, policy_book(state.config), today,
                            state.hindsight);
  if (state.config.prices) price(rows, state.known, *state.config.prices);
  return filtered(std::move(rows), {.namespaces = state.config.usage.namespaces,
                                    .exclude_namespaces = state.config.usage.exclude_namespaces});
}

std::size_t heap_bytes(const ContainerProfile& profile) {
  std::size_t bytes = 0;
  for (const ResourceProfile& resource : profile.resources.values) {
    bytes += resource.days.capacity() * sizeof(DayUsage);
    for (const DayUsage& day : resource.days) bytes += day.sketch.heap_bytes();
  }
  return bytes;
}

std::size_t state_bytes(const UsageState& usage) {
  constexpr std::size_t kNode = 2 * sizeof(void*);  // of a map: its link and its hash
  std::size_t bytes = 0;
  for (const ContainerEntry& entry : usage.profiles)
    bytes += sizeof entry + kNode + heap_bytes(entry.second);
  for (const RunEntry& run : usage.runs) {
    bytes += sizeof run + kNode;
    for (const Track& track : run.second.tracks.values)
      bytes += track.tail.capacity() * sizeof(Sample);
  }
  return bytes;
}

double per_container(double bytes, std::size_t containers) {
  return containers == 0 ? 0 : bytes / static_cast<double>(containers);
}

}  // namespace

std::uint64_t publish(Profiler::State& state, SnapshotFacts facts) {
  auto snapshot = std::make_shared<Snapshot>();
  Report& report = snapshot->report;
  report.recommendations = rows_of(state, utc_day(facts.window.end));
  const std::uint64_t changes = count_changes(state, report.recommendations);
  snapshot->generation = ++state.generation;
  report.window = facts.window;
  report.generated_at = facts.now;
  report.policy = state.config.policy;
  if (state.config.prices) report.currency = state.config.prices->currency;
  report.source = source_of(state, facts.kube_state_metrics);
  report.incomplete = std::move(facts.incomplete);
  sort_rows(report.recommendations, state.config.sort);
  report.totals = total(report.recommendations);
  state.tools.board.publish(std::move(snapshot));
  return changes;
}

void measure_state(Profiler::State& state) {
  SelfMetrics& metrics = state.tools.metrics;
  const std::size_t containers = state.usage.profiles.size();
  const auto memory = static_cast<double>(state_bytes(state.usage));
  const auto file = static_cast<double>(state.saver.size().file_bytes);
  metrics.set(Gauge::kContainers, static_cast<double>(containers));
  metrics.set(Gauge::kRuns, static_cast<double>(state.usage.runs.size()));
  metrics.set(Gauge::kStateBytes, memory);
  metrics.set(Gauge::kStateBytesPerContainer, per_container(memory, containers));
  metrics.set(Gauge::kStoreBytes, file);
  metrics.set(Gauge::kStoreBytesPerContainer, per_container(file, containers));
}

}  // namespace loadline::service
