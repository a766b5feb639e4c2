#include "cli/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iterator>

#include "cli/help.hpp"
#include "cli/raw_flags.hpp"
#include "loadline/model/labels.hpp"

namespace loadline::cli {
namespace {

std::string joined(const std::vector<std::string>& values, char separator) {
  std::string text;
  for (const std::string& value : values) {
    if (!text.empty()) text += separator;
    text += value;
  }
  return text;
}

void add_switch(CLI::App& app, RawFlags& raw, const SettingFlag& flag) {
  const auto set = [&raw, flag](std::int64_t /*times*/) {
    raw.overrides.push_back({flag.key, "true", long_name(flag)});
  };
  app.add_flag_function(flag.flag, set, help_of(flag));
}

CLI::Option* add_repeatable(CLI::App& app, RawFlags& raw, const SettingFlag& flag) {
  const auto set = [&raw, flag](const std::vector<std::string>& values) {
    raw.overrides.push_back({flag.key, joined(values, flag.separator), long_name(flag)});
  };
  return app.add_option_function<std::vector<std::string>>(flag.flag, set, help_of(flag))
      ->allow_extra_args(false);
}

CLI::Option* add_single(CLI::App& app, RawFlags& raw, const SettingFlag& flag) {
  const auto set = [&raw, flag](const std::string& value) {
    raw.overrides.push_back({flag.key, value, long_name(flag)});
  };
  return app.add_option_function<std::string>(flag.flag, set, help_of(flag));
}

void add_settings(CLI::App& app, RawFlags& raw, const std::vector<SettingFlag>& flags,
                  const std::string& group) {
  for (const SettingFlag& flag : flags) {
    if (flag.metavar == nullptr) {
      add_switch(app, raw, flag);
    } else {
      CLI::Option* const option =
          flag.separator == 0 ? add_single(app, raw, flag) : add_repeatable(app, raw, flag);
      option->option_text(flag.metavar);
    }
    app.get_option(long_name(flag))->group(group);
  }
}

void add_list(CLI::App& app, const char* name, std::vector<std::string>& list, const char* metavar,
              const char* help) {
  app.add_option(name, list, help)->allow_extra_args(false)->option_text(metavar);
}

void add_common(CLI::App& app, RawFlags& raw) {
  app.add_option("-c,--config", raw.config_path, "Configuration file; else LOADLINE_CONFIG.")
      ->option_text("FILE");
  add_list(app, "--set", raw.set, "KEY=VALUE",
           "Any other setting of the configuration. Repeatable.");
  add_settings(app, raw, prometheus_flags(), "Prometheus");
}

void add_color(CLI::App& app, RawFlags& raw) {
  app.add_option("--color", raw.color, "Colours: auto | always | never; auto heeds NO_COLOR.")
      ->option_text("WHEN")
      ->check(CLI::IsMember({"auto", "always", "never"}));
}

void add_report(CLI::App& root, RawFlags& raw) {
  CLI::App& app = *root.add_subcommand("report", "Recommend requests and limits");
  app.footer(std::string(kReportFooter));
  add_common(app, raw);
  add_settings(app, raw, window_flags(), "Selection");
  add_settings(app, raw, report_flags(), "Output");
  add_list(app, "--workload", raw.workloads, "PATTERN",
           "Workloads, NAME or KIND/NAME. Repeatable.");
  add_list(app, "--container", raw.containers, "PATTERN", "Containers. Repeatable.");
  add_list(app, "--only", raw.only, "VERDICT",
           "change, keep, profiling, no_data or excluded. Repeatable, or a,b.");
  app.add_option("--min-change", raw.min_change, "Hide rows that change by less, e.g. 10%.")
      ->option_text("PERCENT");
  app.add_option("--now", raw.now,
                 "End of the window instead of now, for reproducible runs on old data.")
      ->option_text("TIME");
  for (const char* name : {"--workload", "--container", "--only", "--min-change", "--now"}) {
    app.get_option(name)->group("Selection");
  }
  app.add_option("--output-file", raw.output_file, "Write to a file, whole or not at all.")
      ->option_text("FILE")
      ->group("Output");
  add_color(app, raw);
  app.add_flag("--no-progress", raw.no_progress, "No progress bar on the terminal.");
  for (const char* name : {"--color", "--no-progress"}) app.get_option(name)->group("Output");
}

void add_backtest_flags(CLI::App& app, RawFlags& raw) {
  add_list(app, "--policy", raw.backtest.policies, "NAME",
           "configured, default, no-guards, conservative, vpa, krr or autopilot. Repeatable; else "
           "all but configured and conservative.");
  app.add_option("--trace", raw.backtest.trace,
                 "Read a CSV file instead of Prometheus; - is standard input.")
      ->option_text("FILE");
  app.add_option("--worst", raw.backtest.worst, "Name so many offenders of each policy.")
      ->option_text("N")
      ->check(CLI::Range(0, 1'000'000));
  for (const char* name : {"--policy", "--trace", "--worst"}) {
    app.get_option(name)->group("Backtest");
  }
}

void add_backtest(CLI::App& root, RawFlags& raw) {
  CLI::App& app = *root.add_subcommand(
      "backtest", "Replay the history: what each policy would have cost and risked");
  app.footer(std::string(kBacktestFooter));
  add_common(app, raw);
  add_backtest_flags(app, raw);
  add_settings(app, raw, window_flags(), "Selection");
  add_list(app, "--workload", raw.workloads, "PATTERN",
           "Workloads, NAME or KIND/NAME. Repeatable.");
  add_list(app, "--container", raw.containers, "PATTERN", "Containers. Repeatable.");
  app.add_option("--now", raw.now, "End of the window instead of now.")->option_text("TIME");
  for (const char* name : {"--workload", "--container", "--now"}) {
    app.get_option(name)->group("Selection");
  }
  app.add_option("-o,--output", raw.backtest_output, "table | json | csv | markdown | html")
      ->option_text("FORMAT")
      ->check(CLI::IsMember({"table", "json", "csv", "markdown", "html"}));
  app.add_option("--output-file", raw.output_file, "Write to a file, whole or not at all.")
      ->option_text("FILE");
  add_color(app, raw);
  app.add_flag("--no-progress", raw.no_progress, "No progress bar on the terminal.");
  for (const char* name : {"--output", "--output-file", "--color", "--no-progress"}) {
    app.get_option(name)->group("Output");
  }
}

void add_explain(CLI::App& root, RawFlags& raw) {
  CLI::App& app = *root.add_subcommand("explain", "Tell the whole story of one workload");
  app.footer(std::string(kExplainFooter));
  app.add_option("workload", raw.target, "NAMESPACE/KIND/NAME, or with /CONTAINER behind it.")
      ->option_text("WORKLOAD")
      ->required();
  add_common(app, raw);
  add_settings(app, raw, {window_flags().front()}, "Selection");
  app.add_option("--now", raw.now, "End of the window instead of now.")
      ->option_text("TIME")
      ->group("Selection");
  app.add_option("-o,--output", raw.explain_output, "text | json | html")
      ->option_text("FORMAT")
      ->check(CLI::IsMember({"text", "json", "html"}))
      ->group("Output");
  add_color(app, raw);
  app.add_flag("--no-progress", raw.no_progress, "No progress bar on the terminal.");
  for (const char* name : {"--color", "--no-progress"}) app.get_option(name)->group("Output");
}

void add_serve(CLI::App& root, RawFlags& raw) {
  CLI::App& app = *root.add_subcommand("serve", "Keep profiles current; serve metrics and the API");
  app.footer(std::string(kServeFooter));
  add_common(app, raw);
  add_settings(app, raw, window_flags(), "Selection");
  add_settings(app, raw, serve_flags(), "Service");
  app.add_option("--now", raw.now, "Let the clock begin at this time, to replay old data.")
      ->option_text("TIME")
      ->group("Replay");
  app.add_option("--clock-speed", raw.clock_speed, "Let the clock run so many times as fast.")
      ->option_text("N")
      ->check(CLI::Range(0.001, 1e6))
      ->group("Replay");
}

void add_patch_text_flags(CLI::App& app, RawFlags& raw) {
  app.add_option("--manifests", raw.patch.manifests,
                 "The manifests that the patches are for: the order of containers is known then.")
      ->option_text("DIR");
  app.add_option("--summary", raw.patch.summary,
                 "Write the text of a pull request in Markdown; - is standard output.")
      ->option_text("FILE");
  app.add_flag("--force", raw.patch.force, "Overwrite files that were edited by hand.");
  app.add_flag("--dry-run", raw.patch.dry_run, "Write no patches.");
  app.add_flag("--diff", raw.patch.diff, "Print what would change as a diff; write no patches.");
  app.add_flag("--exit-code", raw.patch.exit_code,
               "With --diff or --dry-run: exit code 1 if anything would change.");
  for (const char* name :
       {"--manifests", "--summary", "--force", "--dry-run", "--diff", "--exit-code"}) {
    app.get_option(name)->group("Patches");
  }
}

void add_patch(CLI::App& root, RawFlags& raw) {
  CLI::App& app = *root.add_subcommand("patch", "Write patches for a Git repository");
  app.footer(std::string(kPatchFooter));
  add_common(app, raw);
  add_settings(app, raw, window_flags(), "Selection");
  app.add_option("--now", raw.now, "End of the window instead of now.")
      ->option_text("TIME")
      ->group("Selection");
  add_settings(app, raw, patch_flags(), "Patches");
  add_patch_text_flags(app, raw);
  app.add_flag("--no-progress", raw.no_progress, "No progress bar on the terminal.")
      ->group("Output");
}

void add_verify(CLI::App& root, RawFlags& raw) {
  CLI::App& app =
      *root.add_subcommand("verify", "Check patches against the manifests they are for");
  app.footer(std::string(kVerifyFooter));
  app.add_option("-c,--config", raw.config_path, "Configuration file; else LOADLINE_CONFIG.")
      ->option_text("FILE");
  add_list(app, "--set", raw.set, "KEY=VALUE",
           "Any setting of the configuration, e.g. patch.kinds. Repeatable.");
  app.add_option("--patches", raw.verify.patches,
                 "What `loadline patch` wrote; else patch.output_dir.")
      ->option_text("DIR");
  app.add_option("--manifests", raw.verify.manifests, "Plain or rendered YAML of the workloads.")
      ->option_text("DIR")
      ->required();
  app.add_option("-o,--output", raw.check_output, "table | json")
      ->option_text("FORMAT")
      ->check(CLI::IsMember({"table", "json"}));
}

void add_check(CLI::App& root, RawFlags& raw) {
  CLI::App& app = *root.add_subcommand("check", "Say whether this Prometheus can serve loadline");
  app.footer(std::string(kCheckFooter));
  add_common(app, raw);
  add_settings(app, raw, window_flags(), "Selection");
  app.add_option("--now", raw.now, "End of the window instead of now.")
      ->option_text("TIME")
      ->group("Selection");
  app.add_option("-o,--output", raw.check_output, "table | json")
      ->option_text("FORMAT")
      ->check(CLI::IsMember({"table", "json"}))
      ->group("Output");
  add_color(app, raw);
  app.get_option("--color")->group("Output");
}

void add_config(CLI::App& root, RawFlags& raw) {
  CLI::App& app = *root.add_subcommand("config", "Print the effective configuration");
  app.footer(std::string(kConfigFooter));
  add_common(app, raw);
  add_settings(app, raw, window_flags(), "Selection");
  add_settings(app, raw, report_flags(), "Output");
  add_settings(app, raw, patch_flags(), "Patches");
  add_settings(app, raw, serve_flags(), "Service");
  CLI::Option* const defaults =
      app.add_flag("--defaults", raw.defaults, "Print the defaults as a commented file.");
  app.add_flag("--reference", raw.reference, "Print all keys as a table in Markdown.")
      ->excludes(defaults);
}

Command command_of(const CLI::App& root) {
  const std::string name = root.get_subcommands().front()->get_name();
  if (name == "report") return Command::kReport;
  if (name == "explain") return Command::kExplain;
  if (name == "backtest") return Command::kBacktest;
  if (name == "serve") return Command::kServe;
  if (name == "patch") return Command::kPatch;
  if (name == "verify") return Command::kVerify;
  if (name == "check") return Command::kCheck;
  return name == "config" ? Command::kConfig : Command::kVersion;
}

/// CLI11's sentence as ours: one line, with where to look.
Error usage_error(const CLI::App& root, const CLI::ParseError& error) {
  std::string message = error.what();
  std::replace(message.begin(), message.end(), '\n', ' ');
  const std::vector<const CLI::App*> chosen =
      root.get_subcommands([](const CLI::App* sub) { return sub->parsed(); });
  const std::string command = chosen.empty() ? "" : chosen.front()->get_name() + " ";
  return {ErrorKind::kInvalidInput,
          printable(message, 1000) + "; see `loadline " + command + "--help`"};
}

}  // namespace

Result<Parsed> parse_command_line(const std::vector<std::string>& arguments) {
  RawFlags raw;
  CLI::App root(std::string(kDescription), "loadline");
  root.footer(std::string(kRootFooter));
  root.get_formatter()->column_width(38);
  root.require_subcommand(1);
  root.set_version_flag("--version", "loadline " + version(), "Print the version and end.");
  add_report(root, raw);
  add_explain(root, raw);
  add_backtest(root, raw);
  add_serve(root, raw);
  add_patch(root, raw);
  add_verify(root, raw);
  add_check(root, raw);
  add_config(root, raw);
  root.add_subcommand("version", "Print the version");
  // CLI11 takes its arguments from the back.
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    root.parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    return Parsed{.text = root.help()};
  } catch (const CLI::CallForAllHelp&) {
    return Parsed{.text = root.help("", CLI::AppFormatMode::All)};
  } catch (const CLI::CallForVersion& e) {
    return Parsed{.text = std::string(e.what()) + "\n"};
  } catch (const CLI::ParseError& e) {
    return tl::unexpected(usage_error(root, e));
  }
  Result<CommandLine> line = interpret(command_of(root), raw);
  if (!line) return tl::unexpected(line.error());
  return Parsed{.line = std::move(*line)};
}

std::string version() {
  return LOADLINE_VERSION;
}

}  // namespace loadline::cli
