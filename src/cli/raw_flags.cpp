#include "cli/raw_flags.hpp"

#include <algorithm>
#include <sstream>

#include "loadline/model/labels.hpp"

namespace loadline::cli {
namespace {

tl::unexpected<Error> wrong(std::string_view flag, std::string_view problem) {
  return fail(ErrorKind::kInvalidInput, std::string(flag) + ": " + std::string(problem));
}

std::vector<std::string> split(const std::vector<std::string>& lists) {
  std::vector<std::string> all;
  for (const std::string& list : lists) {
    std::istringstream parts(list);
    for (std::string part; std::getline(parts, part, ',');) {
      if (!part.empty()) all.push_back(part);
    }
  }
  return all;
}

Result<void> interpret_set(const std::vector<std::string>& set, CommandLine& line) {
  for (const std::string& pair : set) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos) return wrong("--set", "KEY=VALUE is expected");
    line.overrides.push_back({pair.substr(0, equals), pair.substr(equals + 1), "--set"});
  }
  return {};
}

Result<void> interpret_only(const std::vector<std::string>& only, ReportFilter& filter) {
  for (const std::string& word : split(only)) {
    const std::optional<Verdict> verdict = parse_verdict(word);
    if (!verdict) {
      return wrong("--only", "\"" + printable(word) +
                                 "\" is none of change, keep, profiling, no_data, excluded");
    }
    filter.only.push_back(*verdict);
  }
  return {};
}

Result<void> interpret_numbers(const RawFlags& raw, CommandLine& line) {
  if (!raw.min_change.empty()) {
    const Result<double> ratio = parse_ratio(raw.min_change);
    if (!ratio) return wrong("--min-change", ratio.error().message);
    line.report.filter.min_change = *ratio;
  }
  if (!raw.now.empty()) {
    const Result<TimePoint> now = parse_time(raw.now);
    if (!now) return wrong("--now", now.error().message);
    line.now = *now;
  }
  return {};
}

Result<void> interpret_patch(const PatchFlags& patch, CommandLine& line) {
  if (patch.exit_code && !patch.diff && !patch.dry_run) {
    return wrong("--exit-code", "it belongs to --diff or --dry-run, which write nothing");
  }
  if (patch.diff && patch.summary == "-") {
    return wrong("--summary", "\"-\" and --diff both write to standard output; name a file");
  }
  line.patch = patch;
  return {};
}

/// Its parts become the selection, so that nothing else is read.
Result<void> interpret_target(const RawFlags& raw, CommandLine& line) {
  if (line.command != Command::kExplain) return {};
  std::vector<std::string> parts;
  std::istringstream text(raw.target);
  for (std::string part; std::getline(text, part, '/');) parts.push_back(part);
  const bool has_empty =
      std::any_of(parts.begin(), parts.end(), [](const std::string& part) { return part.empty(); });
  if (has_empty || parts.size() < 3 || parts.size() > 4) {
    return wrong("explain", "\"" + printable(raw.target) +
                                "\" is not NAMESPACE/KIND/NAME or NAMESPACE/KIND/NAME/CONTAINER");
  }
  line.explain.target = raw.target;
  line.overrides.push_back({"namespaces", parts[0], "explain"});
  line.report.filter.workloads = {parts[1] + "/" + parts[2]};
  if (parts.size() == 4) line.report.filter.containers = {parts[3]};
  return {};
}

ExplainFormat explain_format_of(const std::string& name) {
  if (name == "json") return ExplainFormat::kJson;
  return name == "html" ? ExplainFormat::kHtml : ExplainFormat::kText;
}

When when_of(const std::string& color) {
  if (color == "always") return When::kAlways;
  return color == "never" ? When::kNever : When::kAuto;
}

ConfigOutput config_output_of(const RawFlags& raw) {
  if (raw.reference) return ConfigOutput::kReference;
  return raw.defaults ? ConfigOutput::kDefaults : ConfigOutput::kEffective;
}

}  // namespace

Result<CommandLine> interpret(Command command, const RawFlags& raw) {
  CommandLine line{.command = command,
                   .config_path = raw.config_path,
                   .overrides = raw.overrides,
                   .color = when_of(raw.color)};
  line.clock_speed = raw.clock_speed;
  line.report.filter.workloads = raw.workloads;
  line.report.filter.containers = raw.containers;
  line.report.output_file = raw.output_file;
  line.report.progress = raw.no_progress ? ShowProgress::kNo : ShowProgress::kYes;
  line.check_output = raw.check_output == "json" ? CheckOutput::kJson : CheckOutput::kTable;
  line.config_output = config_output_of(raw);
  line.explain.format = explain_format_of(raw.explain_output);
  line.backtest = raw.backtest;
  line.backtest.format =
      parse_backtest_format(raw.backtest_output).value_or(BacktestFormat::kTable);
  line.verify = raw.verify;
  for (const Result<void>& done :
       {interpret_set(raw.set, line), interpret_only(raw.only, line.report.filter),
        interpret_numbers(raw, line), interpret_patch(raw.patch, line),
        interpret_target(raw, line)}) {
    if (!done) return tl::unexpected(done.error());
  }
  return line;
}

const std::vector<SettingFlag>& prometheus_flags() {
  static const std::vector<SettingFlag> flags{
      {"-p,--prometheus", "prometheus.url", "URL", 0},
      {"--bearer-token-file", "prometheus.bearer_token_file", "FILE", 0},
      {"--basic-auth-username", "prometheus.basic_auth.username", "NAME", 0},
      {"--basic-auth-password-file", "prometheus.basic_auth.password_file", "FILE", 0},
      {"--ca-file", "prometheus.tls.ca_file", "FILE", 0},
      {"--client-cert", "prometheus.tls.client_certificate_file", "FILE", 0},
      {"--client-key", "prometheus.tls.client_key_file", "FILE", 0},
      {"--server-name", "prometheus.tls.server_name", "NAME", 0},
      {"--insecure-skip-verify", "prometheus.tls.insecure_skip_verify", nullptr, 0},
      {"--header", "prometheus.headers", "'NAME: VALUE'", '\n'},
      {"--matcher", "prometheus.matchers", "'LABEL=\"VALUE\"'", ','},
      {"--proxy", "prometheus.proxy_url", "URL", 0},
      {"--read-path", "prometheus.read_path", "PATH", 0},
      {"--concurrency", "prometheus.concurrency", "N", 0},
      {"--log-level", "log.level", "LEVEL", 0},
  };
  return flags;
}

const std::vector<SettingFlag>& window_flags() {
  static const std::vector<SettingFlag> flags{
      {"--window", "window", "DAYS", 0},
      {"-n,--namespace", "namespaces", "PATTERN", ','},
      {"--exclude-namespace", "exclude_namespaces", "PATTERN", ','},
      {"--prices", "prices.file", "FILE", 0},
  };
  return flags;
}

const std::vector<SettingFlag>& report_flags() {
  static const std::vector<SettingFlag> flags{
      {"-o,--output", "report.output", "FORMAT", 0},
      {"--sort", "report.sort", "ORDER", 0},
  };
  return flags;
}

const std::vector<SettingFlag>& serve_flags() {
  static const std::vector<SettingFlag> flags{
      {"--listen", "serve.listen", "ADDRESS:PORT", 0},
      {"--state-dir", "serve.state_dir", "DIR", 0},
      {"--interval", "serve.interval", "DURATION", 0},
      {"--basic-auth-file", "serve.basic_auth_file", "FILE", 0},
      {"--shard", "serve.shard", "N", 0},
      {"--total-shards", "serve.total_shards", "N", 0},
      {"--log-format", "log.format", "FORMAT", 0},
  };
  return flags;
}

const std::vector<SettingFlag>& patch_flags() {
  static const std::vector<SettingFlag> flags{
      {"--output-dir", "patch.output_dir", "DIR", 0},
      {"--format", "patch.formats", "NAME", ','},
      {"--helm-mapping", "patch.helm_mapping", "FILE", 0},
      {"--vpa-mode", "patch.vpa_mode", "MODE", 0},
  };
  return flags;
}

std::string long_name(const SettingFlag& flag) {
  const std::string names = flag.flag;
  return names.substr(names.find("--"));
}

std::string help_of(const SettingFlag& flag) {
  const std::vector<KeyInfo> keys = config_keys();
  const auto is_it = [&](const KeyInfo& key) { return key.name == flag.key; };
  const auto key = std::find_if(keys.begin(), keys.end(), is_it);
  if (key == keys.end()) return {};
  std::string help = key->summary;
  if (flag.separator != 0) help += " Repeatable.";
  const bool words = flag.metavar != nullptr && key->type.find(" | ") != std::string::npos;
  if (words) help += "\n" + key->type;
  return help;
}

}  // namespace loadline::cli
