/// What the cycle tells and the web shows: the published snapshot and the state of the service. The
/// cycle's thread writes, any thread reads; nobody waits for longer than a copy of a pointer.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "loadline/model/time.hpp"
#include "loadline/publish/report.hpp"
#include "loadline/store/profile_store.hpp"

namespace loadline {

/// An immutable result. `generation` counts up in a process; with the process' start it makes
/// ETags.
struct Snapshot {
  std::uint64_t generation = 0;
  Report report{};  ///< all rows, sorted as configured
};

enum class Phase {
  kStarting,  ///< the store is being read
  kBackfill,  ///< no complete snapshot yet
  kSteady,
  kStopping,
};
/// "starting", "backfill", "steady", "stopping".
std::string_view to_string(Phase phase);

/// For people and scripts: what /api/v1/status prints.
struct ServiceStatus {
  Phase phase = Phase::kStarting;
  TimePoint started{};
  std::string url{};
  std::string server{};     ///< "Prometheus 2.42.0"; empty until it answered
  std::string read_path{};  ///< "remote-read"
  Milliseconds scrape_interval{0};
  Milliseconds interval{0};  ///< between cycles
  Milliseconds max_age{0};   ///< not ready once the last success is older
  std::uint64_t cycles = 0;
  std::uint64_t failures_in_a_row = 0;
  std::string last_error{};  ///< of the last failed cycle; empty after a good one
  std::optional<TimePoint> last_success{};
  std::optional<TimePoint> next_cycle{};
  std::optional<TimePoint> read_up_to{};  ///< the lowest mark
  std::size_t groups_done = 0;            ///< of the read that runs, or of the last one
  std::size_t groups_total = 0;
  std::uint64_t samples_read = 0;
  StoreSize store{};
  std::string store_directory{};  ///< empty: in memory
  std::string store_error{};      ///< of the last save; empty after a good one
  std::string store_set_aside{};
  std::string config_error{};  ///< of the last reload; empty after a good one
  int shard = 0;
  int total_shards = 1;
};

/// May traffic and alerts rely on what is published?
struct Readiness {
  bool ready = false;
  std::string why{};  ///< one sentence, when ready as well
};
/// Ready: a complete snapshot has been published, the last success is at most max_age old, and the
/// service is not stopping.
Readiness readiness_of(const ServiceStatus& status, bool has_snapshot, TimePoint now);

/// Thread-safe.
class Board {
 public:
  void publish(std::shared_ptr<const Snapshot> snapshot);
  /// nullptr before the first.
  [[nodiscard]] std::shared_ptr<const Snapshot> snapshot() const;
  void update(const std::function<void(ServiceStatus&)>& change);
  [[nodiscard]] ServiceStatus status() const;

 private:
  mutable std::mutex mutex_{};
  std::shared_ptr<const Snapshot> snapshot_{};
  ServiceStatus status_{};
};

}  // namespace loadline
