#include "cli/command_line.hpp"

#include "cli/raw_flags.hpp"
#include "support/catch.hpp"
#include "support/matchers.hpp"

namespace loadline::cli {
namespace {

CommandLine parsed(const std::vector<std::string>& arguments) {
  const Result<Parsed> result = parse_command_line(arguments);
  INFO((result ? "" : result.error().message));
  REQUIRE(result.has_value());
  REQUIRE(result->line.has_value());
  return *result->line;
}

std::string refused(const std::vector<std::string>& arguments) {
  const Result<Parsed> result = parse_command_line(arguments);
  if (result) return "";
  CHECK(result.error().kind == ErrorKind::kInvalidInput);
  CHECK(result.error().message.find('\n') == std::string::npos);
  return result.error().message;
}

const Override* find(const CommandLine& line, std::string_view key) {
  for (const Override& change : line.overrides) {
    if (change.key == key) return &change;
  }
  return nullptr;
}

struct Bad {
  std::vector<std::string> arguments{};
  const char* message = "";
};

}  // namespace

TEST_CASE("explain takes one workload and reads nothing else") {
  const CommandLine line =
      parsed({"explain", "-p", "http://p", "shop/Deployment/web/app", "-o", "json"});
  CHECK(line.command == Command::kExplain);
  CHECK(line.explain.format == ExplainFormat::kJson);
  REQUIRE(find(line, "namespaces") != nullptr);
  CHECK(find(line, "namespaces")->value == "shop");
  CHECK(line.report.filter.workloads == std::vector<std::string>{"Deployment/web"});
  CHECK(line.report.filter.containers == std::vector<std::string>{"app"});
  CHECK(parsed({"explain", "shop/Job/x"}).report.filter.containers.empty());
  for (const char* const bad : {"web", "shop/web", "a/b/c/d/e", "shop//web", "/Deployment/web"}) {
    CAPTURE(bad);
    CHECK_THAT(refused({"explain", bad}), test::contains("is not NAMESPACE/KIND/NAME"));
  }
  CHECK_THAT(refused({"explain"}), test::contains("WORKLOAD") || test::contains("workload"));
}

TEST_CASE("flags that are settings become overrides that name the flag") {
  const CommandLine line = parsed({"report",      "-p",        "http://p",
                                   "--window=7d", "-n",        "a",
                                   "-n",          "b-*",       "--insecure-skip-verify",
                                   "--header",    "A: 1",      "--header",
                                   "B: 2",        "--matcher", "a=\"1\"",
                                   "--matcher",   "b=\"2\"",   "-o",
                                   "json",        "--set",     "policy.cpu.limit=none"});
  CHECK(line.command == Command::kReport);
  const auto value_of = [&](std::string_view key) {
    const Override* const change = find(line, key);
    return change == nullptr ? "absent" : change->value + " by " + change->origin;
  };
  CHECK(value_of("prometheus.url") == "http://p by --prometheus");
  CHECK(value_of("window") == "7d by --window");
  CHECK(value_of("namespaces") == "a,b-* by --namespace");
  CHECK(value_of("prometheus.tls.insecure_skip_verify") == "true by --insecure-skip-verify");
  CHECK(value_of("prometheus.headers") == "A: 1\nB: 2 by --header");
  CHECK(value_of("prometheus.matchers") == "a=\"1\",b=\"2\" by --matcher");
  CHECK(value_of("report.output") == "json by --output");
  CHECK(value_of("policy.cpu.limit") == "none by --set");
  CHECK(line.overrides.size() == 8);
}

TEST_CASE("every flag that is a setting names a key that exists") {
  for (const auto& flags : {prometheus_flags(), window_flags(), report_flags()}) {
    for (const SettingFlag& flag : flags) {
      INFO(flag.flag);
      CHECK_FALSE(help_of(flag).empty());
    }
  }
}

TEST_CASE("filters of rows are read") {
  const CommandLine line =
      parsed({"report", "--workload", "Deployment/web", "--workload", "db-*", "--container", "app",
              "--only", "change,keep", "--only", "no_data", "--min-change", "20%"});
  const ReportFilter& filter = line.report.filter;
  CHECK(filter.workloads == std::vector<std::string>{"Deployment/web", "db-*"});
  CHECK(filter.containers == std::vector<std::string>{"app"});
  CHECK(filter.only == std::vector<Verdict>{Verdict::kChange, Verdict::kKeep, Verdict::kNoData});
  CHECK(filter.min_change == Approx(0.2));
}

TEST_CASE("the end of the window can be given in both spellings") {
  CHECK(parsed({"report"}).now == std::nullopt);
  CHECK(parsed({"report", "--now", "2026-11-24T12:00:00Z"}).now == from_unix_ms(1795521600000));
  CHECK(parsed({"check", "--now", "1795521600"}).now == from_unix_ms(1795521600000));
}

TEST_CASE("the remaining flags are read") {
  const CommandLine line = parsed({"report", "--config", "l.yaml", "--output-file", "out",
                                   "--color", "never", "--no-progress"});
  CHECK(line.config_path == "l.yaml");
  CHECK(line.report.output_file == "out");
  CHECK(line.color == When::kNever);
  CHECK(line.report.progress == ShowProgress::kNo);
  CHECK(parsed({"check", "-o", "json"}).check_output == CheckOutput::kJson);
  CHECK(parsed({"config", "--defaults"}).config_output == ConfigOutput::kDefaults);
  CHECK(parsed({"config", "--reference"}).config_output == ConfigOutput::kReference);
  CHECK(parsed({"version"}).command == Command::kVersion);
}

TEST_CASE("what is wrong is refused in one line that says where to look") {
  const auto row = GENERATE(values<Bad>({
      {{}, "see `loadline --help`"},
      {{"reprot"}, "see `loadline --help`"},
      {{"report", "--bogus"}, "--bogus; see `loadline report --help`"},
      {{"report", "stray"}, "stray; see `loadline report --help`"},
      {{"report", "--window"}, "see `loadline report --help`"},
      {{"report", "--color", "blue"}, "--color"},
      {{"report", "--only", "chnage"}, "--only: \"chnage\" is none of change"},
      {{"report", "--min-change", "10"}, "--min-change: \"10\" is not a share"},
      {{"report", "--now", "yesterday"}, "--now: "},
      {{"report", "--set", "window"}, "--set: KEY=VALUE is expected"},
      {{"check", "-o", "csv"}, "--output"},
      {{"config", "--defaults", "--reference"}, "--defaults"},
      {{"version", "--bogus"}, "see `loadline version --help`"},
  }));
  INFO(row.message);
  CHECK_THAT(refused(row.arguments), test::contains(row.message));
}

TEST_CASE("help of each command shows its flags and examples") {
  const Result<Parsed> root = parse_command_line({"--help"});
  REQUIRE(root.has_value());
  for (const char* word : {"report", "check", "config", "version", "Examples:", "Exit codes:"}) {
    CHECK_THAT(root->text, test::contains(word));
  }
  const auto command = GENERATE("report", "check", "config");
  const Result<Parsed> help = parse_command_line({command, "--help"});
  REQUIRE(help.has_value());
  CHECK_THAT(help->text, test::contains("--prometheus") && test::contains("Examples:") &&
                             test::contains("--config") && test::contains("--window"));
}

TEST_CASE("no line of a help text is wider than a terminal of 120 columns") {
  const auto arguments = GENERATE(
      std::vector<std::string>{"--help"}, std::vector<std::string>{"report", "--help"},
      std::vector<std::string>{"check", "--help"}, std::vector<std::string>{"config", "--help"});
  const Result<Parsed> help = parse_command_line(arguments);
  REQUIRE(help.has_value());
  std::size_t widest = 0;
  for (std::size_t at = 0; at < help->text.size();) {
    const std::size_t end = std::min(help->text.find('\n', at), help->text.size());
    widest = std::max(widest, end - at);
    at = end + 1;
  }
  CHECK(widest <= 120);
}

}  // namespace loadline::cli
