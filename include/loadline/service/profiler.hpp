/// The cycle: read what is new since the marks, fold it in, save, recommend, publish. It owns the
/// state that lasts; everything it decides is decided by the stages.
///
/// One thread at a time; what it publishes goes to the Board. The state in memory is right after
/// any outcome: a read that broke or was stopped is gone on with by the next cycle, a batch that
/// could not be saved goes out with the next one.
#pragma once

#include <functional>
#include <memory>

#include "loadline/config/config.hpp"
#include "loadline/prometheus/http.hpp"
#include "loadline/publish/self_metrics.hpp"
#include "loadline/service/board.hpp"
#include "loadline/service/log.hpp"
#include "loadline/service/patch_shelf.hpp"
#include "loadline/store/profile_store.hpp"
#include "loadline/usage/collector.hpp"

namespace loadline {

/// What the parts of the service share. All must outlive them; all thread-safe.
struct ServiceTools {
  Board& board;
  SelfMetrics& metrics;
  Log& log;
  std::function<TimePoint()> now{};
  std::function<double()> seconds{};  ///< a clock that only runs forward
  /// Time that requests were under way since the last call, added up over connections.
  std::function<double()> take_request_seconds{};
  PatchShelf* patches = nullptr;  ///< may be missing
};

class Profiler {
 public:
  struct State;

  Profiler(const Config& config, Shard shard, OpenedStore opened, ServiceTools tools);
  ~Profiler();
  Profiler(const Profiler&) = delete;
  Profiler& operator=(const Profiler&) = delete;

  /// Publishes what the store held, if that was complete once: a restart is ready before it reads.
  void publish_stored();
  /// One cycle over `transport`. The error that ended it, kCancelled among them; what was missing
  /// from the answers is no error but stands in the published report.
  Result<void> run_cycle(HttpTransport& transport);
  /// Settings from now on. Ones that make other profiles of the same samples begin a new state.
  void reconfigure(const Config& config);

 private:
  std::unique_ptr<State> state_;
};

}  // namespace loadline
