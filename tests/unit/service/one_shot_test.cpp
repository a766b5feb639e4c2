#include "loadline/service/one_shot.hpp"

#include "support/catch.hpp"
#include "support/fake_transport.hpp"
#include "support/matchers.hpp"

namespace loadline {
namespace {

using test::CannedAnswer;

constexpr std::int64_t kNowSeconds = 1'795'521'600;  // 2026-11-24T12:00:00Z
constexpr int kScrapes = 61;

std::string success(const std::string& data) {
  return R"({"status":"success","data":)" + data + "}";
}

/// A minute apart up to a minute before now: a counter that grows by half a core, or 100 MiB.
std::string values(bool counter) {
  std::string text;
  for (int i = 0; i < kScrapes; ++i) {
    const std::int64_t t = kNowSeconds - 60 * (kScrapes - i);
    text += (i == 0 ? "[" : ",[") + std::to_string(t) + ",\"" +
            (counter ? std::to_string(30 * i) : "104857600") + "\"]";
  }
  return text;
}

std::string series(const std::string& metric, bool counter) {
  return R"({"metric":{"__name__":")" + metric +
         R"(","namespace":"shop","pod":"web-0","container":"app","id":"/a","image":"i"},"values":[)" +
         values(counter) + "]}";
}

std::string matrix(bool with_memory) {
  std::string result = series("container_cpu_usage_seconds_total", true);
  if (with_memory) result += "," + series("container_memory_working_set_bytes", false);
  return success(R"({"resultType":"matrix","result":[)" + result + "]}");
}

std::string vector_of(const std::string& rows) {
  return success(R"({"resultType":"vector","result":[)" + rows + "]}");
}

std::string request_row(const std::string& resource, const std::string& value) {
  return R"({"metric":{"namespace":"shop","pod":"web-0","container":"app","resource":")" +
         resource + R"(","__name__":"kube_pod_container_resource_requests"},"value":[0,")" + value +
         R"("]})";
}

const char* const kOwner =
    R"([{"__name__":"kube_pod_owner","namespace":"shop","pod":"web-0","owner_kind":"StatefulSet",)"
    R"("owner_name":"web","owner_is_controller":"true"},)"
    R"({"__name__":"kube_pod_owner","namespace":"other","pod":"db-0","owner_kind":"StatefulSet",)"
    R"("owner_name":"db","owner_is_controller":"true"}])";

/// A Prometheus with one pod's last hour of `usage`; rules given before it win.
void serve_cluster(test::FakeTransport& http, const std::string& usage = matrix(true)) {
  http.on("/api/v1/status/buildinfo",
          {.body = success(R"({"version":"2.42.0","revision":"abc"})")});
  http.on("/api/v1/label/namespace/values", {.body = success(R"(["shop"])")});
  http.on("/api/v1/label/cpu/values", {.body = success(R"(["total"])")});
  http.on("/api/v1/series", "kube_pod_owner", {.body = success(kOwner)});
  http.on("/api/v1/series", {.body = success("[]")});
  http.on_request("/api/v1/query", [usage](const HttpRequest& request) -> CannedAnswer {
    const std::string query = test::parameter(request, "query");
    if (query.starts_with("{") && query.ends_with("]")) return {.body = usage};
    if (query.find("resource_requests") != std::string::npos) {
      return {.body =
                  vector_of(request_row("cpu", "2") + "," + request_row("memory", "1073741824"))};
    }
    return {.body = vector_of("")};
  });
}

Config config_of_test() {
  Config config;
  config.prometheus.url = "http://p";
  config.prometheus.concurrency = 1;
  config.read_path = ReadPath::kQuery;
  config.usage.window = std::chrono::days(1);
  config.usage.scrape_interval = Milliseconds(60'000);
  config.usage.namespaces = {"shop"};
  config.policy.min_history = Milliseconds(0);
  return config;
}

Result<Report> report_of(test::FakeTransport& http, const Config& config,
                         const ReportFilter& filter = {}) {
  return run_one_shot(http, config, filter, from_unix_ms(kNowSeconds * 1000), {});
}

Report good_report(test::FakeTransport& http, const Config& config,
                   const ReportFilter& filter = {}) {
  Result<Report> report = report_of(http, config, filter);
  INFO((report ? "" : report.error().message));
  REQUIRE(report.has_value());
  return std::move(*report);
}

}  // namespace

TEST_CASE("a window is read, profiled and recommended on") {
  test::FakeTransport http;
  serve_cluster(http);
  const Report report = good_report(http, config_of_test());
  CHECK(report.incomplete.empty());
  CHECK(report.window.start == from_unix_ms(1'795'392'000'000));
  CHECK(report.source.server == "Prometheus 2.42.0");
  CHECK(report.source.read_path == "query");
  CHECK(report.source.kube_state_metrics);
  CHECK(report.source.read.samples == 2 * kScrapes);
  REQUIRE(report.recommendations.size() == 1);
  const Recommendation& row = report.recommendations.front();
  CHECK(row.key == ContainerKey{{"", "shop", "StatefulSet", "web"}, "app"});
  CHECK(row.verdict == Verdict::kChange);
  const ResourceAdvice& cpu = row.resources[Resource::kCpu];
  CHECK(cpu.p95.value() == Approx(0.5).epsilon(0.01));
  CHECK(cpu.current.request == 2.0);
  const ResourceAdvice& memory = row.resources[Resource::kMemory];
  CHECK(memory.max == 104857600.0);
  CHECK(memory.current.request == 1073741824.0);
  CHECK(report.totals.containers == 1);
}

TEST_CASE("rows that a filter hides are counted, rows of other namespaces are not") {
  test::FakeTransport http;
  serve_cluster(http);
  const Report report = good_report(http, config_of_test(), {.workloads = {"absent"}});
  CHECK(report.recommendations.empty());
  CHECK(report.hidden == 1);
}

TEST_CASE("the extra matchers go with every query for series") {
  test::FakeTransport http;
  serve_cluster(http);
  Config config = config_of_test();
  config.matchers = {{"cluster", MatchOp::kEqual, "eu-1"}};
  (void)good_report(http, config);
  std::size_t selectors = 0;
  for (const HttpRequest& request : http.requests()) {
    const std::string text = test::url_decode(request.query + "&" + request.body);
    if (text.find('{') == std::string::npos) continue;
    INFO(text);
    CHECK_THAT(text, test::contains(R"(cluster="eu-1")"));
    ++selectors;
  }
  CHECK(selectors >= 5);
}

TEST_CASE("a metric without samples makes the report incomplete and shows no zero") {
  test::FakeTransport http;
  serve_cluster(http, matrix(false));
  const Report report = good_report(http, config_of_test());
  REQUIRE(report.incomplete.size() == 1);
  CHECK_THAT(report.incomplete.front(), test::contains("container_memory_working_set_bytes"));
  REQUIRE(report.recommendations.size() == 1);
  const ResourceAdvice& memory = report.recommendations.front().resources[Resource::kMemory];
  CHECK(memory.samples == 0);
  CHECK_FALSE(memory.p95.has_value());
  CHECK_FALSE(memory.recommended.request.has_value());
}

TEST_CASE("without kube-state-metrics owners are inferred and the report is incomplete") {
  test::FakeTransport http;
  http.on("/api/v1/series", {.body = success("[]")});
  http.on("/api/v1/query", "kube_", {.body = vector_of("")});
  serve_cluster(http);
  const Report report = good_report(http, config_of_test());
  REQUIRE(report.incomplete.size() == 1);
  CHECK_THAT(report.incomplete.front(), test::contains("kube-state-metrics"));
  REQUIRE(report.recommendations.size() == 1);
  CHECK(report.recommendations.front().owner_source == OwnerSource::kPodName);
}

TEST_CASE("a warning of a partial answer makes the report incomplete") {
  test::FakeTransport http;
  http.on("/api/v1/series", "kube_job_owner",
          {.body = R"({"status":"success","data":[],"warnings":["store eu-2 is down"]})"});
  serve_cluster(http);
  const Report report = good_report(http, config_of_test());
  REQUIRE(report.incomplete.size() == 1);
  CHECK_THAT(report.incomplete.front(), test::contains("store eu-2 is down"));
}

TEST_CASE("a request that fails is an error that says during what, whichever it is") {
  const auto path = GENERATE("/api/v1/series", "/api/v1/label/namespace/values", "/api/v1/query");
  test::FakeTransport http;
  http.on(path, {.status = 500,
                 .body = R"({"status":"error","errorType":"internal","error":"disk on fire"})"});
  serve_cluster(http);
  const Result<Report> report = report_of(http, config_of_test());
  REQUIRE_FALSE(report.has_value());
  CHECK(report.error().kind == ErrorKind::kUnreachable);
  CHECK_THAT(report.error().message, test::contains("disk on fire"));
}

TEST_CASE("whoever listens is told of the read and its progress") {
  test::FakeTransport http;
  serve_cluster(http);
  std::vector<std::string> told;
  std::size_t done = 0;
  double clock = 0;
  const OneShotHooks hooks{
      .on_event = [&](LogLevel, std::string_view what) { told.emplace_back(what); },
      .on_progress = [&](const ReadProgress& progress) { done = progress.groups_done; },
      .seconds = [&] { return clock += 2.5; }};
  const Result<Report> report =
      run_one_shot(http, config_of_test(), {}, from_unix_ms(kNowSeconds * 1000), hooks);
  REQUIRE(report.has_value());
  CHECK(done == 1);
  CHECK(report->source.read_seconds == 2.5);
  REQUIRE(told.size() == 1);
  CHECK_THAT(told.front(), test::contains("Prometheus 2.42.0 by query"));
}

}  // namespace loadline
