#include <string>

#include "loadline/publish/metrics.hpp"
#include "support/catch.hpp"

namespace loadline {
namespace {

constexpr MetricsFormat kText = MetricsFormat::kText;
constexpr MetricsFormat kOpen = MetricsFormat::kOpenMetrics;

struct Row {
  const char* accept;
  MetricsFormat expected;
};

void check(const Row& row) {
  INFO("Accept: " << row.accept);
  CHECK(negotiate_metrics_format(row.accept) == row.expected);
}

TEST_CASE("each Prometheus gets what it asks for first") {
  const Row rows[] = {
      // 2.42
      {"application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;"
       "q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
       kOpen},
      // 3.x, with and without protobuf
      {"application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
       "application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-"
       "utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
       kOpen},
      {"application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;"
       "q=0.6,application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,"
       "*/*;q=0.1",
       kOpen},
      // scrape_protocols: [PrometheusText0.0.4]
      {"text/plain;version=0.0.4;q=0.5,*/*;q=0.4", kText},
      // The draft alone is not what we speak.
      {"application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
       kText},
      // 1.x, 2.0
      {"application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;"
       "q=0.7,text/plain;version=0.0.4;q=0.3",
       kText},
  };
  for (const Row& row : rows) check(row);
}

TEST_CASE("the more welcome format wins, then the one named more precisely, then text") {
  const Row rows[] = {
      {"", kText},
      {"*/*", kText},
      {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", kText},
      {"application/openmetrics-text", kOpen},
      {"Application/OpenMetrics-Text ; Version=1.0.0 ; Q=0.4 , text/plain ; q=0.3", kOpen},
      {"application/openmetrics-text;version=\"1.0.0\";q=0.4,text/plain;q=0.3", kOpen},
      {"text/plain, application/openmetrics-text", kText},
      {"application/openmetrics-text, */*", kOpen},
      {"application/*;q=0.9, text/*;q=0.8", kOpen},
      {"application/*, text/plain;q=0.999", kOpen},
      {"text/plain;q=0.5, application/openmetrics-text;q=0.499", kText},
      // The most precise range decides, not the most welcome.
      {"application/openmetrics-text;q=0.2, application/*;q=1, text/plain;q=0.3", kText},
      {"text/plain;q=0.2, text/*;q=1, application/openmetrics-text;q=0.3", kOpen},
      {"application/openmetrics-text;q=0", kText},
      {"application/openmetrics-text;q=0, */*", kText},
      {"text/plain;q=0, application/openmetrics-text;q=0.001", kOpen},
      {"application/json", kText},
      {"x;y=\"a,application/openmetrics-text;q=1,\", text/plain;q=0.1", kText},
      {"x;y=\"\\\"\", application/openmetrics-text", kOpen},
  };
  for (const Row& row : rows) check(row);
}

TEST_CASE("an element with a broken weight asks for nothing") {
  for (const char* const weight : {"2", "1.001", "0.1234", "-1", ".5", "abc", "", "0,5", "1e0",
                                   "NaN", "0.5x", "\"0.5\"", "00"}) {
    const std::string accept = std::string("application/openmetrics-text;q=") + weight;
    INFO(accept);
    CHECK(negotiate_metrics_format(accept) == kText);
  }
  for (const char* const weight : {"1", "1.", "1.0", "1.000", "0.5", "0.001"}) {
    const std::string accept = std::string("application/openmetrics-text;q=") + weight;
    INFO(accept);
    CHECK(negotiate_metrics_format(accept) == kOpen);
  }
}

TEST_CASE("garbage is text, however long") {
  const std::string rows[] = {",",
                              ";;;,,,===",
                              ";q=",
                              "\"",
                              "a;\"\\",
                              "a;b=\"application/openmetrics-text",
                              std::string("\0\xff\x80", 3),
                              std::string(1 << 20, ','),
                              std::string(1 << 20, ';'),
                              std::string(1 << 20, '"'),
                              std::string(1 << 20, 'a')};
  for (const std::string& row : rows) CHECK(negotiate_metrics_format(row) == kText);
  const std::string late = std::string(1 << 20, ',') + "application/openmetrics-text";
  CHECK(negotiate_metrics_format(late) == kOpen);
}

TEST_CASE("content types name version and charset") {
  CHECK(content_type(kText) == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(content_type(kOpen) == "application/openmetrics-text; version=1.0.0; charset=utf-8");
}

}  // namespace
}  // namespace loadline
