#include "prometheus/build_info.hpp"

#include "support/catch.hpp"
#include "support/fake_transport.hpp"

using namespace loadline;
using test::FakeTransport;

namespace {

const std::string kPath = "/api/v1/status/buildinfo";

std::string facts(const std::string& data) {
  return R"({"status":"success","data":)" + data + "}";
}

}  // namespace

TEST_CASE("the build information tells the flavour") {
  struct Row {
    std::string data{};
    Flavour flavour{};
    std::string version{};
  };
  const std::vector<Row> rows = {
      {R"({"version":"2.42.0+ds","revision":"2.42.0","branch":"x"})", Flavour::kPrometheus,
       "2.42.0+ds"},
      {R"({"version":"0.34.1","revision":"abc"})", Flavour::kThanos, "0.34.1"},
      {R"({"application":"Grafana Mimir","version":"2.10.0","revision":"abc"})", Flavour::kMimir,
       "2.10.0"},
      {R"({"application":"Grafana Enterprise Metrics","version":"v2"})", Flavour::kMimir, "v2"},
      {R"({"application":"Cortex","version":"1.16"})", Flavour::kUnknown, "1.16"},
  };
  for (const Row& row : rows) {
    INFO(row.data);
    FakeTransport http;
    http.on(kPath, {.body = facts(row.data)});
    const auto info = find_build_info(http);
    REQUIRE(info);
    CHECK(info->flavour == row.flavour);
    CHECK(info->version == row.version);
  }
}

TEST_CASE("VictoriaMetrics is known by its export, its version by its metrics") {
  for (const char* data : {"{}", R"({"version":"2.24.0"})"}) {
    FakeTransport http;
    http.on(kPath, {.body = facts(data)});
    http.on("/api/v1/export", {.content_type = "application/stream+json; charset=utf-8"});
    http.on("/metrics", {.body = "x 1\nvm_app_version{version=\"victoria-metrics-v1.79.0\", "
                                 "short_version=\"v1.79.0\"} 1\n"});
    const auto info = find_build_info(http);
    REQUIRE(info);
    CHECK(info->flavour == Flavour::kVictoriaMetrics);
    CHECK(info->version == "v1.79.0");
  }
}

TEST_CASE("a server that says nothing of itself is unknown, not an error") {
  for (const int status : {400, 403, 404, 501}) {
    INFO(status);
    FakeTransport http;
    http.on(kPath, {.status = status});
    http.on("/api/v1/export", {.status = 404});
    const auto info = find_build_info(http);
    REQUIRE(info);
    CHECK(info->flavour == Flavour::kUnknown);
    CHECK(info->version.empty());
  }
}

TEST_CASE("garbage, and an export that is a web page, make no VictoriaMetrics") {
  FakeTransport http;
  http.on(kPath, {.body = "<html>"});
  http.on("/api/v1/export", {.body = "<html>", .content_type = "text/html"});
  CHECK(find_build_info(http).value().flavour == Flavour::kUnknown);
}

TEST_CASE("a server that cannot be reached or wants credentials is an error") {
  FakeTransport down;
  down.on(kPath, {.error = Error{ErrorKind::kUnreachable, "down"}});
  CHECK(find_build_info(down).error().kind == ErrorKind::kUnreachable);
  FakeTransport locked;
  locked.on(kPath, {.status = 401});
  CHECK(find_build_info(locked).error().kind == ErrorKind::kUnauthorized);
  FakeTransport broken;
  broken.on(kPath, {.status = 503, .body = "starting"});
  CHECK(find_build_info(broken).error().kind == ErrorKind::kUnreachable);
}

TEST_CASE("the version is found in VictoriaMetrics' metrics") {
  CHECK(victoria_metrics_version("") == "");
  CHECK(victoria_metrics_version("vm_app_version{version=\"\", short_version=\"\"} 1") == "");
  CHECK(victoria_metrics_version("a 1\nvm_app_version{short_version=\"v1\"} 1") == "v1");
  CHECK(victoria_metrics_version("vm_app_version{version=\"x\"} 1\nb{short_version=\"v1\"}") == "");
}
