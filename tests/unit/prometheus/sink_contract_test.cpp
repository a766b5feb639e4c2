/// Whatever becomes of a transfer, a series that was begun is ended before anything else happens to
/// the sink: before the next series, and before read() returns. Sinks outlive reads.
#include <snappy.h>

#include <protozero/pbf_writer.hpp>
#include <stop_token>
#include <string>
#include <vector>

#include "loadline/prometheus/curl_transport.hpp"
#include "loadline/prometheus/retrying_transport.hpp"
#include "loadline/prometheus/sources.hpp"
#include "support/catch.hpp"
#include "support/collecting_sink.hpp"
#include "support/curl_fixture.hpp"
#include "support/fake_transport.hpp"
#include "support/remote_read_answer.hpp"
#include "support/tcp_server.hpp"

namespace loadline {
namespace {

using test::CannedAnswer;
using test::CollectingSink;
using test::FakeTransport;

constexpr auto kStreamed = "application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse";
/// More than are handed over at once, so that a series is open when the rest does not come.
constexpr int kManySamples = 5'000;

const Labels kWeb{{"__name__", "m"}, {"pod", "web"}};
const Labels kDb{{"__name__", "m"}, {"pod", "db"}};
const Selection kAll{{{"__name__", MatchOp::kEqual, "m"}},
                     {from_unix_ms(0), from_unix_ms(10'000'000)}};

std::vector<Sample> samples_from(std::int64_t first_ms, int count) {
  std::vector<Sample> samples;
  for (int i = 0; i < count; ++i) samples.push_back({first_ms + i * 1'000, i * 0.5});
  return samples;
}

std::string frame_of(const Labels& labels, std::int64_t first_ms) {
  return test::frame(
      test::chunked_response(labels, {test::chunk_message(samples_from(first_ms, 3))}));
}

/// `web` over two frames, then `db`.
std::string three_frames() {
  return frame_of(kWeb, 1'000) + frame_of(kWeb, 100'000) + frame_of(kDb, 1'000);
}

CannedAnswer streamed(std::string body) {
  return {.body = std::move(body), .content_type = kStreamed, .chunk_bytes = 7};
}

/// Breaks inside the second frame, when `web` is open.
CannedAnswer broken_stream() {
  CannedAnswer answer = streamed(three_frames());
  answer.break_after = frame_of(kWeb, 1'000).size() + 10;
  answer.times = 1;
  return answer;
}

RetryWorld quick_world() {
  return {.sleep = [](Milliseconds) {}, .random = [] { return 0.5; }};
}

void check_open_series_ended(const CollectingSink& sink) {
  CHECK(sink.runs() > 0);
  CHECK(sink.breaches().empty());
}

}  // namespace

TEST_CASE("sink contract: a streamed read that breaks inside a series ends it") {
  FakeTransport http;
  http.on("/api/v1/read", broken_stream());
  CollectingSink sink;
  CHECK_FALSE(make_remote_read_source(http)->read(kAll, sink));
  check_open_series_ended(sink);
  CHECK(sink.of("pod", "web") == samples_from(1'000, 3));
}

TEST_CASE("sink contract: a streamed read whose bytes turn bad inside a series ends it") {
  const std::string first = frame_of(kWeb, 1'000);
  std::string wrong_crc = frame_of(kWeb, 100'000);
  wrong_crc[2] = static_cast<char>(wrong_crc[2] ^ 1);
  const std::string bad_chunk = test::frame(test::chunked_response(kWeb, {"\x18\x01\x22\x03"
                                                                          "abc"}));
  for (const std::string& next : {wrong_crc, bad_chunk, std::string("\x05"),
                                  std::string("query processing would load too many samples\n")}) {
    FakeTransport http;
    http.on("/api/v1/read", streamed(first + next));
    CollectingSink sink;
    CHECK_FALSE(make_remote_read_source(http)->read(kAll, sink));
    check_open_series_ended(sink);
  }
}

TEST_CASE("sink contract: a series cut by a retry is ended before it begins again") {
  FakeTransport http;
  http.on("/api/v1/read", broken_stream());
  http.on("/api/v1/read", streamed(three_frames()));
  RetryingTransport retrying(http, {}, quick_world());
  CollectingSink sink;
  const auto stats = make_remote_read_source(retrying)->read(kAll, sink);
  REQUIRE(stats);
  CHECK(stats->samples == 9);
  CHECK(sink.runs() == 3);
  check_open_series_ended(sink);
  CHECK(sink.of("pod", "db") == samples_from(1'000, 3));
}

TEST_CASE("sink contract: a series cut by a retry that is refused is ended") {
  FakeTransport http;
  http.on("/api/v1/read", broken_stream());
  http.on("/api/v1/read", {.status = 403, .body = "no"});
  RetryingTransport retrying(http, {}, quick_world());
  CollectingSink sink;
  CHECK_FALSE(make_remote_read_source(retrying)->read(kAll, sink));
  check_open_series_ended(sink);
}

namespace {

/// Asks to stop at the first samples.
class StoppingSink final : public SeriesSink {
 public:
  explicit StoppingSink(std::stop_source source) : source_(std::move(source)) {}
  void begin_series(const Labels& labels) override { kept.begin_series(labels); }
  void on_samples(std::span<const Sample> samples) override {
    kept.on_samples(samples);
    source_.request_stop();
  }
  void end_series() override { kept.end_series(); }

  CollectingSink kept{};

 private:
  std::stop_source source_;
};

}  // namespace

TEST_CASE("sink contract: a streamed read that is stopped inside a series ends it") {
  test::TcpServer server(
      {{.bytes = "HTTP/1.1 200 OK\r\nContent-Type: " + std::string(kStreamed) +
                 "\r\nContent-Length: 1000000\r\n\r\n" + frame_of(kWeb, 1'000)}});
  const std::stop_source source;
  test::forget_proxies();
  const auto transport = make_curl_transport({.url = server.url()}, source.get_token());
  REQUIRE(transport);
  RetryingTransport retrying(**transport, {}, real_retry_world(source.get_token()));
  StoppingSink sink(source);
  const auto stats = make_remote_read_source(retrying)->read(kAll, sink);
  REQUIRE_FALSE(stats);
  CHECK(stats.error().kind == ErrorKind::kCancelled);
  CHECK(server.requests().size() == 1);
  check_open_series_ended(sink.kept);
}

// ---- the paths whose answers come whole

namespace {

std::string sampled_series(const Labels& labels, int count) {
  std::string series;
  protozero::pbf_writer out(series);
  for (const auto& [name, value] : labels.pairs()) {
    protozero::pbf_writer label(out, 1);
    label.add_string(1, name);
    label.add_string(2, value);
  }
  for (const Sample& sample : samples_from(1'000, count)) {
    protozero::pbf_writer message(out, 2);
    message.add_double(1, sample.value);
    message.add_int64(2, sample.t_ms);
  }
  return series;
}

std::string snappy_of(const std::string& result) {
  std::string response;
  protozero::pbf_writer(response).add_message(1, result);
  std::string compressed;
  snappy::Compress(response.data(), response.size(), &compressed);
  return compressed;
}

Error read_error(ReadPath path, CannedAnswer answer, CollectingSink& sink) {
  FakeTransport http;
  http.on("/api/v1/series", {.body = R"({"status":"success","data":[]})"});
  for (const char* endpoint : {"/api/v1/read", "/api/v1/query", "/api/v1/export"}) {
    http.on(endpoint, answer);
  }
  QueryApi api(http, {});
  const auto stats = make_source(path, http, api, {})->read(kAll, sink);
  REQUIRE_FALSE(stats);
  return stats.error();
}

}  // namespace

TEST_CASE("sink contract: an answer of samples that turns bad ends the series before") {
  std::string result;
  protozero::pbf_writer out(result);
  out.add_message(1, sampled_series(kWeb, kManySamples));
  out.add_message(1, std::string("\x0a\xff\xff"));
  CollectingSink sink;
  const CannedAnswer answer{.body = snappy_of(result), .content_type = "application/x-protobuf"};
  CHECK(read_error(ReadPath::kRemoteReadSamples, answer, sink).kind == ErrorKind::kCorrupt);
  check_open_series_ended(sink);
}

TEST_CASE("sink contract: a matrix that turns bad inside a series ends it") {
  std::string values;
  for (int i = 1; i <= kManySamples; ++i) values += "[" + std::to_string(i) + ",\"1\"],";
  CollectingSink sink;
  const CannedAnswer answer{
      .body = R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":)"
              R"({"pod":"web"},"values":[)" +
              values + "[oops]]}]}}"};
  CHECK(read_error(ReadPath::kQuery, answer, sink).kind == ErrorKind::kCorrupt);
  check_open_series_ended(sink);
}

TEST_CASE("sink contract: an export that breaks between the lines of a series leaves none open") {
  std::string values = "0";
  std::string times = "1000";
  for (int i = 2; i <= kManySamples; ++i) {
    values += ",1";
    times += "," + std::to_string(i * 1'000);
  }
  const std::string line =
      R"({"metric":{"pod":"web"},"values":[)" + values + R"(],"timestamps":[)" + times + "]}\n";
  CannedAnswer answer{.body = line + line, .content_type = "application/stream+json"};
  answer.break_after = line.size() + 10;
  CollectingSink sink;
  CHECK(read_error(ReadPath::kVictoriaMetricsExport, answer, sink).kind == ErrorKind::kUnreachable);
  check_open_series_ended(sink);
}

}  // namespace loadline
