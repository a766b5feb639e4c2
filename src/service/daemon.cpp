#include "loadline/service/daemon.hpp"

#include <malloc.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <random>
#include <thread>
#include <utility>

#include "loadline/service/profiler.hpp"
#include "loadline/service/web.hpp"
#include "service/cycle_plan.hpp"
#include "service/link.hpp"

namespace loadline {
namespace {

using service::Link;

/// Settings that are used at the start alone, put back to what they were; true where they differed.
bool keep_start_settings(Config& fresh, const Config& running) {
  ServeConfig& serve = fresh.serve;
  const ServeConfig& old = running.serve;
  const bool differs = serve.listen != old.listen || serve.state_dir != old.state_dir ||
                       serve.basic_auth_file != old.basic_auth_file ||
                       serve.total_shards != old.total_shards || serve.shard != old.shard ||
                       fresh.log_format != running.log_format;
  serve.listen = old.listen;
  serve.state_dir = old.state_dir;
  serve.basic_auth_file = old.basic_auth_file;
  serve.total_shards = old.total_shards;
  serve.shard = old.shard;
  fresh.log_format = running.log_format;
  return differs;
}

/// What a cycle needed and the next one will not need before minutes have passed goes back to the
/// system.
void give_memory_back() {
#ifdef __GLIBC__
  ::malloc_trim(0);
#endif
}

}  // namespace

struct Daemon::State {
  State(const Config& settings, Shard own, DaemonWorld outside)
      : config(settings), shard(own), world(std::move(outside)) {}

  ServiceTools tools() {
    return {.board = board,
            .metrics = metrics,
            .log = world.log,
            .now = world.now,
            .seconds = world.seconds,
            .take_request_seconds = [this] { return link->take_seconds(); },
            .patches = &patches};
  }

  Result<void> open();
  Result<std::unique_ptr<Link>> connect(const Config& settings);
  void show_settings();
  void work(const std::stop_token& stop);
  void run_cycles(const std::stop_token& stop);
  void take_new_config();
  void wait(const std::stop_token& stop);
  void refuse(const Error& error);

  Config config;  // what the cycle's thread runs by
  const Shard shard;
  DaemonWorld world;
  Board board{};
  SelfMetrics metrics{};
  PatchShelf patches{};
  std::stop_source stopping{};
  std::unique_ptr<Link> link{};
  std::unique_ptr<Profiler> profiler{};
  std::unique_ptr<WebServer> web{};

  struct Fresh {
    Config config{};
    std::unique_ptr<Link> link{};
  };
  std::mutex mutex{};
  std::condition_variable_any changed{};
  std::optional<Fresh> fresh{};  // of a reload, until the cycle takes it
  std::minstd_rand random{std::random_device{}()};
  std::jthread thread{};
};

Result<std::unique_ptr<Link>> Daemon::State::connect(const Config& settings) {
  return service::make_link(settings, stopping.get_token(),
                            {.log = world.log, .metrics = metrics, .seconds = world.seconds});
}

void Daemon::State::show_settings() {
  patches.use(config.patch.output_dir);
  board.update([this](ServiceStatus& status) {
    status.url = config.prometheus.url;
    status.interval = config.serve.interval;
    status.store_directory = config.serve.state_dir;
    status.shard = shard.index;
    status.total_shards = shard.total;
  });
}

Result<void> Daemon::State::open() {
  if (const auto settings = patch_settings(config); !settings)
    return tl::unexpected(settings.error());
  auto linked = connect(config);
  if (!linked) return tl::unexpected(linked.error());
  link = std::move(*linked);
  board.update([this](ServiceStatus& status) { status.started = world.now(); });
  show_settings();
  auto served =
      start_web({.listen = config.serve.listen, .basic_auth_file = config.serve.basic_auth_file},
                {.board = board,
                 .metrics = metrics,
                 .now = world.now,
                 .log = &world.log,
                 .patches = &patches});
  if (!served) return tl::unexpected(served.error());
  web = std::move(*served);
  world.log.event(LogLevel::kInfo, "listening", {{"port", web->port()}});
  Result<OpenedStore> opened = config.serve.state_dir.empty()
                                   ? memory_store()
                                   : open_store(config.serve.state_dir, world.now());
  if (!opened) return tl::unexpected(opened.error());
  if (!opened->set_aside.empty()) {
    metrics.add(Count::kStoreSetAside);
    board.update([&](ServiceStatus& status) { status.store_set_aside = opened->set_aside; });
    world.log.event(LogLevel::kError, "profiles are read anew", {{"reason", opened->set_aside}});
  }
  profiler = std::make_unique<Profiler>(config, shard, std::move(*opened), tools());
  return {};
}

void Daemon::State::work(const std::stop_token& stop) {
  metrics.set(Gauge::kConfigReloadSuccessful, 1);
  metrics.set(Gauge::kConfigReloadTimestamp, static_cast<double>(to_unix_ms(world.now())) / 1000);
  profiler->publish_stored();
  run_cycles(stop);
}

void Daemon::State::run_cycles(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    take_new_config();
    (void)profiler->run_cycle(link->transport());
    give_memory_back();
    wait(stop);
  }
}

void Daemon::State::take_new_config() {
  const std::scoped_lock lock(mutex);
  if (!fresh) return;
  config = std::move(fresh->config);
  link = std::move(fresh->link);
  fresh.reset();
  show_settings();
  profiler->reconfigure(config);
}

void Daemon::State::wait(const std::stop_token& stop) {
  const std::uint64_t failures = board.status().failures_in_a_row;
  const double chance =
      static_cast<double>(random() - std::minstd_rand::min()) /
      static_cast<double>(std::minstd_rand::max() - std::minstd_rand::min() + 1.0);
  const Milliseconds delay = service::delay_after(config.serve, failures, chance);
  board.update([&](ServiceStatus& status) { status.next_cycle = world.now() + delay; });
  const std::chrono::duration<double, std::milli> real(static_cast<double>(delay.count()) /
                                                       world.clock_speed);
  std::unique_lock lock(mutex);
  changed.wait_for(lock, stop, real, [this] { return fresh.has_value(); });
}

void Daemon::State::refuse(const Error& error) {
  metrics.add(Count::kConfigReloadsRefused);
  metrics.set(Gauge::kConfigReloadSuccessful, 0);
  board.update([&](ServiceStatus& status) { status.config_error = error.message; });
  world.log.event(LogLevel::kError, "configuration refused; the old one stays",
                  {{"error", error.message}});
}

Daemon::Daemon(std::unique_ptr<State> state) : state_(std::move(state)) {
  state_->thread =
      std::jthread([shared = state_.get()] { shared->work(shared->stopping.get_token()); });
}

Daemon::~Daemon() {
  stop();
  if (state_->thread.joinable()) state_->thread.join();
  state_->web.reset();
}

void Daemon::reload() {
  State& state = *state_;
  Result<Config> config = state.world.read_config();
  if (!config) return state.refuse(config.error());
  if (const auto patches = patch_settings(*config); !patches) return state.refuse(patches.error());
  auto link = state.connect(*config);
  if (!link) return state.refuse(link.error());
  state.world.log.set_level(config->log_level);
  const std::scoped_lock lock(state.mutex);
  if (keep_start_settings(*config, state.config)) {
    state.world.log.event(LogLevel::kWarning,
                          "some settings take effect at the next start only: serve.listen, "
                          "state_dir, basic_auth_file, total_shards, shard, log.format");
  }
  state.fresh = State::Fresh{std::move(*config), std::move(*link)};
  state.metrics.add(Count::kConfigReloads);
  state.metrics.set(Gauge::kConfigReloadSuccessful, 1);
  state.metrics.set(Gauge::kConfigReloadTimestamp,
                    static_cast<double>(to_unix_ms(state.world.now())) / 1000);
  state.board.update([](ServiceStatus& status) { status.config_error.clear(); });
  state.world.log.event(LogLevel::kInfo, "configuration read again");
  state.changed.notify_all();
}

void Daemon::stop() {
  state_->board.update([](ServiceStatus& status) { status.phase = Phase::kStopping; });
  state_->stopping.request_stop();
}

int Daemon::port() const {
  return state_->web->port();
}

Result<std::unique_ptr<Daemon>> start_daemon(const Config& config, DaemonWorld world) {
  const Result<int> shard = service::shard_index_of(config.serve, world.pod_name);
  if (!shard) return tl::unexpected(shard.error());
  auto state = std::make_unique<Daemon::State>(
      config, Shard{.index = *shard, .total = config.serve.total_shards}, std::move(world));
  if (const Result<void> opened = state->open(); !opened) return tl::unexpected(opened.error());
  return std::make_unique<Daemon>(std::move(state));
}

}  // namespace loadline
