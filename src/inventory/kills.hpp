/// From the rows that tell of OOM kills to the facts of the containers that were killed. Pure; rows
/// may come in any order.
///
/// Kubernetes tells a state, not an event: why the run before this one ended, and when, for as long
/// as the pod lives. So a kill has one of two witnesses, each with its time:
/// - the end of the last run (kube_pod_container_status_last_terminated_timestamp, from
///   kube-state-metrics 2.11 on), where it was killed; exact to the second;
/// - without that metric, a rise of the restarts while the reason reads OOMKilled; seen to five
///   minutes. The state alone proves nothing then: it may be older than the window.
/// cAdvisor's events are a third: of processes killed beside the container's first. Of one kill
/// seen by several the counts are not added, the larger is taken.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "loadline/inventory/inventory.hpp"

namespace loadline {

class KillTable {
 public:
  /// Kills before `since` are no news. `counted_from` is where the rows' rises begin: a kill after
  /// it counts at least once, one before it only by its rises.
  KillTable(std::string cluster_label, TimePoint since, TimePoint counted_from);

  /// A container whose last run is said to have been killed; nothing comes of it alone.
  void add_suspect(const Labels& container);
  void add_end(const Labels& container, double seconds);      ///< of the last run, killed
  void add_restart(const Labels& container, double seconds);  ///< the last while OOMKilled
  void add_restarts(const Labels& container, double count);   ///< those while OOMKilled
  void add_event(const Labels& container, double seconds);    ///< the last of cAdvisor's
  void add_events(const Labels& container, double count);
  void add_limit(const Labels& container, double bytes);

  /// The pods of suspects, sorted.
  [[nodiscard]] std::vector<PodKey> suspects() const;
  /// Whether some suspect has no end: kube-state-metrics does not tell it.
  [[nodiscard]] bool lacks_ends() const;
  /// The pods with a kill that counts, sorted: whose limits are to be asked for.
  [[nodiscard]] std::vector<PodKey> killed() const;
  /// Adds the kills to the containers of the workloads that are known.
  void tell(Inventory& inventory) const;

 private:
  struct Key {
    PodKey pod{};
    std::string container{};

    auto operator<=>(const Key&) const = default;
  };
  struct Witnesses {
    bool is_suspect = false;
    std::int64_t end_ms = 0;
    std::int64_t restart_ms = 0;
    std::int64_t event_ms = 0;
    double restarts = 0;
    double events = 0;
    std::optional<double> limit_bytes{};
  };

  Witnesses* at(const Labels& container);
  [[nodiscard]] OomKills kills_of(const Witnesses& seen) const;

  std::string cluster_label_{};
  std::int64_t since_ms_ = 0;
  std::int64_t counted_from_ms_ = 0;
  std::map<Key, Witnesses> seen_{};
};

/// Two tellings of kills of one container in different pods as one: counts add up, the latest time,
/// the highest limit.
OomKills together(const OomKills& a, const OomKills& b);

}  // namespace loadline
