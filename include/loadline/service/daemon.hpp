/// `loadline serve`: the store, the web server and the thread of the cycles, from start to stop.
///
/// One thread reads and computes; the web's threads read what it published; the caller's thread
/// listens for signals and calls reload and stop. SIGTERM's way: stop cancels what is under way at
/// Prometheus, the cycle saves what it has, and the destructor returns within seconds.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "loadline/config/config.hpp"
#include "loadline/service/log.hpp"

namespace loadline {

/// All that the daemon takes from outside.
struct DaemonWorld {
  Log& log;
  std::function<TimePoint()> now{};
  std::function<double()> seconds{};  ///< a clock that only runs forward
  double clock_speed = 1;             ///< how many times as fast as `seconds` the clock `now` runs
  std::string pod_name{};             ///< for the shard's number
  /// Reads the configuration again, as at the start.
  std::function<Result<Config>()> read_config{};
};

class Daemon {
 public:
  struct State;
  explicit Daemon(std::unique_ptr<State> state);
  /// Stops, if stop was not called, and waits for the threads: at most about five seconds.
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  /// Reads the configuration again. A good one is used from the next cycle on, a bad one refused:
  /// the old one stays, and log, status and metrics say so. What only a start can change (address,
  /// state directory, authentication, shards) stays as it is, with a warning.
  void reload();
  /// Asks the cycle to end; returns at once.
  void stop();
  /// Of the web server.
  [[nodiscard]] int port() const;

 private:
  std::unique_ptr<State> state_;
};

/// Opens the store, starts the web server, publishes what the store held and begins with cycles.
/// kInvalidInput where a setting cannot work: no URL, state directory, address, shard.
Result<std::unique_ptr<Daemon>> start_daemon(const Config& config, DaemonWorld world);

}  // namespace loadline
