#include "loadline/prometheus/query_api.hpp"

#include "support/catch.hpp"
#include "support/collecting_sink.hpp"
#include "support/fake_transport.hpp"

using namespace loadline;
using test::FakeTransport;
using test::parameter;

namespace {

const std::vector<Matcher> kUp = {{"__name__", MatchOp::kEqual, "up"}};
const TimeRange kRange{from_unix_ms(1'700'000'000'123), from_unix_ms(1'700'000'060'000)};
const std::string kNoVector = R"({"status":"success","data":{"resultType":"vector","result":[]}})";

}  // namespace

TEST_CASE("an instant query is posted as a form, with what some backends need") {
  FakeTransport http;
  http.on("/api/v1/query", {.body = kNoVector});
  QueryApi api(http, {});
  REQUIRE(api.instant("sum(a{b=\"&+%\"})", kRange.start));
  const HttpRequest request = http.requests().at(0);
  CHECK(request.method == HttpMethod::kPost);
  CHECK(request.query.empty());
  CHECK(request.headers.at(0).second == "application/x-www-form-urlencoded");
  CHECK(parameter(request, "query") == "sum(a{b=\"&+%\"})");
  CHECK(parameter(request, "time") == "1700000000.123");
  CHECK(parameter(request, "dedup") == "true");
  CHECK(parameter(request, "partial_response") == "false");
  CHECK(parameter(request, "nocache") == "1");
}

TEST_CASE("a server that refuses POST is asked with GET from then on") {
  FakeTransport http;
  http.on("/api/v1/query", {.status = 405, .body = "Method Not Allowed", .times = 1});
  http.on("/api/v1/query", {.body = kNoVector});
  QueryApi api(http, {});
  REQUIRE(api.instant("up", kRange.start));
  REQUIRE(api.instant("up", kRange.start));
  const std::vector<HttpRequest> requests = http.requests();
  REQUIRE(requests.size() == 3);
  CHECK(requests[1].method == HttpMethod::kGet);
  CHECK(requests[1].body.empty());
  CHECK(parameter(requests[1], "query") == "up");
  CHECK(requests[2].method == HttpMethod::kGet);
}

TEST_CASE("a refusal and a failure to reach the server come through") {
  FakeTransport http;
  http.on("/api/v1/query", {.status = 401, .body = "who are you", .times = 1});
  http.on("/api/v1/query", {.error = Error{ErrorKind::kUnreachable, "down"}});
  QueryApi api(http, {});
  const auto refused = api.instant("up", kRange.start);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::kUnauthorized);
  CHECK(refused.error().message.find("who are you") != std::string::npos);
  CHECK(api.instant("up", kRange.start).error() == Error{ErrorKind::kUnreachable, "down"});
}

TEST_CASE("series and label values are selected with the extra matchers, over a closed range") {
  FakeTransport http;
  http.on("/api/v1/series", {.body = R"({"status":"success","data":[{"a":"b"}]})"});
  http.on("/api/v1/label/namespace/values", {.body = R"({"status":"success","data":["x"]})"});
  QueryApi api(http, {.extra_matchers = {{"cluster", MatchOp::kEqual, "eu"}}});
  CHECK(api.series(kUp, kRange).value() == std::vector<Labels>{{{"a", "b"}}});
  CHECK(api.label_values("namespace", kUp, kRange).value() == std::vector<std::string>{"x"});
  for (const HttpRequest& request : http.requests()) {
    CHECK(parameter(request, "match[]") == R"({__name__="up",cluster="eu"})");
    CHECK(parameter(request, "start") == "1700000000.123");
    CHECK(parameter(request, "end") == "1700000059.999");
  }
  CHECK(http.requests().at(1).method == HttpMethod::kGet);
}

TEST_CASE("an empty range asks for nothing") {
  FakeTransport http;
  QueryApi api(http, {});
  test::CollectingSink sink;
  const TimeRange empty{kRange.start, kRange.start};
  CHECK(api.series(kUp, empty).value().empty());
  CHECK(api.label_values("a", kUp, empty).value().empty());
  CHECK(api.range_samples({kUp, empty}, sink, 1000).value().requests == 0);
  CHECK(http.requests().empty());
}

TEST_CASE(
    "a raw range is asked for so that left-open servers give the start, closed ones no more") {
  FakeTransport http;
  http.on("/api/v1/query",
          {.body = R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":)"
                   R"({"a":"b"},"values":[[1700000000.122,"0"],[1700000000.123,"1"],)"
                   R"([1700000059.999,"2"],[1700000060,"3"]]}]}})"});
  QueryApi api(http, {.extra_matchers = {{"c", MatchOp::kEqual, "d"}}});
  test::CollectingSink sink;
  const auto stats = api.range_samples({kUp, kRange}, sink, 1000);
  REQUIRE(stats);
  const HttpRequest request = http.requests().at(0);
  CHECK(parameter(request, "query") == R"({__name__="up",c="d"}[59877ms])");
  CHECK(parameter(request, "time") == "1700000059.999");
  CHECK(request.max_body_bytes == 1000);
  CHECK(sink.of("a", "b") == std::vector<Sample>{{1'700'000'000'123, 1}, {1'700'000'059'999, 2}});
  CHECK(stats->requests == 1);
  CHECK(stats->bytes > 0);
}

TEST_CASE("a body over the limit is too large") {
  FakeTransport http;
  http.on("/api/v1/query", {.body = std::string(2000, ' ')});
  QueryApi api(http, {});
  test::CollectingSink sink;
  CHECK(api.range_samples({kUp, kRange}, sink, 1000).error().kind == ErrorKind::kTooLarge);
}

TEST_CASE("warnings collect without repetition until they are taken") {
  FakeTransport http;
  http.on("/api/v1/query",
          {.body = R"({"status":"success","data":{"resultType":"vector","result":[]},)"
                   R"("warnings":["store a is down"]})"});
  http.on("/api/v1/series", {.body = R"({"status":"success","data":[],"warnings":["b"]})"});
  QueryApi api(http, {});
  REQUIRE(api.instant("up", kRange.start));
  REQUIRE(api.instant("up", kRange.start));
  REQUIRE(api.series(kUp, kRange));
  CHECK(api.take_warnings() == std::vector<std::string>{"store a is down", "b"});
  CHECK(api.take_warnings().empty());
}

TEST_CASE("flavours have names") {
  CHECK(to_string(Flavour::kPrometheus) == "Prometheus");
  CHECK(to_string(Flavour::kVictoriaMetrics) == "VictoriaMetrics");
  CHECK(to_string(Flavour::kThanos) == "Thanos");
  CHECK(to_string(Flavour::kMimir) == "Mimir");
  CHECK(to_string(Flavour::kUnknown) == "unknown");
}
