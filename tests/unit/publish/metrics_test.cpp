#include "loadline/publish/metrics.hpp"

#include <cmath>
#include <map>
#include <set>

#include "exposition.hpp"
#include "golden.hpp"
#include "sample_report.hpp"
#include "support/catch.hpp"

namespace loadline {
namespace {

using test::lines_of;
using test::lines_with;
using test::metrics_text;

constexpr MetricsFormat kText = MetricsFormat::kText;
constexpr MetricsFormat kOpen = MetricsFormat::kOpenMetrics;

Recommendation row_named(std::string name) {
  Recommendation row;
  row.key = {{"", "shop", "Deployment", std::move(name)}, "app"};
  return row;
}

Report report_of(std::vector<Recommendation> rows) {
  Report report;
  report.recommendations = std::move(rows);
  return report;
}

TEST_CASE("the sample report's metrics are as their golden files in both formats") {
  test::check_golden("metrics/recommendations.txt", metrics_text(test::sample_report(), kText));
  test::check_golden("metrics/recommendations.openmetrics.txt",
                     metrics_text(test::sample_report(), kOpen));
}

TEST_CASE("an empty report has all families and no series of containers") {
  const std::string text = metrics_text(Report{}, kText);
  CHECK(lines_with(text, "loadline_") == "loadline_recommendation_duplicates 0\n");
  CHECK(lines_of(lines_with(text, "# TYPE ")).size() == 19);
  CHECK(lines_of(lines_with(text, "# HELP ")).size() == 19);
}

TEST_CASE("each value stands in its family with resource and unit") {
  Recommendation row = row_named("web");
  row.key.workload.cluster = "eu-1";
  row.replicas = 3;
  row.coverage = {0.5, Milliseconds(1500)};
  row.resources[Resource::kCpu] = {10, 0.1, 0.25, 0.3, 0.7, 0.2, 0.25, {0.5, 1}, {0.25, 0.5}};
  row.resources[Resource::kMemory] = {10, 1, 2, 3, 4, 5, 6, {7, 8}, {9, 10}};
  const std::string text = metrics_text(report_of({row}), kText);
  const std::string own =
      "{cluster=\"eu-1\",namespace=\"shop\",target_kind=\"Deployment\",target_name=\"web\","
      "container=\"app\"";
  const std::string cpu = own + ",resource=\"cpu\",unit=\"core\"";
  const std::string memory = own + ",resource=\"memory\",unit=\"byte\"";
  const std::map<std::string, std::string> expected{
      {"loadline_recommendation_request", cpu + "} 0.25\n" + memory + "} 9\n"},
      {"loadline_recommendation_limit", cpu + "} 0.5\n" + memory + "} 10\n"},
      {"loadline_current_request", cpu + "} 0.5\n" + memory + "} 7\n"},
      {"loadline_current_limit", cpu + "} 1\n" + memory + "} 8\n"},
      {"loadline_usage_max", cpu + "} 0.7\n" + memory + "} 4\n"},
      {"loadline_usage_quantile",
       cpu + ",quantile=\"0.5\"} 0.1\n" + cpu + ",quantile=\"0.95\"} 0.25\n" + cpu +
           ",quantile=\"0.99\"} 0.3\n" + memory + ",quantile=\"0.5\"} 1\n" + memory +
           ",quantile=\"0.95\"} 2\n" + memory + ",quantile=\"0.99\"} 3\n"},
      {"loadline_profile_coverage_ratio", own + "} 0.5\n"},
      {"loadline_profile_age_seconds", own + "} 1.5\n"},
      {"loadline_container_replicas", own + "} 3\n"},
      {"loadline_recommendation_info", own + ",verdict=\"no_data\",reasons=\"\"} 1\n"},
  };
  for (const auto& [name, lines] : expected) {
    std::string wanted;
    for (const std::string& line : lines_of(lines)) wanted.append(name).append(line).append("\n");
    CHECK(lines_with(text, name + "{") == wanted);
  }
}

TEST_CASE("confidence and kills are numbers that an alert can be made of") {
  Recommendation row;
  row.key = {{"", "shop", "Deployment", "web"}, "app"};
  row.confidence.level = Confidence::Level::kHigh;
  row.oom_kills.count = 3;
  const std::string text = metrics_text(report_of({row}), kText);
  const std::string own =
      R"({namespace="shop",target_kind="Deployment",target_name="web",container="app"})";
  CHECK(text.find("\nloadline_recommendation_confidence" + own + " 2\n") != std::string::npos);
  CHECK(text.find("\nloadline_container_oom_kills" + own + " 3\n") != std::string::npos);
}

TEST_CASE("what is not known, not set or no number has no line") {
  Recommendation row = row_named("silent");
  row.verdict = Verdict::kExcluded;
  row.resources[Resource::kCpu].current.request = 0.1;
  row.resources[Resource::kCpu].max = std::nan("");
  row.resources[Resource::kMemory].max = INFINITY;
  const std::string own =
      "{namespace=\"shop\",target_kind=\"Deployment\",target_name=\"silent\",container=\"app\"";
  CHECK(lines_with(metrics_text(report_of({row}), kText), "loadline_") ==
        "loadline_current_request" + own + ",resource=\"cpu\",unit=\"core\"} 0.1\n" +
            "loadline_profile_age_seconds" + own + "} 0\n" + "loadline_recommendation_confidence" +
            own + "} 0\n" + "loadline_container_replicas" + own + "} 0\n" +
            "loadline_recommendation_info" + own + ",verdict=\"excluded\",reasons=\"\"} 1\n" +
            "loadline_recommendation_duplicates 0\n");
}

TEST_CASE("the same reasons are the same series, in whatever order and number they come") {
  Recommendation a = row_named("a");
  a.reasons = {{ReasonCode::kRequestTooHigh, Resource::kCpu, ""},
               {ReasonCode::kMaxAboveLimit, Resource::kMemory, ""},
               {ReasonCode::kRequestTooHigh, Resource::kMemory, ""}};
  Recommendation b = a;
  std::reverse(b.reasons.begin(), b.reasons.end());
  const std::string expected = "reasons=\"max_above_limit,request_too_high\"} 1";
  CHECK(metrics_text(report_of({a}), kText).find(expected) != std::string::npos);
  CHECK(metrics_text(report_of({a}), kText) == metrics_text(report_of({b}), kText));
}

TEST_CASE("hostile labels stay one line of one series") {
  const std::string name("a\"} 1\nfake{b=\"\\\0\xff", 18);
  Recommendation row = row_named(name);
  const std::string text = metrics_text(report_of({row}), kText);
  const std::string escaped("a\\\"} 1\\nfake{b=\\\"\\\\\0\xef\xbf\xbd", 24);
  CHECK(lines_with(text, "loadline_container_replicas{") ==
        "loadline_container_replicas{namespace=\"shop\",target_kind=\"Deployment\",target_name=\"" +
            escaped + "\",container=\"app\"} 0\n");
  CHECK(lines_with(text, "fake").empty());
}

TEST_CASE(
    "of rows whose labels broken UTF-8 makes equal the first stays, and the others are counted") {
  Report report = report_of({row_named("a\xff"), row_named("a\xfe"), row_named("a\xef\xbf\xbd"),
                             row_named("a?"), row_named("b\xff")});
  for (std::size_t i = 0; i < 5; ++i) {
    report.recommendations[i].replicas = static_cast<std::uint32_t>(i + 1);
  }
  const std::string text = metrics_text(report, kText);
  CHECK(lines_of(lines_with(text, "loadline_container_replicas{")).size() == 3);
  CHECK(text.find("target_name=\"a\xef\xbf\xbd\",container=\"app\"} 1\n") != std::string::npos);
  CHECK(lines_with(text, "loadline_recommendation_duplicates") ==
        "loadline_recommendation_duplicates 2\n");
  std::set<std::string> series;
  for (const std::string& line : lines_of(lines_with(text, "loadline_"))) {
    CHECK(series.insert(line.substr(0, line.rfind(' '))).second);
  }
}

TEST_CASE("both formats have the same samples and no end mark") {
  const Report report = test::sample_report();
  CHECK(lines_with(metrics_text(report, kText), "loadline_") ==
        lines_with(metrics_text(report, kOpen), "loadline_"));
  CHECK(metrics_text(report, kOpen).find("# EOF") == std::string::npos);
}

TEST_CASE("the writer stops where the reader has gone") {
  const Report report = report_of(std::vector<Recommendation>(10'000, row_named("web")));
  int pieces = 0;
  CHECK_FALSE(write_recommendation_metrics(
      report, kText, [&pieces](std::string_view /*piece*/) { return ++pieces < 3; }));
  CHECK(pieces == 3);
}

}  // namespace
}  // namespace loadline
