// The whole program over a made-up world: exit codes, streams, and who says what.

#include <cerrno>
#include <memory>
#include <sstream>

#include "loadline/cli/cli.hpp"
#include "support/catch.hpp"
#include "support/fake_transport.hpp"
#include "support/matchers.hpp"
#include "support/temp_dir.hpp"

namespace loadline {
namespace {

struct Outcome {
  int code = -1;
  std::string out{};
  std::string err{};
};

/// No network: connecting fails as configured.
Outcome run_with(const std::vector<std::string>& arguments,
                 std::vector<std::pair<std::string, std::string>> environment = {}) {
  std::ostringstream out;
  std::ostringstream err;
  const World world{.out = out,
                    .err = err,
                    .environment = std::move(environment),
                    .now = [] { return from_unix_ms(1795521600000); },
                    .seconds = [] { return 0.0; },
                    .connect =
                        [](const Config& config, const OnEvent& on_event) {
                          if (config.prometheus.url.empty()) return connect(config, on_event);
                          return Result<Connection>(fail(ErrorKind::kUnreachable,
                                                         "cannot reach " + config.prometheus.url));
                        }};
  const int code = run(arguments, world);
  return {code, out.str(), err.str()};
}

}  // namespace

TEST_CASE("help and version go to standard output with exit code 0") {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"--help"}, {"report", "--help"}, {"--version"}, {"version"}}) {
    const Outcome outcome = run_with(arguments);
    CHECK(outcome.code == kExitDone);
    CHECK_FALSE(outcome.out.empty());
    CHECK(outcome.err.empty());
  }
  CHECK_THAT(run_with({"version"}).out, test::starts_with("loadline "));
  CHECK(run_with({"version"}).out == run_with({"--version"}).out);
}

TEST_CASE("a wrong flag is exit code 2 and one line on standard error") {
  const Outcome outcome = run_with({"report", "--bogus\x1b[31m"});
  CHECK(outcome.code == kExitUsage);
  CHECK(outcome.out.empty());
  CHECK_THAT(outcome.err, test::starts_with("loadline: error: "));
  CHECK(outcome.err.find('\n') == outcome.err.size() - 1);
  CHECK(outcome.err.find('\x1b') == std::string::npos);
}

TEST_CASE("a bad configuration is exit code 2 with file and line") {
  const test::TempDir dir;
  const std::string path = dir.write("l.yaml", "window: 14d\nprometheus:\n  ulr: http://p\n");
  for (const char* command : {"report", "check", "config"}) {
    const Outcome outcome = run_with({command, "--config", path});
    CHECK(outcome.code == kExitUsage);
    CHECK_THAT(outcome.err, test::contains(path + ":3: prometheus.ulr: unknown key; did you mean "
                                                  "prometheus.url?"));
  }
  CHECK_THAT(run_with({"config"}, {{"LOADLINE_CONFIG", path}}).err, test::contains(":3: "));
}

TEST_CASE("no URL is exit code 2 and says three ways to give one") {
  const Outcome outcome = run_with({"report"});
  CHECK(outcome.code == kExitUsage);
  CHECK_THAT(outcome.err, test::contains("--prometheus") && test::contains("prometheus.url") &&
                              test::contains("LOADLINE_PROMETHEUS_URL"));
}

TEST_CASE("a server that cannot be reached is exit code 1") {
  const Outcome outcome = run_with({"report", "-p", "http://p"});
  CHECK(outcome.code == kExitFailure);
  CHECK(outcome.err == "loadline: error: cannot reach http://p\n");
}

TEST_CASE("flags win over the environment, the environment over the file") {
  const test::TempDir dir;
  const std::string path = dir.write("l.yaml", "window: 5d\ncluster_label: file\n");
  const auto window = [&](const std::vector<std::string>& flags,
                          std::vector<std::pair<std::string, std::string>> environment) {
    std::vector<std::string> arguments{"config", "--config", path};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    return run_with(arguments, std::move(environment)).out;
  };
  CHECK_THAT(window({}, {}), test::contains("window: 5d\n"));
  CHECK_THAT(window({}, {{"LOADLINE_WINDOW", "6d"}}), test::contains("window: 6d\n"));
  CHECK_THAT(window({"--window", "7d"}, {{"LOADLINE_WINDOW", "6d"}}),
             test::contains("window: 7d\n") && test::contains("cluster_label: file\n"));
}

TEST_CASE("the printed configuration masks secrets and is itself a configuration") {
  const Outcome printed = run_with({"config", "--header", "Authorization: hunter2"});
  CHECK(printed.code == kExitDone);
  CHECK_THAT(printed.out, !test::contains("hunter2"));
  const test::TempDir dir;
  const Outcome again = run_with({"config", "--config", dir.write("l.yaml", printed.out)});
  CHECK(again.code == kExitDone);
  CHECK(again.out == printed.out);
}

TEST_CASE("an unknown variable of ours is exit code 2") {
  CHECK(run_with({"config"}, {{"LOADLINE_WINDOWS", "3d"}}).code == kExitUsage);
  CHECK(run_with({"config"}, {{"LOADLINE_SERVICE_HOST", "10.0.0.1"}}).code == kExitDone);
}

TEST_CASE("a pipe that closed is quiet, a full disk is exit code 1") {
  const auto with_error = [](int error) {
    std::ostringstream err;
    std::ostream broken(nullptr);
    const World world{.out = broken, .err = err, .out_error = [error] { return error; }};
    const int code = run({"version"}, world);
    return std::make_pair(code, err.str());
  };
  CHECK(with_error(EPIPE) == std::make_pair(int{kExitDone}, std::string{}));
  const auto [code, err] = with_error(ENOSPC);
  CHECK(code == kExitFailure);
  CHECK_THAT(err, test::contains("cannot write to standard output: No space left on device"));
}

}  // namespace loadline
