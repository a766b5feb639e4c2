#include <cmath>
#include <limits>
#include <random>

#include "loadline/prometheus/retrying_transport.hpp"
#include "loadline/prometheus/sources.hpp"
#include "support/catch.hpp"
#include "support/collecting_sink.hpp"
#include "support/fake_transport.hpp"

using namespace loadline;
using test::CannedAnswer;
using test::FakeTransport;

namespace {

const std::string kPath = "/api/v1/export";
const std::string kLines = "application/stream+json; charset=utf-8";
const Selection kAll{{{"__name__", MatchOp::kEqual, "up"}},
                     {from_unix_ms(1'000'000), from_unix_ms(2'000'000)}};

std::string line(const std::string& pod, const std::string& values, const std::string& times) {
  return R"({"metric":{"__name__":"up","pod":")" + pod + R"("},"values":[)" + values +
         R"(],"timestamps":[)" + times + "]}\n";
}

struct Read {
  Result<ReadStats> stats = ReadStats{};
  test::CollectingSink sink{};
};

Read read(CannedAnswer answer) {
  FakeTransport http;
  if (answer.content_type == "application/json") answer.content_type = kLines;
  http.on(kPath, std::move(answer));
  Read result;
  result.stats = make_export_source(http)->read(kAll, result.sink);
  return result;
}

}  // namespace

TEST_CASE("the whole selection is asked for at once, to the millisecond") {
  FakeTransport http;
  http.on(kPath, {.content_type = kLines});
  test::CollectingSink sink;
  REQUIRE(make_export_source(http)->read(kAll, sink));
  REQUIRE(http.requests().size() == 1);
  const HttpRequest request = http.requests()[0];
  CHECK(request.method == HttpMethod::kPost);
  CHECK(test::parameter(request, "match[]") == R"({__name__="up"})");
  CHECK(test::parameter(request, "start") == "1000.000");
  CHECK(test::parameter(request, "end") == "1999.999");
}

TEST_CASE("lines are series, whatever the chunks they arrive in") {
  const std::string body = line("a", "1,2.5,-3", "1000000,1500000,1999999") +
                           line("a", "4", "1999999") + line("b", "7", "1000001");
  for (const std::size_t chunk : {1U, 2U, 7U, 64U, 0U}) {
    const Read result = read({.body = body, .chunk_bytes = chunk});
    REQUIRE(result.stats);
    CHECK(result.stats->samples == 5);
    CHECK(result.stats->series == 3);
    CHECK(result.stats->bytes == body.size());
    CHECK(result.sink.of("pod", "a").at(1) == Sample{1'500'000, 2.5});
    CHECK(result.sink.of("pod", "b") == std::vector<Sample>{{1'000'001, 7}});
    CHECK(result.sink.breaches().empty());
  }
}

TEST_CASE("null is no sample, infinities are, quoted or not") {
  const Read result = read({.body = line("a", "null,+Inf,-Inf,\"Infinity\",1e-7,NaN",
                                         "1000001,1000002,1000003,1000004,1000005,1000006")});
  REQUIRE(result.stats);
  const std::vector<Sample> samples = result.sink.of("pod", "a");
  constexpr double kInf = std::numeric_limits<double>::infinity();
  REQUIRE(samples.size() == 5);
  CHECK(samples[0] == Sample{1'000'002, kInf});
  CHECK(samples[1] == Sample{1'000'003, -kInf});
  CHECK(samples[2] == Sample{1'000'004, kInf});
  CHECK(samples[3] == Sample{1'000'005, 1e-7});
  CHECK(std::isnan(samples[4].value));
}

TEST_CASE("samples are put in order and trimmed to the range") {
  const Read result =
      read({.body = line("a", "3,1,2,0,9", "1000003,1000001,1000002,999999,2000000")});
  REQUIRE(result.stats);
  CHECK(result.sink.of("pod", "a") ==
        std::vector<Sample>{{1'000'001, 1}, {1'000'002, 2}, {1'000'003, 3}});
  CHECK(result.stats->out_of_order == 0);
}

TEST_CASE("a last line without a line feed, blank lines and foreign bytes are read") {
  std::string body = "\n \n" + line("a\xff", "1", "1000001");
  body.pop_back();
  const Read result = read({.body = body});
  REQUIRE(result.stats);
  CHECK(result.sink.of("pod", "a\xef\xbf\xbd").size() == 1);
}

TEST_CASE("a transfer that broke is read again from its beginning") {
  FakeTransport http;
  const std::string body = line("a", "1,2", "1000001,1000002") + line("b", "3", "1000003");
  http.on(kPath, {.body = body,
                  .content_type = kLines,
                  .chunk_bytes = 5,
                  .break_after = body.size() - 20,
                  .times = 1});
  http.on(kPath, {.body = body, .content_type = kLines, .chunk_bytes = 5});
  RetryWorld world{.sleep = [](Milliseconds) {}, .random = [] { return 0.5; }, .on_retry = {}};
  RetryingTransport retrying(http, {}, world);
  test::CollectingSink sink;
  const auto stats = make_export_source(retrying)->read(kAll, sink);
  REQUIRE(stats);
  CHECK(stats->samples == 3);
  CHECK(sink.of("pod", "b").size() == 1);
  CHECK(sink.breaches().empty());
}

TEST_CASE("what is no export line is corrupt, and quoted") {
  const std::vector<std::string> rows = {
      "remoteAddr: error when exporting\n",
      "{}\n",
      "[]\n",
      line("a", "1,2", "1000001"),
      line("a", "1", "1000001,1000002"),
      line("a", "x", "1000001"),
      line("a", "1", "1000001.5"),
      line("a", "1", "\"1000001\""),
      line("a", "1,", "1000001"),
      R"({"metric":{"a":"b"},"values":{},"timestamps":[]})"
      "\n",
      R"({"metric":[],"values":[],"timestamps":[]})"
      "\n",
      line("a", "1", "1000001").substr(0, 40),
      std::string(100'000, '[') + "\n",
  };
  for (const std::string& row : rows) {
    INFO(row.substr(0, 100));
    const Read result = read({.body = line("z", "1", "1000001") + row, .chunk_bytes = 11});
    REQUIRE_FALSE(result.stats);
    CHECK(result.stats.error().kind == ErrorKind::kCorrupt);
    CHECK(result.sink.breaches().empty());
  }
  CHECK(read({.body = "oops\n"}).stats.error().message.find("`oops`") != std::string::npos);
}

TEST_CASE("a line that never ends is given up, not buffered for ever") {
  const Read result = read({.body = std::string(66U << 20, 'x'), .chunk_bytes = 1U << 20});
  CHECK(result.stats.error().kind == ErrorKind::kCorrupt);
}

TEST_CASE("a server without export is unsupported") {
  CHECK(read({.status = 404}).stats.error().kind == ErrorKind::kUnsupported);
  CHECK(read({.status = 400, .body = "unsupported path requested"}).stats.error().kind ==
        ErrorKind::kUnsupported);
  CHECK(read({.body = "<html>", .content_type = "text/html"}).stats.error().kind ==
        ErrorKind::kUnsupported);
  CHECK(read({.status = 401}).stats.error().kind == ErrorKind::kUnauthorized);
}

TEST_CASE("flipped and missing bytes never crash the export reader") {
  const std::string body =
      line("a\\n", "1,null,+Inf", "1000001,1000002,1000003") + line("b", "1.5e3", "1000001");
  std::mt19937 random(11);
  for (int round = 0; round < 5'000; ++round) {
    std::string broken = body.substr(0, random() % (body.size() + 1));
    for (auto flips = random() % 3; flips > 0 && !broken.empty(); --flips) {
      broken[random() % broken.size()] = static_cast<char>(random() % 256);
    }
    const Read result = read({.body = broken, .chunk_bytes = 1 + random() % 50});
    REQUIRE(result.sink.breaches().empty());
  }
}
