#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ostream>

#include "cli/commands.hpp"
#include "loadline/cli/cli.hpp"

namespace loadline {
namespace cli {
namespace {

int print_text(const World& world, const std::string& text) {
  world.out << text;
  return kExitDone;
}

Result<int> run_config(const World& world, const CommandLine& line) {
  switch (line.config_output) {
    case ConfigOutput::kDefaults:
      return print_text(world, commented_config());
    case ConfigOutput::kReference:
      return print_text(world, config_reference());
    case ConfigOutput::kEffective:
      break;
  }
  const Result<Config> config = configure(world, line);
  if (!config) return tl::unexpected(config.error());
  return print_text(world, print_config(*config));
}

Result<int> run_configured(const World& world, Console& console, const CommandLine& line) {
  const Result<Config> config = configure(world, line);
  if (!config) return tl::unexpected(config.error());
  console.set_level(config->log_level);
  const Session session{world, console, line, *config};
  switch (line.command) {
    case Command::kReport:
      return run_report(session);
    case Command::kExplain:
      return run_explain(session);
    case Command::kBacktest:
      return run_backtest(session);
    case Command::kServe:
      return run_serve(session);
    case Command::kPatch:
      return run_patch(session);
    case Command::kVerify:
      return run_verify(session);
    case Command::kCheck:
      return run_check(session);
    case Command::kConfig:
    case Command::kVersion:
      break;
  }
  return kExitFailure;
}

Result<int> run_command(const World& world, Console& console, const CommandLine& line) {
  switch (line.command) {
    case Command::kReport:
    case Command::kExplain:
    case Command::kBacktest:
    case Command::kServe:
    case Command::kPatch:
    case Command::kVerify:
    case Command::kCheck:
      return run_configured(world, console, line);
    case Command::kConfig:
      return run_config(world, line);
    case Command::kVersion:
      return print_text(world, "loadline " + version() + "\n");
  }
  return kExitFailure;
}

Result<int> parse_and_run(const std::vector<std::string>& arguments, const World& world,
                          Console& console) {
  const Result<Parsed> parsed = parse_command_line(arguments);
  if (!parsed) return tl::unexpected(parsed.error());
  if (!parsed->line) return print_text(world, parsed->text);
  return run_command(world, console, *parsed->line);
}

/// `head` going away is how a pipe ends; a full disk is not.
int with_output_checked(const World& world, Console& console, int code) {
  world.out.flush();
  if (world.out) return code;
  const int error = world.out_error ? world.out_error() : EIO;
  if (error == EPIPE) return code;
  console.say(LogLevel::kError,
              std::string("cannot write to standard output: ") + std::strerror(error));
  return kExitFailure;
}

}  // namespace

std::string variable(const World& world, std::string_view name) {
  for (const auto& [key, value] : world.environment) {
    if (key == name) return value;
  }
  return {};
}

std::string config_path_of(const World& world, const CommandLine& line) {
  return line.config_path.empty() ? variable(world, "LOADLINE_CONFIG") : line.config_path;
}

Result<Config> configure(const World& world, const CommandLine& line) {
  Result<std::vector<Override>> overrides = overrides_from_environment(world.environment);
  if (!overrides) return tl::unexpected(overrides.error());
  overrides->insert(overrides->end(), line.overrides.begin(), line.overrides.end());
  return load_config(config_path_of(world, line), *overrides);
}

// Whole seconds, so that the printed end of the window can be given to --now again.
TimePoint now_of(const Session& session) {
  return session.line.now.value_or(std::chrono::floor<std::chrono::seconds>(session.world.now()));
}

Result<Connection> connect_of(const Session& session) {
  Console& console = session.console;
  return session.world.connect(session.config, [&console](LogLevel level, std::string_view what) {
    console.say(level, what);
  });
}

RenderOptions render_options(const Session& session) {
  const World& world = session.world;
  const bool plain = !variable(world, "NO_COLOR").empty() || variable(world, "TERM") == "dumb";
  const bool wanted = session.line.color == When::kAuto ? world.out_terminal.is_terminal && !plain
                                                        : session.line.color == When::kAlways;
  return {.color = wanted ? Color::kAnsi : Color::kNever,
          .width = world.out_terminal.is_terminal ? world.out_terminal.width : 0};
}

}  // namespace cli

int run(const std::vector<std::string>& arguments, const World& world) {
  cli::Console console(world.err);
  const Result<int> code = cli::parse_and_run(arguments, world, console);
  if (code) return cli::with_output_checked(world, console, *code);
  (void)cli::with_output_checked(world, console, kExitFailure);
  console.say(LogLevel::kError, code.error().message);
  return code.error().kind == ErrorKind::kInvalidInput ? kExitUsage : kExitFailure;
}

}  // namespace loadline
