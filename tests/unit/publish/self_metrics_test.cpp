#include "loadline/publish/self_metrics.hpp"

#include <cmath>
#include <regex>
#include <set>
#include <thread>

#include "exposition.hpp"
#include "golden.hpp"
#include "publish/self_metrics_table.hpp"
#include "support/catch.hpp"

namespace loadline {
namespace {

using test::lines_of;
using test::lines_with;
using test::metrics_text;

constexpr MetricsFormat kText = MetricsFormat::kText;
constexpr MetricsFormat kOpen = MetricsFormat::kOpenMetrics;

/// Without the values that no two runs share.
std::string own_text(const SelfMetrics& metrics, MetricsFormat format) {
  std::string text;
  for (const std::string& line : lines_of(metrics_text(metrics, format))) {
    if (line.find("process_") == std::string::npos &&
        line.find("loadline_build_info{") == std::string::npos) {
      text += line + '\n';
    }
  }
  return text;
}

void use_a_little(SelfMetrics& metrics) {
  metrics.add(Count::kCyclesComplete);
  metrics.add(Count::kBytesRead, 1.5e9);
  metrics.set(Gauge::kBackfillProgress, 0.25);
  metrics.set(Gauge::kLastSuccessTimestamp, 1795537200.5);
  metrics.observe(Timing::kCycle, 0.3);
  metrics.observe(Timing::kRead, 1);
  metrics.add_request(200);
  metrics.add_request(200);
  metrics.add_request(0);
  metrics.add_http("metrics", 200, 0.004);
  metrics.add_http("api", 404, 20);
}

TEST_CASE("loadline's own metrics are as their golden files in both formats") {
  SelfMetrics metrics;
  use_a_little(metrics);
  test::check_golden("metrics/self.txt", own_text(metrics, kText));
  test::check_golden("metrics/self.openmetrics.txt", own_text(metrics, kOpen));
}

/// The one line of a metric of the table.
template <typename What>
std::string series_of(const publish::OwnMetric<What>& metric, std::string_view suffix = "") {
  std::string series = std::string(metric.family.name).append(suffix);
  if (metric.label.empty()) return series + ' ';
  series.append("{").append(metric.label).append("=\"").append(metric.label_value);
  return series + "\"} ";
}

TEST_CASE("every count is there at 0 from the start and moves its own series alone") {
  std::set<std::string> all;
  for (const auto& row : publish::kCounts) {
    SelfMetrics metrics;
    const std::string before = own_text(metrics, kText);
    INFO(series_of(row));
    CHECK(all.insert(series_of(row)).second);
    CHECK(lines_with(before, series_of(row)) == series_of(row) + "0\n");
    metrics.add(row.what, 3);
    metrics.add(row.what);
    std::string expected = before;
    expected.replace(expected.find(series_of(row) + "0\n"), series_of(row).size() + 1,
                     series_of(row) + "4");
    CHECK(own_text(metrics, kText) == expected);
  }
}

TEST_CASE("every gauge has its own series and keeps the last value") {
  SelfMetrics metrics;
  double value = 1;
  for (const auto& row : publish::kGauges) {
    metrics.set(row.what, 1000);
    metrics.set(row.what, value++);
  }
  value = 1;
  const std::string text = own_text(metrics, kText);
  for (const auto& row : publish::kGauges) {
    CHECK(lines_with(text, series_of(row)) ==
          series_of(row) + std::to_string(static_cast<int>(value++)) + "\n");
  }
}

TEST_CASE("every timing has its own histogram") {
  for (const auto& row : publish::kTimings) {
    SelfMetrics metrics;
    metrics.observe(row.what, 2);
    metrics.observe(row.what, 0.5);
    const std::string text = own_text(metrics, kText);
    CHECK(lines_with(text, series_of(row, "_count")) == series_of(row, "_count") + "2\n");
    CHECK(lines_with(text, series_of(row, "_sum")) == series_of(row, "_sum") + "2.5\n");
  }
}

TEST_CASE("a counter never falls and never becomes no number") {
  SelfMetrics metrics;
  metrics.add(Count::kGaps, 2);
  metrics.add(Count::kGaps, -1);
  metrics.add(Count::kGaps, 0);
  metrics.add(Count::kGaps, std::nan(""));
  CHECK(lines_with(own_text(metrics, kText), "loadline_gaps_total") == "loadline_gaps_total 2\n");
}

TEST_CASE("whatever status a server answers, the series are few") {
  SelfMetrics metrics;
  for (const int status : {0, 99, 100, 599, 600, 7777, -1}) metrics.add_request(status);
  CHECK(lines_with(own_text(metrics, kText), "loadline_prometheus_requests_total{") ==
        "loadline_prometheus_requests_total{code=\"100\"} 1\n"
        "loadline_prometheus_requests_total{code=\"599\"} 1\n"
        "loadline_prometheus_requests_total{code=\"error\"} 1\n"
        "loadline_prometheus_requests_total{code=\"other\"} 4\n");
}

TEST_CASE("buckets are cumulative, end in +Inf and spell their bounds alike in both formats") {
  SelfMetrics metrics;
  metrics.add_http("page", 200, 1);
  metrics.add_http("page", 200, 1000);
  for (const MetricsFormat format : {kText, kOpen}) {
    const std::string text = own_text(metrics, format);
    const std::string begin = "loadline_http_request_duration_seconds_bucket{handler=\"page\",le=";
    CHECK(lines_with(text, begin + "\"0.5\"") == begin + "\"0.5\"} 0\n");
    CHECK(lines_with(text, begin + "\"1.0\"") == begin + "\"1.0\"} 1\n");
    CHECK(lines_with(text, begin + "\"10.0\"") == begin + "\"10.0\"} 1\n");
    CHECK(lines_with(text, begin + "\"+Inf\"") == begin + "\"+Inf\"} 2\n");
  }
}

TEST_CASE("the version and the process are among the metrics") {
  const SelfMetrics metrics;
  const std::string text = metrics_text(metrics, kText);
  CHECK(std::regex_search(text, std::regex("\nloadline_build_info\\{version=\"[0-9.]+\"\\} 1\n")));
  for (const char* const name :
       {"process_cpu_seconds_total", "process_resident_memory_bytes",
        "process_virtual_memory_bytes", "process_open_fds", "process_max_fds",
        "process_start_time_seconds", "process_threads"}) {
    INFO(name);
    CHECK(lines_of(lines_with(text, std::string(name) + ' ')).size() == 1);
  }
}

TEST_CASE("the writer says that the reader has gone") {
  const SelfMetrics metrics;
  CHECK_FALSE(metrics.write(kText, [](std::string_view /*piece*/) { return false; }));
}

TEST_CASE("threads may count while another writes") {
  SelfMetrics metrics;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&metrics, i] {
        for (int k = 0; k < 200; ++k) {
          metrics.add(Count::kSamplesRead);
          metrics.observe(Timing::kCycle, 0.1);
          metrics.add_request(200 + i);
          metrics.add_http("api", 200, 0.1);
        }
      });
    }
    for (int k = 0; k < 20; ++k) CHECK(metrics_text(metrics, kText).size() > 1000);
  }
  const std::string text = metrics_text(metrics, kText);
  CHECK(lines_with(text, "loadline_samples_read_total") == "loadline_samples_read_total 800\n");
  CHECK(lines_with(text, "loadline_http_requests_total{") ==
        "loadline_http_requests_total{code=\"200\",handler=\"api\"} 800\n");
}

}  // namespace
}  // namespace loadline
