#include "inventory/kills.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "inventory/owners.hpp"

namespace loadline {
namespace {

/// The last second of the year 9999: beyond it a double is no time.
constexpr double kLastSecond = 253'402'300'799;

void keep_latest(std::int64_t& kept, double seconds) {
  if (!std::isfinite(seconds) || seconds <= 0 || seconds > kLastSecond) return;
  kept = std::max(kept, static_cast<std::int64_t>(std::llround(seconds * 1'000)));
}

void add_count(double& count, double more) {
  if (std::isfinite(more) && more > 0) count += more;
}

std::uint32_t count_of(double count) {
  return static_cast<std::uint32_t>(std::min<double>(std::round(count), UINT32_MAX));
}

template <typename Map, typename Keep>
std::vector<PodKey> pods_of(const Map& seen, Keep keep) {
  std::vector<PodKey> pods;
  for (const auto& [key, witnesses] : seen) {
    if (keep(witnesses) && (pods.empty() || pods.back() != key.pod)) pods.push_back(key.pod);
  }
  return pods;
}

}  // namespace

KillTable::KillTable(std::string cluster_label, TimePoint since, TimePoint counted_from)
    : cluster_label_(std::move(cluster_label)),
      since_ms_(to_unix_ms(since)),
      counted_from_ms_(to_unix_ms(counted_from)) {}

KillTable::Witnesses* KillTable::at(const Labels& container) {
  Key key;
  read_pod(container, cluster_label_, key.pod);
  key.container = exported_or_own(container, "container");
  if (key.pod.pod.empty() || key.container.empty()) return nullptr;
  return &seen_[std::move(key)];
}

void KillTable::add_suspect(const Labels& container) {
  if (Witnesses* const seen = at(container)) seen->is_suspect = true;
}
void KillTable::add_end(const Labels& container, double seconds) {
  if (Witnesses* const seen = at(container)) keep_latest(seen->end_ms, seconds);
}
void KillTable::add_restart(const Labels& container, double seconds) {
  if (Witnesses* const seen = at(container)) keep_latest(seen->restart_ms, seconds);
}
void KillTable::add_restarts(const Labels& container, double count) {
  if (Witnesses* const seen = at(container)) add_count(seen->restarts, count);
}
void KillTable::add_event(const Labels& container, double seconds) {
  if (Witnesses* const seen = at(container)) keep_latest(seen->event_ms, seconds);
}
void KillTable::add_events(const Labels& container, double count) {
  if (Witnesses* const seen = at(container)) add_count(seen->events, count);
}
void KillTable::add_limit(const Labels& container, double bytes) {
  if (!std::isfinite(bytes) || bytes <= 0) return;
  Witnesses* const seen = at(container);
  if (seen != nullptr) seen->limit_bytes = std::max(seen->limit_bytes.value_or(0), bytes);
}

std::vector<PodKey> KillTable::suspects() const {
  return pods_of(seen_, [](const Witnesses& seen) { return seen.is_suspect; });
}

bool KillTable::lacks_ends() const {
  return std::any_of(seen_.begin(), seen_.end(), [](const auto& entry) {
    return entry.second.is_suspect && entry.second.end_ms == 0;
  });
}

std::vector<PodKey> KillTable::killed() const {
  return pods_of(seen_, [this](const Witnesses& seen) { return kills_of(seen).count > 0; });
}

OomKills KillTable::kills_of(const Witnesses& seen) const {
  const std::int64_t last_ms =
      std::max({seen.end_ms > 0 ? seen.end_ms : seen.restart_ms, seen.event_ms});
  if (last_ms < since_ms_ || last_ms == 0) return {};
  const std::uint32_t counted = count_of(std::max(seen.restarts, seen.events));
  const std::uint32_t least = last_ms >= counted_from_ms_ ? 1 : 0;
  return {.count = std::max(counted, least), .last_ms = last_ms, .limit_bytes = seen.limit_bytes};
}

void KillTable::tell(Inventory& inventory) const {
  for (const auto& [key, seen] : seen_) {
    const OomKills kills = kills_of(seen);
    if (kills.last_ms == 0) continue;
    const auto workload = inventory.workloads_.find(inventory.owner_of(key.pod).workload);
    if (workload == inventory.workloads_.end()) continue;
    OomKills& known = workload->second.containers[key.container].oom_kills;
    known = together(known, kills);
  }
}

OomKills together(const OomKills& a, const OomKills& b) {
  const std::uint64_t count = std::uint64_t{a.count} + b.count;
  return {.count = static_cast<std::uint32_t>(std::min<std::uint64_t>(count, UINT32_MAX)),
          .last_ms = std::max(a.last_ms, b.last_ms),
          .limit_bytes = std::max(a.limit_bytes, b.limit_bytes)};
}

}  // namespace loadline
