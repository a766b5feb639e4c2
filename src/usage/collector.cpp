#include "loadline/usage/collector.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "loadline/model/stable_hash.hpp"
#include "usage/collector_state.hpp"
#include "usage/fold_sink.hpp"

namespace loadline {

CollectorStats& CollectorStats::operator+=(const CollectorStats& other) {
  runs += other.runs;
  samples_folded += other.samples_folded;
  duplicate_samples += other.duplicate_samples;
  invalid_samples += other.invalid_samples;
  outside_samples += other.outside_samples;
  zero_memory_samples += other.zero_memory_samples;
  counter_resets += other.counter_resets;
  gaps += other.gaps;
  ignored_series += other.ignored_series;
  foreign_series += other.foreign_series;
  return *this;
}

Milliseconds UsageOptions::gap() const {
  return std::max<Milliseconds>(std::chrono::minutes(5), 5 * scrape_interval);
}

// The earlier scrape lies two scrapes back, or where those are close, the last one before
// cpu_window; no two of them further apart than a gap.
Milliseconds UsageOptions::lead_in() const {
  return std::max(2 * gap(), cpu_window + gap());
}

WorkloadKey pod_profile_key(const PodKey& pod) {
  return {pod.cluster, pod.namespace_name, "Pod", pod.pod};
}

CollectorState::CollectorState(UsageState& state, const Inventory& known, UsageOptions settings,
                               TimeRange range)
    : usage(state), inventory(known), options(std::move(settings)), window(range) {}

ContainerEntry* CollectorState::container_of(const SeriesIdentity& identity) {
  const PodKey pod{.cluster = std::string(identity.cluster),
                   .namespace_name = std::string(identity.namespace_name),
                   .pod = std::string(identity.pod)};
  PodOwner owner = inventory.owner_of(pod);
  if (!options.shard.holds(owner.workload)) return nullptr;
  if (options.profile_by == ProfileBy::kPod) owner.workload = pod_profile_key(pod);
  ContainerKey key{.workload = std::move(owner.workload),
                   .container = std::string(identity.container)};
  if (options.keeps_pods_apart && options.keeps_pods_apart(key)) key.pod = pod.pod;
  const std::uint32_t next_id = usage.next_container_id;
  ContainerEntry& entry = usage.container(std::move(key));
  const bool is_new = usage.next_container_id != next_id;
  // One pod that is told of vouches for those that are not, whichever came first.
  if (is_new || owner.source == OwnerSource::kKubeStateMetrics) {
    entry.second.owner_source = owner.source;
  }
  return &entry;
}

RunEntry* CollectorState::run_of(const SeriesIdentity& identity) {
  const RunId id = run_id(identity);
  const std::scoped_lock lock(mutex);
  const auto known = usage.runs.find(id);
  const bool is_certain =
      known != usage.runs.end() &&
      known->second.container->second.owner_source == OwnerSource::kKubeStateMetrics;
  if (is_certain) return &*known;
  ContainerEntry* const container = container_of(identity);
  if (container == nullptr) return nullptr;
  RunEntry& run = *usage.runs.try_emplace(id).first;
  run.second.container = container;
  run.second.pod = StableHash().add(identity.pod).value();
  return &run;
}

void CollectorState::add(const CollectorStats& more, const Touched& left) {
  const std::scoped_lock lock(mutex);
  stats += more;
  touched.add(left);
}

void CollectorState::count_live_pods() {
  const std::int64_t alive_after_ms = to_unix_ms(window.end - options.gap());
  std::vector<std::pair<ContainerProfile*, std::uint64_t>> alive;
  for (auto& [id, run] : usage.runs) {
    const auto& tracks = run.tracks.values;
    const bool is_alive = std::ranges::any_of(
        tracks, [&](const Track& track) { return track.previous_ms >= alive_after_ms; });
    if (is_alive) alive.emplace_back(&run.container->second, run.pod);
  }
  std::ranges::sort(alive);
  alive.erase(std::unique(alive.begin(), alive.end()), alive.end());
  for (auto& [key, profile] : usage.profiles) profile.live_pods = 0;
  for (const auto& [profile, pod] : alive) ++profile->live_pods;
}

UsageCollector::UsageCollector(UsageState& state, const Inventory& inventory, UsageOptions options,
                               TimeRange window)
    : state_(std::make_unique<CollectorState>(state, inventory, std::move(options), window)) {}

UsageCollector::~UsageCollector() = default;

std::unique_ptr<UsageSink> UsageCollector::make_sink() {
  return std::make_unique<FoldSink>(*state_);
}

void UsageCollector::finish() {
  state_->count_live_pods();
}

Touched UsageCollector::take_touched() {
  const std::scoped_lock lock(state_->mutex);
  return std::exchange(state_->touched, {});
}

CollectorStats UsageCollector::stats() const {
  const std::scoped_lock lock(state_->mutex);
  return state_->stats;
}

}  // namespace loadline
