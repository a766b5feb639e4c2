#include "loadline/publish/check_report.hpp"

#include <sstream>

#include "support/catch.hpp"
#include "support/matchers.hpp"

namespace loadline {
namespace {

CheckReport check_with(Severity severity) {
  CheckReport check{.url = "http://p",
                    .server = "Prometheus 2.42.0",
                    .read_path = "remote-read",
                    .read_path_reason = "it streams",
                    .scrape_interval = Milliseconds(30'000),
                    .window = {from_unix_ms(0), from_unix_ms(86'400'000)},
                    .history_start = from_unix_ms(3'600'000)};
  check.metrics.push_back({.name = "kube_pod_owner", .need = MetricNeed::kWanted, .series = 7});
  check.metrics.front().label_names = {"__name__", "namespace", "pod"};
  check.metrics.push_back({.name = "absent_metric", .need = MetricNeed::kNeeded});
  check.findings.push_back({Severity::kOk, "a", "is there", ""});
  check.findings.push_back({severity, "b", "is \x1b[31m odd", "mend it"});
  return check;
}

std::string rendered(const CheckReport& check, CheckFormat format, RenderOptions options = {}) {
  std::ostringstream out;
  render_check(check, format, options, out);
  return out.str();
}

}  // namespace

TEST_CASE("the worst finding is the verdict") {
  CHECK(verdict_of(check_with(Severity::kOk)) == "usable");
  CHECK(verdict_of(check_with(Severity::kWarning)) == "incomplete");
  CHECK(verdict_of(check_with(Severity::kFailure)) == "unusable");
}

TEST_CASE("the table tells source, metrics with labels, findings and how to mend them") {
  const std::string text = rendered(check_with(Severity::kWarning), CheckFormat::kTable);
  CHECK_THAT(text, test::contains("Prometheus 2.42.0 at http://p\n"));
  CHECK_THAT(text, test::contains("remote-read: it streams\n"));
  CHECK_THAT(text, test::contains("Scrape interval  30s\n"));
  CHECK_THAT(text, test::contains("kube_pod_owner  wanted           7  namespace pod\n"));
  CHECK_THAT(text, test::contains("absent_metric   needed        none\n"));
  CHECK_THAT(text, test::contains("WARNING  b: is \\x1b[31m odd\n         -> mend it\n"));
  CHECK_THAT(text, test::ends_with("Usable, but something is missing: see the warnings above.\n"));
  CHECK(text.find('\x1b') == std::string::npos);
}

TEST_CASE("colours only where asked for") {
  CHECK_THAT(rendered(check_with(Severity::kFailure), CheckFormat::kTable, {Color::kAnsi, 0}),
             test::contains("\033[31mFAILURE\033[0m"));
}

TEST_CASE("metric lines fit the terminal") {
  CheckReport check = check_with(Severity::kOk);
  for (int i = 0; i < 40; ++i) check.metrics[0].label_names.insert("label" + std::to_string(i));
  const std::string text = rendered(check, CheckFormat::kTable, {Color::kNever, 60});
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("kube_pod_owner")) CHECK(line.size() <= 60);
  }
}

TEST_CASE("what is not known is null in JSON and said in the table") {
  CheckReport check = check_with(Severity::kFailure);
  check.scrape_interval.reset();
  check.history_start.reset();
  const std::string json = rendered(check, CheckFormat::kJson);
  CHECK_THAT(json, test::contains(R"("schema": "loadline/check.v1")"));
  CHECK_THAT(json, test::contains(R"("verdict": "unusable")"));
  CHECK_THAT(json, test::contains(R"("scrape_interval_seconds": null)"));
  CHECK_THAT(json, test::contains(R"("history_start": null)"));
  CHECK_THAT(json, test::contains(R"("mend": null)"));
  CHECK(json.find('\x1b') == std::string::npos);
  const std::string table = rendered(check, CheckFormat::kTable);
  CHECK_THAT(table, test::contains("no scrape found") && test::contains("none found"));
}

}  // namespace loadline
