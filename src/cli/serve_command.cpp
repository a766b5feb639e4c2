#include <chrono>
#include <cmath>
#include <functional>

#include "cli/commands.hpp"
#include "cli/file_watch.hpp"
#include "loadline/service/daemon.hpp"

namespace loadline::cli {
namespace {

constexpr Milliseconds kWatchInterval{2'000};

LogFormat log_format_of(const Session& session) {
  if (session.config.log_format != LogFormat::kAuto) return session.config.log_format;
  return session.world.err_terminal.is_terminal ? LogFormat::kLogfmt : LogFormat::kJson;
}

/// The real clock, or one that began at --now and runs --clock-speed times as fast.
std::function<TimePoint()> clock_of(const Session& session) {
  const double speed = session.line.clock_speed;
  if (!session.line.now && speed == 1) return session.world.now;
  const TimePoint origin = now_of(session);
  const double begin = session.world.seconds();
  return [origin, begin, speed, seconds = session.world.seconds] {
    return origin + Milliseconds(std::llround((seconds() - begin) * speed * 1000));
  };
}

std::string pod_name_of(const World& world) {
  const std::string pod = variable(world, "POD_NAME");
  return pod.empty() ? variable(world, "HOSTNAME") : pod;
}

void run_until_stopped(const WaitForSignal& wait, FileWatch watch, Daemon& daemon) {
  for (;;) {
    const Signal signal = wait(kWatchInterval);
    if (signal == Signal::kStop) return;
    // A look at the file belongs to either: a SIGHUP must not be followed by a second reading.
    const bool has_changed = watch.has_changed();
    if (signal == Signal::kReload || has_changed) daemon.reload();
  }
}

}  // namespace

Result<int> run_serve(const Session& session) {
  const World& world = session.world;
  const WaitForSignal wait = world.take_signals();
  const FileWatch watch(config_path_of(world, session.line));
  const std::function<TimePoint()> now = clock_of(session);
  Log log(log_format_of(session), session.config.log_level, now, standard_error_lines());
  auto daemon =
      start_daemon(session.config, {.log = log,
                                    .now = now,
                                    .seconds = world.seconds,
                                    .clock_speed = session.line.clock_speed,
                                    .pod_name = pod_name_of(world),
                                    .read_config = [&] { return configure(world, session.line); }});
  if (!daemon) return tl::unexpected(daemon.error());
  run_until_stopped(wait, watch, **daemon);
  log.event(LogLevel::kInfo, "stopping");
  (*daemon)->stop();
  daemon->reset();
  log.event(LogLevel::kInfo, "stopped");
  return kExitDone;
}

}  // namespace loadline::cli
