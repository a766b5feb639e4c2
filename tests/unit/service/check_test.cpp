#include "loadline/service/check.hpp"

#include <algorithm>

#include "support/catch.hpp"
#include "support/fake_transport.hpp"
#include "support/matchers.hpp"

namespace loadline {
namespace {

std::string vector_of(const std::string& rows) {
  return R"({"status":"success","data":{"resultType":"vector","result":[)" + rows + "]}}";
}

/// A Prometheus without any series of the last minutes.
void serve_empty(test::FakeTransport& http, const std::string& instant_rows) {
  http.on("/api/v1/status/buildinfo",
          {.body = R"({"status":"success","data":{"version":"2.42.0","revision":"abc"}})"});
  http.on("/api/v1/series", {.body = R"({"status":"success","data":[]})"});
  http.on("/api/v1/label/namespace/values", {.body = R"({"status":"success","data":[]})"});
  http.on("/api/v1/query", {.body = vector_of(instant_rows)});
}

CheckReport checked(test::FakeTransport& http) {
  Config config;
  config.prometheus.url = "http://p";
  config.read_path = ReadPath::kQuery;
  Result<CheckReport> check = check_prometheus(http, config, from_unix_ms(1'795'521'600'000));
  INFO((check ? "" : check.error().message));
  REQUIRE(check.has_value());
  return std::move(*check);
}

bool has_finding(const CheckReport& check, std::string_view subject) {
  return std::any_of(check.findings.begin(), check.findings.end(),
                     [&](const Finding& finding) { return finding.subject == subject; });
}

}  // namespace

TEST_CASE("a Prometheus without container metrics is unusable") {
  test::FakeTransport http;
  serve_empty(http, "");
  const CheckReport check = checked(http);
  CHECK(verdict_of(check) == "unusable");
  CHECK(check.server == "Prometheus 2.42.0");
  CHECK(check.read_path == "query");
  CHECK_FALSE(check.scrape_interval.has_value());
  CHECK_FALSE(check.history_start.has_value());
  CHECK(has_finding(check, "container_cpu_usage_seconds_total"));
  CHECK_FALSE(has_finding(check, "freshness"));
}

TEST_CASE("old samples without new ones are told apart: scraping has stopped") {
  test::FakeTransport http;
  serve_empty(http, R"({"metric":{},"value":[0,"60"]})");
  const CheckReport check = checked(http);
  CHECK(check.history_start.has_value());
  CHECK(has_finding(check, "freshness"));
}

TEST_CASE("a server's warning is a finding, a failed request an error") {
  test::FakeTransport http;
  http.on("/api/v1/series", "kube_pod_owner",
          {.body = R"({"status":"success","data":[],"warnings":["store eu-2 is down"]})"});
  serve_empty(http, "");
  CHECK(has_finding(checked(http), "server"));

  test::FakeTransport broken;
  broken.on("/api/v1/series", {.status = 401, .body = "no"});
  serve_empty(broken, "");
  const Result<CheckReport> check =
      check_prometheus(broken, {.read_path = ReadPath::kQuery}, from_unix_ms(0));
  REQUIRE_FALSE(check.has_value());
  CHECK(check.error().kind == ErrorKind::kUnauthorized);
}

}  // namespace loadline
