#include "loadline/prometheus/sources.hpp"
#include "support/catch.hpp"
#include "support/collecting_sink.hpp"
#include "support/fake_transport.hpp"

using namespace loadline;
using test::FakeTransport;

namespace {

const TimePoint kNow = from_unix_ms(1'700'000'000'000);
const std::string kScalar =
    R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"1"]}]}})";
const std::string kLines = "application/stream+json; charset=utf-8";

Result<ChosenPath> choose(FakeTransport& http, std::optional<ReadPath> forced = std::nullopt) {
  QueryApi api(http, {});
  return choose_read_path(http, api, forced, kNow);
}

}  // namespace

TEST_CASE("without remote read VictoriaMetrics is read by export") {
  FakeTransport http;
  http.on("/api/v1/read", {.status = 400, .body = "unsupported path requested: \"/api/v1/read\""});
  http.on("/api/v1/export", {.content_type = kLines});
  const auto chosen = choose(http);
  REQUIRE(chosen);
  CHECK(chosen->path == ReadPath::kVictoriaMetricsExport);
  CHECK(chosen->why.find("export") != std::string::npos);
}

TEST_CASE("where only queries are answered they are the way") {
  FakeTransport http;
  http.on("/api/v1/read", {.status = 404});
  http.on("/api/v1/export", {.status = 404});
  http.on("/api/v1/query", {.body = kScalar});
  const auto chosen = choose(http);
  REQUIRE(chosen);
  CHECK(chosen->path == ReadPath::kQuery);
  CHECK(chosen->why.find("neither") != std::string::npos);
}

TEST_CASE("a proxy that forbids remote read but lets queries pass is read by query") {
  FakeTransport http;
  http.on("/api/v1/read", {.status = 403, .body = "forbidden"});
  http.on("/api/v1/export", {.status = 403, .body = "forbidden"});
  http.on("/api/v1/query", {.body = kScalar});
  const auto chosen = choose(http);
  REQUIRE(chosen);
  CHECK(chosen->path == ReadPath::kQuery);
}

TEST_CASE("remote read that breaks where queries pass is told as the reason") {
  FakeTransport http;
  http.on("/api/v1/read", {.error = Error{ErrorKind::kUnreachable, "reset by peer"}});
  http.on("/api/v1/query", {.body = kScalar});
  const auto chosen = choose(http);
  REQUIRE(chosen);
  CHECK(chosen->path == ReadPath::kQuery);
  CHECK(chosen->why.find("remote read failed (reset by peer)") != std::string::npos);
}

TEST_CASE("where nothing answers, the query API's own error is told") {
  FakeTransport locked;
  locked.on("/api/v1/read", {.status = 401});
  locked.on("/api/v1/query", {.status = 401, .body = "token expired"});
  const auto refused = choose(locked);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::kUnauthorized);
  CHECK(refused.error().message.find("token expired") != std::string::npos);
  FakeTransport down;
  CHECK(choose(down).error().kind == ErrorKind::kUnreachable);
}

TEST_CASE("a forced path is taken at its word") {
  FakeTransport http;
  const auto chosen = choose(http, ReadPath::kVictoriaMetricsExport);
  REQUIRE(chosen);
  CHECK(chosen->path == ReadPath::kVictoriaMetricsExport);
  CHECK(http.requests().empty());
}

TEST_CASE("every path has its source") {
  FakeTransport http;
  QueryApi api(http, {});
  for (const ReadPath path : {ReadPath::kRemoteReadStreamed, ReadPath::kRemoteReadSamples,
                              ReadPath::kQuery, ReadPath::kVictoriaMetricsExport}) {
    CHECK(make_source(path, http, api, {})->path() == path);
  }
}

TEST_CASE("sources that know no extra matchers are given them") {
  FakeTransport http;
  http.on("/api/v1/export", {.content_type = kLines});
  QueryApi api(http, {.extra_matchers = {{"cluster", MatchOp::kEqual, "eu"}}});
  test::CollectingSink sink;
  const Selection up{{{"__name__", MatchOp::kEqual, "up"}}, {kNow - Milliseconds(1000), kNow}};
  REQUIRE(make_source(ReadPath::kVictoriaMetricsExport, http, api, {})->read(up, sink));
  CHECK(test::parameter(http.requests().at(0), "match[]") == R"({__name__="up",cluster="eu"})");
}

TEST_CASE("a request to stop while paths are tried is passed on, no other path is tried") {
  const Error stopped{ErrorKind::kCancelled, "stopped"};
  FakeTransport at_read;
  at_read.on("/api/v1/read", {.error = stopped});
  at_read.on("/api/v1/query", {.body = kScalar});
  FakeTransport at_export;
  at_export.on("/api/v1/read", {.status = 404});
  at_export.on("/api/v1/export", {.error = stopped});
  at_export.on("/api/v1/query", {.body = kScalar});
  for (FakeTransport* http : {&at_read, &at_export}) {
    const auto chosen = choose(*http);
    REQUIRE_FALSE(chosen);
    CHECK(chosen.error() == stopped);
  }
}

TEST_CASE("a stopped streamed read is not asked for as samples") {
  FakeTransport http;
  http.on("/api/v1/read", {.error = Error{ErrorKind::kCancelled, "stopped"}});
  QueryApi api(http, {});
  test::CollectingSink sink;
  const auto stats =
      make_source(ReadPath::kRemoteReadStreamed, http, api, {})
          ->read({{{"__name__", MatchOp::kEqual, "up"}}, {kNow - Milliseconds(1000), kNow}}, sink);
  REQUIRE_FALSE(stats);
  CHECK(stats.error().kind == ErrorKind::kCancelled);
  CHECK(http.requests().size() == 1);
}
