// `patch` and `verify` over a made-up world: flags, exit codes and streams.

#include <filesystem>
#include <sstream>

#include "cli/command_line.hpp"
#include "loadline/cli/cli.hpp"
#include "support/catch.hpp"
#include "support/matchers.hpp"
#include "support/temp_dir.hpp"

namespace loadline {
namespace {

struct Outcome {
  int code = -1;
  std::string out{};
  std::string err{};
};

/// Nobody can be reached.
Outcome run_with(const std::vector<std::string>& arguments) {
  std::ostringstream out;
  std::ostringstream err;
  const World world{
      .out = out,
      .err = err,
      .now = [] { return from_unix_ms(1795521600000); },
      .seconds = [] { return 0.0; },
      .connect =
          [](const Config&, const OnEvent&) {
            return Result<Connection>(fail(ErrorKind::kUnreachable, "cannot reach it"));
          }};
  const int code = run(arguments, world);
  return {code, out.str(), err.str()};
}

cli::CommandLine parsed(const std::vector<std::string>& arguments) {
  const Result<cli::Parsed> result = cli::parse_command_line(arguments);
  INFO((result ? "" : result.error().message));
  REQUIRE(result.has_value());
  REQUIRE(result->line.has_value());
  return *result->line;
}

TEST_CASE("the flags of patch are read") {
  const cli::CommandLine line = parsed(
      {"patch",   "--output-dir", "out",         "--format",       "json6902", "--format=vpa",
       "--force", "--diff",       "--exit-code", "--summary",      "pr.md",    "--manifests",
       "deploy",  "--vpa-mode",   "initial",     "--helm-mapping", "m.yaml",   "-n",
       "shop",    "--now",        "1795521600"});
  CHECK(line.command == cli::Command::kPatch);
  CHECK(line.patch.force);
  CHECK(line.patch.diff);
  CHECK_FALSE(line.patch.dry_run);
  CHECK(line.patch.exit_code);
  CHECK(line.patch.summary == "pr.md");
  CHECK(line.patch.manifests == "deploy");
  CHECK(line.now == from_unix_ms(1795521600000));
  std::string overrides;
  for (const Override& change : line.overrides) overrides += change.key + "=" + change.value + " ";
  CHECK_THAT(overrides, test::contains("patch.output_dir=out ") &&
                            test::contains("patch.formats=json6902,vpa ") &&
                            test::contains("patch.vpa_mode=initial ") &&
                            test::contains("patch.helm_mapping=m.yaml ") &&
                            test::contains("namespaces=shop "));
}

TEST_CASE("flags of patch and verify that do not fit are exit code 2") {
  struct Row {
    std::vector<std::string> arguments{};
    const char* message = "";
  };
  const Row rows[] = {
      {{"patch", "--exit-code"}, "--exit-code: it belongs to --diff or --dry-run"},
      {{"patch", "--diff", "--summary", "-"}, "and --diff both write to standard output"},
      {{"patch", "--workload", "web"}, "--workload"},
      {{"patch", "--only", "change"}, "--only"},
      {{"patch"}, "no directory for the patches: give --output-dir, or set patch.output_dir"},
      {{"patch", "--output-dir", "o", "--format", "helm"}, "--format: patch.formats: "},
      {{"patch", "--output-dir", "o", "--helm-mapping", "/absent/m.yaml"},
       "cannot read mapping file /absent/m.yaml"},
      {{"patch", "--output-dir", "o", "--manifests", "/absent"}, "cannot read /absent"},
      {{"verify"}, "--manifests is required"},
      {{"verify", "--manifests", "."}, "no directory of patches: give --patches"},
      {{"verify", "--manifests", ".", "-o", "yaml"}, "--output"},
      {{"verify", "--manifests", "/absent", "--patches", "."}, "cannot read /absent"},
  };
  for (const Row& row : rows) {
    INFO(row.message);
    const Outcome outcome = run_with(row.arguments);
    CHECK(outcome.code == kExitUsage);
    CHECK(outcome.out.empty());
    CHECK_THAT(outcome.err, test::contains(row.message));
  }
}

TEST_CASE("a manifest of patches that cannot be read ends patch before it reads anything else") {
  const test::TempDir dir;
  dir.write("loadline-patches.json", "{}");
  const Outcome corrupt = run_with({"patch", "-p", "http://p", "--output-dir", dir.path("")});
  CHECK(corrupt.code == kExitFailure);
  CHECK_THAT(corrupt.err, test::contains("restore it from Git"));
  dir.write("loadline-patches.json", R"({"schema": "loadline/patches.v9"})");
  const Outcome newer = run_with({"patch", "-p", "http://p", "--output-dir", dir.path("")});
  CHECK(newer.code == kExitUsage);
  CHECK_THAT(newer.err, test::contains("a newer loadline wrote these patches"));
}

TEST_CASE("a Prometheus that cannot be reached leaves no directory behind") {
  const test::TempDir dir;
  const Outcome outcome = run_with({"patch", "-p", "http://p", "--output-dir", dir.path("out")});
  CHECK(outcome.code == kExitFailure);
  CHECK_FALSE(std::filesystem::exists(dir.path("out")));
}

/// A tree of one patch beside a manifest.
struct Checked {
  test::TempDir dir{};

  explicit Checked(const std::string& container) {
    std::filesystem::create_directories(dir.path("out/kubectl"));
    dir.write("web.yaml",
              "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, "
              "spec: {template: {spec: {containers: [{name: app, image: i}]}}}}");
    dir.write("out/kubectl/web.yaml",
              "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, "
              "spec: {template: {spec: {containers: [{name: " +
                  container + ", resources: {requests: {cpu: 1}}}]}}}}");
  }
  [[nodiscard]] Outcome verify(const std::string& output) const {
    return run_with({"verify", "--patches", dir.path("out"), "--manifests", dir.path("web.yaml"),
                     "-o", output});
  }
};

TEST_CASE("verify says that all is good") {
  const Checked good("app");
  const Outcome table = good.verify("table");
  CHECK(table.code == kExitDone);
  CHECK(table.out == "1 patch against 1 workload: all good\n");
  CHECK(table.err.empty());
  CHECK(good.verify("json").out ==
        "{\"schema\":\"loadline/verify.v1\",\"patches\":1,\"workloads\":1,\"findings\":[]}\n");
}

TEST_CASE("verify names what is wrong and ends with 1") {
  const Checked bad("\"a\\e[31m\"");
  const Outcome table = bad.verify("table");
  CHECK(table.code == kExitFailure);
  CHECK_THAT(table.out, test::starts_with("kubectl/web.yaml: shop/Deployment/web, container a"));
  CHECK_THAT(table.out, test::contains("it would be added; the manifest's containers are app"));
  CHECK_THAT(table.out, test::contains("1 patch against 1 workload: 1 finding\n"));
  CHECK(table.out.find('\x1b') == std::string::npos);
  const Outcome json = bad.verify("json");
  CHECK(json.code == kExitFailure);
  CHECK_THAT(json.out, test::contains("\"findings\":[{\"file\":\"kubectl/web.yaml\",\"subject\":\""
                                      "shop/Deployment/web, container a"));
}

TEST_CASE("help of patch and verify shows their flags and examples") {
  for (const char* command : {"patch", "verify"}) {
    const Outcome help = run_with({command, "--help"});
    CHECK(help.code == kExitDone);
    CHECK_THAT(help.out, test::contains("Examples:") && test::contains("Exit codes:") &&
                             test::contains("--manifests"));
    std::istringstream lines(help.out);
    for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 120);
    CHECK_THAT(run_with({"--help"}).out, test::contains(command));
  }
}

}  // namespace
}  // namespace loadline
