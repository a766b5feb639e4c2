/// The commands: each takes the settings and its flags, prints and says how it went.
#pragma once

#include "cli/command_line.hpp"
#include "cli/console.hpp"
#include "loadline/cli/cli.hpp"

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
Result<int> run_check(const Session& session);
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
/// Whether and how wide to draw on `out`.
RenderOptions render_options(const Session& session);

}  // namespace loadline::cli
