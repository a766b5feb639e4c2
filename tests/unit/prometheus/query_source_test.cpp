#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>

#include "loadline/prometheus/sources.hpp"
#include "support/catch.hpp"
#include "support/collecting_sink.hpp"
#include "support/fake_transport.hpp"

using namespace loadline;
using test::CannedAnswer;
using test::parameter;

namespace {

enum class Ranges { kClosed, kLeftOpen };

/// A Prometheus of a few lines: series in memory, raw range selectors of either generation, and a
/// limit on samples.
struct TinyPrometheus {
  std::map<std::string, std::vector<Sample>> series{};  ///< by pod
  Ranges ranges = Ranges::kClosed;
  std::size_t max_samples = 1'000'000;

  CannedAnswer list_series() const {
    std::string data;
    for (const auto& [pod, samples] : series) {
      data += (data.empty() ? "" : ",") + ("{\"pod\":\"" + pod + "\"}");
    }
    return {.body = R"({"status":"success","data":[)" + data + "]}"};
  }

  CannedAnswer query(const HttpRequest& request) const {
    const std::string promql = parameter(request, "query");
    const auto length_ms = std::stoll(promql.substr(promql.find('[') + 1));
    const auto end_ms = std::llround(std::stod(parameter(request, "time")) * 1000);
    const std::int64_t first_ms = end_ms - length_ms + (ranges == Ranges::kLeftOpen ? 1 : 0);
    std::string result;
    std::size_t count = 0;
    for (const auto& [pod, samples] : series) {
      std::string values;
      for (const Sample& sample : samples) {
        if (sample.t_ms < first_ms || sample.t_ms > end_ms) continue;
        values += (values.empty() ? "[" : ",[") + std::to_string(sample.t_ms / 1000) + "." +
                  std::to_string(1000 + sample.t_ms % 1000).substr(1) + ",\"" +
                  std::to_string(sample.value) + "\"]";
        ++count;
      }
      if (values.empty()) continue;
      result += (result.empty() ? "" : ",") +
                ("{\"metric\":{\"pod\":\"" + pod + "\"},\"values\":[" + values + "]}");
    }
    if (count > max_samples) return {.status = 422, .body = R"({"error":"too many samples"})"};
    return {.body =
                R"({"status":"success","data":{"resultType":"matrix","result":[)" + result + "]}}"};
  }
};

TinyPrometheus three_pods() {
  TinyPrometheus server;
  for (int pod = 0; pod < 3; ++pod) {
    std::vector<Sample>& samples = server.series["p" + std::to_string(pod)];
    for (int i = 0; i < 100; ++i) samples.push_back({1'000'000 + i * 1000 + pod, i * 1.0});
  }
  return server;
}

struct Read {
  Result<ReadStats> stats = ReadStats{};
  test::CollectingSink sink{};
  std::size_t requests = 0;
};

Read read(const TinyPrometheus& server, TimeRange range, std::uint64_t max_samples) {
  test::FakeTransport http;
  http.on_request("/api/v1/series", [&](const HttpRequest&) { return server.list_series(); });
  http.on_request("/api/v1/query", [&](const HttpRequest& r) { return server.query(r); });
  QueryApi api(http, {});
  const PieceLimits limits{.max_samples = max_samples, .scrape_interval = Milliseconds(1000)};
  Read result;
  const Selection all{{{"__name__", MatchOp::kEqual, "m"}}, range};
  result.stats = make_query_source(api, limits)->read(all, result.sink);
  result.requests = http.requests().size();
  return result;
}

}  // namespace

TEST_CASE("every sample in the range comes exactly once, however the range is cut") {
  const TimeRange range{from_unix_ms(1'005'000), from_unix_ms(1'095'000)};
  TinyPrometheus server = three_pods();
  for (const Ranges ranges : {Ranges::kClosed, Ranges::kLeftOpen}) {
    server.ranges = ranges;
    for (const std::uint64_t max_samples : {1U, 30U, 33U, 45U, 100U, 1000U}) {
      INFO(max_samples);
      const Read result = read(server, range, max_samples);
      REQUIRE(result.stats);
      CHECK(result.sink.breaches().empty());
      for (const auto& [pod, samples] : server.series) {
        std::vector<Sample> expected;
        std::copy_if(samples.begin(), samples.end(), std::back_inserter(expected),
                     [](const Sample& s) { return s.t_ms >= 1'005'000 && s.t_ms < 1'095'000; });
        CHECK(result.sink.of("pod", pod) == expected);
      }
      CHECK(result.stats->samples == 270);
      CHECK(result.stats->requests == result.requests);
    }
  }
}

TEST_CASE("pieces are as large as allowed") {
  const TimeRange range{from_unix_ms(1'000'000), from_unix_ms(1'100'000)};
  // 3 series x 50 scrapes a piece: two pieces and the estimate.
  CHECK(read(three_pods(), range, 150).requests == 3);
  CHECK(read(three_pods(), range, 1'000'000).requests == 2);
}

TEST_CASE("a server that refuses a piece is asked for halves, and all comes in the end") {
  TinyPrometheus server = three_pods();
  server.max_samples = 40;
  const TimeRange range{from_unix_ms(1'000'000), from_unix_ms(1'100'000)};
  const Read result = read(server, range, 1'000'000);
  REQUIRE(result.stats);
  CHECK(result.stats->samples == 300);
  CHECK(result.sink.breaches().empty());
}

TEST_CASE("where even one scrape is too much the refusal is passed on") {
  TinyPrometheus server = three_pods();
  server.max_samples = 2;
  const TimeRange range{from_unix_ms(1'000'000), from_unix_ms(1'100'000)};
  const Read result = read(server, range, 1'000'000);
  REQUIRE_FALSE(result.stats);
  CHECK(result.stats.error().kind == ErrorKind::kTooLarge);
}

TEST_CASE("an index that knows no series is not believed") {
  test::FakeTransport http;
  const TinyPrometheus server = three_pods();
  http.on("/api/v1/series", {.body = R"({"status":"success","data":[]})"});
  http.on_request("/api/v1/query", [&](const HttpRequest& r) { return server.query(r); });
  QueryApi api(http, {});
  test::CollectingSink sink;
  const Selection all{{}, {from_unix_ms(1'000'000), from_unix_ms(1'100'000)}};
  REQUIRE(make_query_source(api, {})->read(all, sink));
  CHECK(sink.samples() == 300);
}

TEST_CASE("an empty range costs no request") {
  const Read result = read(three_pods(), {from_unix_ms(5), from_unix_ms(5)}, 100);
  CHECK(result.requests == 0);
}
