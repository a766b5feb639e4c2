#include "loadline/usage/collector.hpp"

#include <algorithm>
#include <set>
#include <utility>

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
  return *this;
}

CollectorState::CollectorState(const Inventory& known, UsageOptions settings, TimeRange range)
    : inventory(known), options(std::move(settings)), window(range) {}

Milliseconds CollectorState::gap() const {
  return std::max<Milliseconds>(std::chrono::minutes(5), 5 * options.scrape_interval);
}

ContainerProfile& CollectorState::profile_of(const SeriesIdentity& identity) {
  PodOwner owner = inventory.owner_of(PodKey{.cluster = std::string(identity.cluster),
                                             .namespace_name = std::string(identity.namespace_name),
                                             .pod = std::string(identity.pod)});
  auto& profile = profiles[ContainerKey{.workload = std::move(owner.workload),
                                        .container = std::string(identity.container)}];
  profile.owner_source = owner.source;
  return profile;
}

Run& CollectorState::run_of(const SeriesIdentity& identity) {
  RunKey key = key_of(identity);
  const std::scoped_lock lock(mutex);
  const auto [at, is_new] = runs.try_emplace(std::move(key.bytes));
  if (is_new) {
    at->second.pod = std::string_view(at->first).substr(key.pod_offset, identity.pod.size());
    at->second.profile = &profile_of(identity);
    ++stats.runs;
  }
  return at->second;
}

void CollectorState::add(const CollectorStats& more) {
  const std::scoped_lock lock(mutex);
  stats += more;
}

void CollectorState::count_live_pods() {
  const std::int64_t alive_after_ms = to_unix_ms(window.end - gap());
  std::set<std::pair<ContainerProfile*, std::string_view>> alive;
  for (auto& [key, run] : runs)
    if (run.previous_ms >= alive_after_ms) alive.emplace(run.profile, run.pod);
  for (auto& [key, profile] : profiles) profile.live_pods = 0;
  for (const auto& [profile, pod] : alive) ++profile->live_pods;
}

UsageCollector::UsageCollector(const Inventory& inventory, UsageOptions options, TimeRange window)
    : state_(std::make_unique<CollectorState>(inventory, std::move(options), window)) {}

UsageCollector::~UsageCollector() = default;

std::unique_ptr<UsageSink> UsageCollector::make_sink() {
  return std::make_unique<FoldSink>(*state_);
}

void UsageCollector::finish() {
  state_->count_live_pods();
}

const ProfileSet& UsageCollector::profiles() const {
  return state_->profiles;
}

CollectorStats UsageCollector::stats() const {
  const std::scoped_lock lock(state_->mutex);
  return state_->stats;
}

}  // namespace loadline
