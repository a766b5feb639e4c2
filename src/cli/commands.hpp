/// The commands: each takes the settings and its flags, prints and says how it went.
#pragma once

#include "cli/command_line.hpp"
#include "cli/console.hpp"
#include "loadline/cli/cli.hpp"
#include "loadline/publish/report.hpp"
#include "loadline/service/one_shot.hpp"

namespace loadline::cli {

/// What every command works with.
struct Session {
  const World& world;
  Console& console;
  const CommandLine& line;
  const Config& config;
};

/// An ExitCode, or the error that ended the command.
Result<int> run_report(const Session& session);
Result<int> run_explain(const Session& session);
Result<int> run_backtest(const Session& session);
Result<int> run_check(const Session& session);
Result<int> run_patch(const Session& session);
Result<int> run_verify(const Session& session);
/// Runs until it is told to stop.
Result<int> run_serve(const Session& session);

/// The effective configuration: file, environment, flags, all read now.
Result<Config> configure(const World& world, const CommandLine& line);
/// --config, else LOADLINE_CONFIG; empty where there is none.
std::string config_path_of(const World& world, const CommandLine& line);
/// The value of an environment variable; empty where it is unset.
std::string variable(const World& world, std::string_view name);

/// The end of the window: --now, else the clock.
TimePoint now_of(const Session& session);
/// Opens the connection; retries are told on the console.
Result<Connection> connect_of(const Session& session);
/// Reads the window once and recommends, with a bar on a terminal; what the filters of the command
/// line let through. `hooks`: further ones; those of progress are set here.
Result<Report> read_report(const Session& session, OneShotHooks hooks = {});
/// Says where the window is too short for any advice.
void warn_of_window(const Session& session, const Report& report);
/// Whether and how wide to draw on `out`.
RenderOptions render_options(const Session& session);

}  // namespace loadline::cli
