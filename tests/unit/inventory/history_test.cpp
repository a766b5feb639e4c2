#include <cmath>
#include <string>

#include "loadline/inventory/audit.hpp"
#include "support/catch.hpp"
#include "support/fake_transport.hpp"

using namespace loadline;
using test::FakeTransport;

namespace {

const TimePoint kStart = *parse_time("2026-11-10T00:00:00Z");
const TimeRange kWindow{kStart, *parse_time("2026-11-24T16:20:57Z")};

/// A server that has usage in these ranges, seen for five minutes after them.
void serve(FakeTransport& http, std::vector<TimeRange> ranges) {
  http.on_request("/api/v1/query", [ranges = std::move(ranges)](const HttpRequest& request) {
    const TimePoint at = *parse_time(test::parameter(request, "time"));
    std::string result;
    for (const TimeRange& range : ranges) {
      if (range.start <= at && at < range.end + std::chrono::minutes(5)) {
        result = R"({"metric":{},"value":[0,"7"]})";
      }
    }
    return test::CannedAnswer{
        .body = R"({"status":"success","data":{"resultType":"vector","result":[)" + result + "]}}"};
  });
}

std::optional<TimePoint> start_found(FakeTransport& http, TimeRange window = kWindow) {
  QueryApi api(http, {});
  const auto start = find_history_start(api, window);
  REQUIRE(start);
  return *start;
}

}  // namespace

TEST_CASE("history that fills the window begins with it, known by one request") {
  FakeTransport http;
  serve(http, {kWindow});
  CHECK(start_found(http) == kWindow.start);
  CHECK(http.requests().size() == 1);
  const std::string query = test::parameter(http.requests()[0], "query");
  CHECK(
      query ==
      R"(count({__name__=~"container_memory_working_set_bytes|container_cpu_usage_seconds_total",container!=""}))");
}

TEST_CASE("the start of history is found to an hour with few requests") {
  for (int hours = 1; hours < 14 * 24 + 16; hours += 7) {
    FakeTransport http;
    const TimePoint begins = kStart + std::chrono::hours(hours) + std::chrono::minutes(13);
    serve(http, {{begins, kWindow.end}});
    const auto found = start_found(http);
    CAPTURE(hours);
    REQUIRE(found);
    CHECK(*found >= begins);
    CHECK(*found - begins <= std::chrono::hours(1));
    CHECK(http.requests().size() <= 20);
  }
}

TEST_CASE("a gap does not hide what lies before it") {
  FakeTransport http;
  const TimePoint begins = kStart + std::chrono::hours(60);
  serve(http, {{begins, begins + std::chrono::hours(48)},
               {begins + std::chrono::hours(100), kWindow.end}});
  const auto found = start_found(http);
  REQUIRE(found);
  CHECK(*found - begins <= std::chrono::hours(1));
}

TEST_CASE("no usage at all has no start") {
  FakeTransport http;
  serve(http, {});
  CHECK(start_found(http) == std::nullopt);
  CHECK(http.requests().size() <= 16);
}

TEST_CASE("a window of minutes is probed at its end, an empty one not at all") {
  FakeTransport http;
  serve(http, {{kStart + Milliseconds(50'000), kWindow.end}});
  CHECK(start_found(http, {kStart, kStart + std::chrono::minutes(1)}) == kStart);
  CHECK(start_found(http, {kStart, kStart}) == std::nullopt);
  CHECK(http.requests().size() == 1);
}

TEST_CASE("a long window takes few requests too") {
  FakeTransport http;
  const TimeRange year{kStart - std::chrono::days(365), kWindow.end};
  serve(http, {{kStart, kWindow.end}});
  const auto found = start_found(http, year);
  REQUIRE(found);
  CHECK(*found - kStart <= std::chrono::hours(1));
  CHECK(http.requests().size() <= 25);
}

TEST_CASE("a probe that fails is an error that says when") {
  FakeTransport http;
  http.on("/api/v1/query", {.status = 500, .body = "broken"});
  QueryApi api(http, {});
  const auto start = find_history_start(api, kWindow);
  REQUIRE_FALSE(start);
  CHECK(start.error().message.find("looking for usage at 2026-11-10T00:05:00Z: ") == 0);
}
