// `loadline backtest` over a made-up world: flags, streams and exit codes.

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

Outcome run_with(const std::vector<std::string>& arguments, const std::string& input = "") {
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream err;
  const World world{.out = out,
                    .err = err,
                    .now = [] { return from_unix_ms(1795521600000); },
                    .seconds = [] { return 0.0; },
                    .connect =
                        [](const Config&, const OnEvent&) {
                          return Result<Connection>(fail(ErrorKind::kUnreachable, "no network"));
                        },
                    .in = &in};
  const int code = run(arguments, world);
  return {code, out.str(), err.str()};
}

/// Four days of one pod, noon and a minute later.
std::string trace(const std::string& namespace_name = "shop") {
  std::string text = "namespace,pod,container,t,cpu,memory\n";
  for (int day = 0; day < 4; ++day) {
    for (const int second : {43'200, 43'260}) {
      text += namespace_name + ",web-0,app," + std::to_string((19'000 + day) * 86'400 + second) +
              ",0.5,104857600\n";
    }
  }
  return text;
}

}  // namespace

TEST_CASE("a trace on standard input needs no Prometheus") {
  const Outcome outcome = run_with({"backtest", "--trace", "-", "--policy", "default"}, trace());
  CHECK(outcome.code == kExitDone);
  CHECK_THAT(outcome.out, test::contains("1 judged day (2022-01-11)") &&
                              test::contains("request p95, limit 2 x p95"));
  CHECK_THAT(outcome.err, test::contains("read 8 rows"));
}

TEST_CASE("a trace may be a file, and names choose what is replayed") {
  const test::TempDir dir;
  const std::string path = dir.write("t.csv", trace());
  CHECK(run_with({"backtest", "--trace", path}).code == kExitDone);
  const Outcome other = run_with({"backtest", "--trace", path, "-n", "other"});
  CHECK(other.code == kExitIncomplete);
  CHECK_THAT(other.out, test::contains("no sample of any chosen container"));
  for (const char* const workload : {"web", "StatefulSet/w*", "statefulset/web"}) {
    CHECK_THAT(run_with({"backtest", "--trace", path, "--workload", workload}).out,
               test::contains("1 pod-day of 1 container"));
  }
  CHECK_THAT(run_with({"backtest", "--trace", path, "--container", "db"}).out,
             test::contains("nothing could be judged"));
}

TEST_CASE("samples from --now on are left out") {
  const Outcome outcome = run_with(
      {"backtest", "--trace", "-", "--now", "2022-01-11T00:00:00Z", "-o", "json"}, trace());
  CHECK_THAT(outcome.out, test::contains("\"judged_days\": []"));
}

TEST_CASE("wrong flags of backtest are exit code 2 and say what would be right") {
  const std::vector<std::vector<std::string>> rows{{"backtest", "--trace", "-", "--policy", "vpq"},
                                                   {"backtest", "--trace", "/no/such/file"},
                                                   {"backtest", "-o", "yaml"},
                                                   {"backtest", "--worst", "many"}};
  for (const auto& arguments : rows) {
    CAPTURE(arguments.back());
    const Outcome outcome = run_with(arguments, trace());
    CHECK(outcome.code == kExitUsage);
    CHECK(outcome.out.empty());
  }
}

TEST_CASE("a server that cannot be reached ends a backtest with exit code 1") {
  const Outcome outcome = run_with({"backtest", "-p", "http://p"});
  CHECK(outcome.code == kExitFailure);
  CHECK_THAT(outcome.err, test::contains("no network"));
}

}  // namespace loadline
