#include "loadline/publish/backtest_report.hpp"

#include <sstream>

#include "golden.hpp"
#include "support/catch.hpp"

namespace loadline {
namespace {

constexpr double kGi = 1024.0 * 1024.0 * 1024.0;

BacktestScore good() {
  return {.pod_days = {{40, 40}},
          .advised_pod_days = 40,
          .container_days = 20,
          .changes = 1,
          .samples = {{10'000, 10'000}},
          .above_request = {{500, 250}},
          .slack = {{20, 22}},
          .requested = {{8, 30 * kGi}},
          .limits = {{16, 60 * kGi}}};
}

/// No CPU limits, and too little memory.
BacktestScore bad() {
  return {.pod_days = {{40, 40}},
          .advised_pod_days = 38,
          .container_days = 20,
          .changes = 4,
          .oom_days = 3,
          .censored_oom_days = 1,
          .samples = {{10'000, 10'000}},
          .above_request = {{100, 40}},
          .cpu_above_limit = 3,
          .slack = {{-4, 10}},
          .requested = {{12, 50 * kGi}},
          .limits = {{0, 50 * kGi}},
          .unlimited_pod_days = {{40, 0}}};
}

ContainerBacktest container(ContainerKey key, const BacktestScore& first,
                            const BacktestScore& second) {
  ContainerBacktest result{.key = std::move(key), .pod_days = 42, .censored = {{2, 5}}};
  result.policies = {{.score = first, .in_force = {{Requirement{0.2, 0.4}, {kGi, 2 * kGi}}}},
                     {.score = second,
                      .worst = WorstPodDay{"web-1", 19'104, 1.5 * kGi, kGi},
                      .in_force = {{Requirement{0.3, std::nullopt}, {kGi, kGi}}}}};
  return result;
}

BacktestReport sample() {
  BacktestReport report{
      .window = {from_unix_ms(1'650'326'400'000), from_unix_ms(1'650'758'400'000)},
      .source = "Prometheus 2.42.0 at http://localhost:9090",
      .samples = 123'456,
      .worst = 2};
  report.result.policies = {
      {.name = "default", .rule = "request p95, limit 2 x p95", .score = good(), .workloads = 1},
      {.name = "vpa", .rule = "decaying p90 + 15 %", .score = bad(), .workloads = 1}};
  report.result.containers = {
      container({{"", "shop", "StatefulSet", "web"}, "app"}, good(), bad())};
  report.result.judged_days = {19'104, 19'105};
  report.result.pod_days = 42;
  report.result.young_containers = 3;
  report.result.least_days = 3;
  report.result.censored = {{2, 5}};
  report.result.unknown_limits = 1;
  return report;
}

std::string rendered(const BacktestReport& report, BacktestFormat format,
                     const RenderOptions& options = {}) {
  std::ostringstream out;
  render_backtest(report, format, options, out);
  return out.str();
}

struct Row {
  const char* file;
  BacktestFormat format;
  RenderOptions options{};
};

TEST_CASE("every format of a backtest is as its golden file") {
  const Row rows[] = {{"backtest.txt", BacktestFormat::kTable},
                      {"backtest_80.txt", BacktestFormat::kTable, {Color::kNever, 80}},
                      {"backtest_color.txt", BacktestFormat::kTable, {Color::kAnsi, 160}},
                      {"backtest.json", BacktestFormat::kJson},
                      {"backtest.csv", BacktestFormat::kCsv},
                      {"backtest.md", BacktestFormat::kMarkdown},
                      {"backtest.html", BacktestFormat::kHtml}};
  for (const Row& row : rows) {
    test::check_golden(std::string("backtest/") + row.file,
                       rendered(sample(), row.format, row.options));
  }
}

TEST_CASE("a backtest of nothing says why, in every format") {
  BacktestReport report;
  report.source = "trace empty.csv";
  report.is_trace = true;
  report.incomplete = {"the trace holds no sample of any chosen container"};
  report.result.policies = {{.name = "default", .rule = "request p95, limit 2 x p95"}};
  report.result.least_days = 3;
  const Row rows[] = {{"nothing.txt", BacktestFormat::kTable},
                      {"nothing.json", BacktestFormat::kJson},
                      {"nothing.csv", BacktestFormat::kCsv},
                      {"nothing.md", BacktestFormat::kMarkdown},
                      {"nothing.html", BacktestFormat::kHtml}};
  for (const Row& row : rows) {
    test::check_golden(std::string("backtest/") + row.file, rendered(report, row.format));
  }
}

TEST_CASE("hostile names reach no reader raw") {
  BacktestReport report = sample();
  report.source = "trace \x1b[2J<script>|`@a";
  report.result.containers[0].key = {{"", "=cmd", "Pod", "<script>|`"}, "\x1b[31m\"a\",b"};
  report.result.containers[0].policies[1].worst->pod = "<script>\x1b[0m";
  for (const BacktestFormat format :
       {BacktestFormat::kTable, BacktestFormat::kJson, BacktestFormat::kCsv,
        BacktestFormat::kMarkdown, BacktestFormat::kHtml}) {
    const std::string text = rendered(report, format);
    CAPTURE(text);
    CHECK(text.find('\x1b') == std::string::npos);
    if (format == BacktestFormat::kHtml || format == BacktestFormat::kMarkdown) {
      CHECK(text.find("<script") == std::string::npos);
    }
    if (format == BacktestFormat::kCsv) CHECK(text.find(",'=cmd") == std::string::npos);
  }
  CHECK(rendered(report, BacktestFormat::kCsv).find("\"'=cmd\"") != std::string::npos);
}

TEST_CASE("formats are known by name") {
  CHECK(parse_backtest_format("markdown") == BacktestFormat::kMarkdown);
  CHECK(parse_backtest_format("yaml") == std::nullopt);
}

}  // namespace
}  // namespace loadline
