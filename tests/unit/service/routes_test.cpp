#include "service/routes.hpp"

#include <nlohmann/json.hpp>

#include "support/catch.hpp"
#include "support/matchers.hpp"
#include "support/temp_dir.hpp"
#include "web_fixture.hpp"

namespace loadline::service {
namespace {

HttpAnswer ask(test::World& world, const HttpRequest& request, Door& door) {
  return answer_to(request, {world.view(), door});
}

HttpAnswer ask(test::World& world, const HttpRequest& request) {
  Door open("", nullptr);
  return ask(world, request, open);
}

HttpAnswer visit(test::World& world, const std::string& path) {
  return ask(world, HttpRequest{.path = path});
}

std::string text_of(const HttpAnswer& answer) {
  std::string text = answer.body;
  if (answer.stream) {
    CHECK(answer.stream([&text](std::string_view piece) {
      text += piece;
      return true;
    }));
  }
  return text;
}

std::string header_of(const HttpAnswer& answer, std::string_view name) {
  for (const auto& [key, value] : answer.headers) {
    if (key == name) return value;
  }
  return {};
}

/// The error's sentence, once its form is as promised.
std::string message_of(const HttpAnswer& answer) {
  CHECK(answer.content_type == "application/json");
  const auto error = nlohmann::json::parse(answer.body).at("error");
  CHECK(error.at("status") == answer.status);
  return error.at("message");
}

}  // namespace

TEST_CASE("paths lead where they say, or nowhere") {
  test::World world;
  world.board.publish(test::snapshot_of(test::three_rows()));
  struct Case {
    const char* path = "";
    int status = 0;
    const char* handler = "";
  };
  const std::vector<Case> cases{
      {"/", 200, "page"},
      {"/metrics", 200, "metrics"},
      {"/healthz", 200, "healthz"},
      {"/readyz", 200, "readyz"},
      {"/api/v1/recommendations", 200, "recommendations"},
      {"/api/v1/status", 200, "status"},
      {"/%6detrics", 200, "metrics"},
      {"/metrics%2F", 404, "other"},
      {"/metrics/", 404, "other"},
      {"/metrics%00", 404, "other"},
      {"/METRICS", 404, "other"},
      {"//metrics", 404, "other"},
      {"/api/../metrics", 404, "other"},
      {"/%2e%2e/%2e%2e/etc/passwd", 404, "other"},
      {"/../../etc/passwd", 404, "other"},
      {"/%", 404, "other"},
      {"", 404, "other"},
      {"*", 404, "other"},
      {"/<script>alert(1)</script>", 404, "other"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.path);
    const HttpAnswer answer = visit(world, one.path);
    CHECK(answer.status == one.status);
    CHECK(answer.handler == one.handler);
    if (one.status == 404) CHECK(message_of(answer).find("script") == std::string::npos);
  }
}

TEST_CASE("nothing but reading is allowed") {
  test::World world;
  for (const char* const method : {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "get"}) {
    CAPTURE(method);
    const HttpAnswer answer = ask(world, {.method = method, .path = "/metrics"});
    CHECK(answer.status == 405);
    CHECK(header_of(answer, "Allow") == "GET, HEAD");
    CHECK(ask(world, {.method = method, .path = "/nowhere"}).status == 404);
  }
  CHECK(ask(world, {.method = "HEAD", .path = "/healthz"}).status == 200);
}

TEST_CASE("bodies and long queries are refused and counted") {
  test::World world;
  CHECK(ask(world, {.path = "/healthz", .body = HasBody::kYes}).status == 413);
  CHECK(ask(world, {.path = "/healthz", .query = std::string(8 << 10, 'x')}).status == 200);
  CHECK(ask(world, {.path = "/healthz", .query = std::string((8 << 10) + 1, 'x')}).status == 414);
  CHECK_THAT(world.self_metrics(), test::contains("\nloadline_http_rejected_total 2\n"));
}

TEST_CASE("the process is healthy as long as it answers") {
  test::World world;
  world.board.update([](ServiceStatus& status) { status.phase = Phase::kStopping; });
  CHECK(text_of(visit(world, "/healthz")) == "ok\n");
}

TEST_CASE("readiness is told with its reason, to people and to programs") {
  test::World world;
  CHECK(visit(world, "/readyz").status == 503);
  world.board.publish(test::snapshot_of({}));
  CHECK(visit(world, "/readyz").status == 200);
  CHECK(text_of(visit(world, "/readyz")) ==
        "the last successful cycle ended at 2026-11-24T15:59:57Z\n");
  world.board.update([](ServiceStatus& status) { status.phase = Phase::kStopping; });
  const HttpAnswer answer = ask(world, {.path = "/readyz", .accept = "application/json"});
  CHECK(answer.status == 503);
  CHECK(answer.body == "{\"ready\":false,\"why\":\"the service is stopping\"}\n");
}

TEST_CASE("metrics come in the form that is asked for, with the end that it demands") {
  test::World world;
  world.board.publish(test::snapshot_of(test::three_rows()));
  const HttpAnswer plain = visit(world, "/metrics");
  CHECK_THAT(plain.content_type, test::starts_with("text/plain; version=0.0.4"));
  const std::string text = text_of(plain);
  CHECK_THAT(text, test::contains("loadline_recommendation_request{namespace=\"shop\","));
  CHECK_THAT(text, test::contains("loadline_build_info"));
  CHECK_THAT(text, test::contains("\nloadline_ready 1\n"));
  CHECK(text.find("# EOF") == std::string::npos);

  const HttpAnswer open =
      ask(world, {.path = "/metrics", .accept = "application/openmetrics-text"});
  CHECK_THAT(open.content_type, test::starts_with("application/openmetrics-text"));
  CHECK_THAT(text_of(open), test::ends_with("\n# EOF\n"));
}

TEST_CASE("metrics of itself are there before the first report, and not ready") {
  test::World world;
  const std::string text = text_of(visit(world, "/metrics"));
  CHECK_THAT(text, test::contains("\nloadline_ready 0\n"));
  CHECK(text.find("loadline_recommendation_request{") == std::string::npos);
}

TEST_CASE("a file of passwords guards all but health") {
  const test::TempDir dir;
  test::World world;
  Door door(dir.write("p", "ann:secret\n"), nullptr);
  const HttpRequest known{.path = "/metrics", .authorization = "Basic YW5uOnNlY3JldA=="};
  CHECK(ask(world, known, door).status == 200);
  for (const char* const path :
       {"/", "/metrics", "/api/v1/status", "/api/v1/recommendations", "/nowhere"}) {
    CAPTURE(path);
    const HttpAnswer answer = ask(world, {.path = path}, door);
    CHECK(answer.status == 401);
    CHECK(header_of(answer, "WWW-Authenticate") == "Basic realm=\"loadline\"");
    CHECK(ask(world, {.method = "POST", .path = path}, door).status == 401);
  }
  CHECK(ask(world, {.path = "/healthz"}, door).status == 200);
  CHECK(ask(world, {.path = "/readyz"}, door).status == 503);
}

TEST_CASE("a rotated password counts at once") {
  const test::TempDir dir;
  test::World world;
  Door door(dir.write("p", "ann:secret\n"), nullptr);
  const HttpRequest request{.path = "/metrics", .authorization = "Basic YW5uOnNlY3JldA=="};
  CHECK(ask(world, request, door).status == 200);
  dir.write("p", "ann:Secret\n");
  CHECK(ask(world, request, door).status == 401);
  dir.write("p", "ann:secret\n");
  CHECK(ask(world, request, door).status == 200);
}

}  // namespace loadline::service
