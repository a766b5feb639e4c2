#include <snappy.h>

#include <limits>

#include "loadline/model/crc32c.hpp"
#include "loadline/prometheus/sources.hpp"
#include "prometheus/remote_read_probe.hpp"
#include "support/catch.hpp"
#include "support/collecting_sink.hpp"
#include "support/fake_transport.hpp"
#include "support/remote_read_answer.hpp"

namespace loadline {
namespace {

using test::chunk_message;
using test::chunked_response;
using test::frame;

constexpr auto kStreamed = "application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse";
const Labels kWeb{{"__name__", "m"}, {"pod", "web"}};
const Labels kDb{{"__name__", "m"}, {"pod", "db"}};

std::vector<Sample> samples_at(std::initializer_list<std::int64_t> times) {
  std::vector<Sample> samples;
  for (const std::int64_t t_ms : times)
    samples.push_back({.t_ms = t_ms, .value = static_cast<double>(t_ms) / 7});
  return samples;
}

struct Outcome {
  Result<ReadStats> stats = ReadStats{};
  test::CollectingSink sink{};
};

Outcome read(const test::CannedAnswer& answer,
             TimeRange range = {from_unix_ms(100), from_unix_ms(1000)}) {
  test::FakeTransport transport;
  transport.on("/api/v1/read", answer);
  Outcome outcome;
  outcome.stats = make_remote_read_source(transport)->read(
      {.matchers = {{"__name__", MatchOp::kEqual, "m"}}, .range = range}, outcome.sink);
  return outcome;
}

test::CannedAnswer streamed(std::string body, std::size_t chunk_bytes = 0) {
  return {.body = std::move(body), .content_type = kStreamed, .chunk_bytes = chunk_bytes};
}

}  // namespace

TEST_CASE("crc32c is Castagnoli's, with and without the processor's instruction") {
  const std::string text = "123456789";
  CHECK(crc32c(0, std::as_bytes(std::span(text))) == 0xE3069283U);
  CHECK(crc32c_portable(0, std::as_bytes(std::span(text))) == 0xE3069283U);
  const std::string longer(1001, 'x');
  const auto bytes = std::as_bytes(std::span(longer));
  CHECK(crc32c(crc32c(0, bytes.first(333)), bytes.subspan(333)) ==
        test::crc32c_by_definition(longer));
}

TEST_CASE("a streamed answer is decoded however the network cuts it") {
  const std::string body = frame(chunked_response(kDb, {chunk_message(samples_at({100, 200}))})) +
                           frame(chunked_response(kWeb, {chunk_message(samples_at({300})),
                                                         chunk_message(samples_at({400, 999}))}));
  const std::size_t step = GENERATE(0, 1, 2, 3, 7, 64);
  const Outcome outcome = read(streamed(body, step));
  REQUIRE(outcome.stats);
  CHECK(outcome.stats->samples == 5);
  CHECK(outcome.stats->series == 2);
  CHECK(outcome.sink.series().at(kDb) == samples_at({100, 200}));
  CHECK(outcome.sink.series().at(kWeb) == samples_at({300, 400, 999}));
}

TEST_CASE("samples outside the half-open range are trimmed, chunks outside it passed over") {
  const auto outcome = read(streamed(frame(chunked_response(
      kWeb, {chunk_message(samples_at({1, 50})), chunk_message(samples_at({99, 100, 500})),
             chunk_message(samples_at({999, 1000, 1001})), chunk_message(samples_at({2000}))}))));
  REQUIRE(outcome.stats);
  CHECK(outcome.sink.series().at(kWeb) == samples_at({100, 500, 999}));
}

TEST_CASE("overlapping chunks are put in order and each instant is given once") {
  const auto outcome = read(
      streamed(frame(chunked_response(kWeb, {chunk_message(samples_at({100, 300, 500})),
                                             chunk_message(samples_at({200, 300, 400, 600}))}))));
  REQUIRE(outcome.stats);
  CHECK(outcome.sink.series().at(kWeb) == samples_at({100, 200, 300, 400, 500, 600}));
  CHECK(outcome.stats->out_of_order == 0);
}

TEST_CASE(
    "a series that spans frames is one run, and late samples in a later frame are counted as "
    "lost") {
  const auto outcome =
      read(streamed(frame(chunked_response(kWeb, {chunk_message(samples_at({100, 300}))})) +
                    frame(chunked_response(kWeb, {chunk_message(samples_at({200, 300, 400}))}))));
  REQUIRE(outcome.stats);
  CHECK(outcome.stats->series == 1);
  CHECK(outcome.sink.series().at(kWeb) == samples_at({100, 300, 400}));
  CHECK(outcome.stats->out_of_order == 1);
}

TEST_CASE("histogram chunks are skipped and counted, an unknown float encoding is refused") {
  const auto histogram = read(streamed(frame(chunked_response(
      kWeb, {chunk_message(samples_at({100}), 2), chunk_message(samples_at({200}))}))));
  REQUIRE(histogram.stats);
  CHECK(histogram.stats->skipped_chunks == 1);
  CHECK(histogram.sink.series().at(kWeb) == samples_at({200}));
  const auto xor2 =
      read(streamed(frame(chunked_response(kWeb, {chunk_message(samples_at({100}), 4)}))));
  REQUIRE_FALSE(xor2.stats);
  CHECK(xor2.stats.error().kind == ErrorKind::kUnsupported);
}

TEST_CASE("where chunks cannot be decoded, the server is asked for samples, and that is said") {
  std::string series;
  protozero::pbf_writer out(series);
  {
    protozero::pbf_writer label(out, 1);
    label.add_string(1, "pod");
    label.add_string(2, "web");
  }
  for (const Sample& sample : samples_at({90, 200, 300})) {
    protozero::pbf_writer message(out, 2);
    message.add_double(1, sample.value);
    message.add_int64(2, sample.t_ms);
  }
  std::string result;
  protozero::pbf_writer(result).add_message(1, series);
  std::string response;
  protozero::pbf_writer(response).add_message(1, result);
  std::string compressed;
  snappy::Compress(response.data(), response.size(), &compressed);

  test::FakeTransport transport;
  test::CannedAnswer xor2 =
      streamed(frame(chunked_response(kWeb, {chunk_message(samples_at({100}), 4)})));
  xor2.times = 1;
  transport.on("/api/v1/read", xor2);
  transport.on("/api/v1/read", {.body = compressed, .content_type = "application/x-protobuf"});
  transport.on("/api/v1/series", {.body = R"({"status":"success","data":[{"pod":"web"}]})"});
  QueryApi api(transport, {});
  const auto source = make_source(ReadPath::kRemoteReadStreamed, transport, api, {});
  test::CollectingSink sink;
  const auto stats = source->read({.matchers = {{"__name__", MatchOp::kEqual, "m"}},
                                   .range = {from_unix_ms(100), from_unix_ms(1000)}},
                                  sink);
  REQUIRE(stats);
  CHECK(sink.of("pod", "web") == samples_at({200, 300}));
  CHECK(source->path() == ReadPath::kRemoteReadSamples);
}

TEST_CASE("an answer of samples that is damaged is an error") {
  const auto body = GENERATE(std::string("not snappy at all"), std::string(),
                             std::string("\x05\x10"
                                         "abcde"));
  test::FakeTransport transport;
  transport.on("/api/v1/read", {.body = body, .content_type = "application/x-protobuf"});
  transport.on("/api/v1/series", {.body = R"({"status":"success","data":[]})"});
  QueryApi api(transport, {});
  test::CollectingSink sink;
  const auto stats = make_source(ReadPath::kRemoteReadSamples, transport, api, {})
                         ->read({.matchers = {{"__name__", MatchOp::kEqual, "m"}},
                                 .range = {from_unix_ms(100), from_unix_ms(1000)}},
                                sink);
  REQUIRE_FALSE(stats);
  CHECK(stats.error().kind == ErrorKind::kCorrupt);
}

TEST_CASE("a damaged stream is an error that says what is wrong") {
  const std::string good = frame(chunked_response(kWeb, {chunk_message(samples_at({100}))}));
  std::string wrong_crc = good;
  wrong_crc[2] = static_cast<char>(wrong_crc[2] ^ 1);
  struct Row {
    std::string body;
    ErrorKind kind;
    std::string says;
  };
  const auto row = GENERATE_COPY(
      Row{wrong_crc, ErrorKind::kCorrupt, "CRC-32C"},
      Row{good.substr(0, good.size() - 3), ErrorKind::kUnreachable, "ends inside a frame"},
      Row{good + "\x05", ErrorKind::kUnreachable, "ends inside a frame"},
      Row{std::string(20, '\xff'), ErrorKind::kCorrupt, "length does not end"},
      Row{std::string("\xff\xff\xff\xff\x7f", 5) + "abcd", ErrorKind::kCorrupt, "impossibly long"},
      Row{good + "query processing would load too many samples\n", ErrorKind::kUnreachable,
          "would load too many samples"},
      Row{frame("\x0a\xff\xff"), ErrorKind::kCorrupt, "protobuf"},
      Row{frame(chunked_response(kWeb, {"\x18\x01\x22\x03"
                                        "abc"})),
          ErrorKind::kCorrupt, "chunk ends before"});
  INFO(row.says);
  const auto outcome = read(streamed(row.body), {from_unix_ms(0), from_unix_ms(1000)});
  REQUIRE_FALSE(outcome.stats);
  CHECK(outcome.stats.error().kind == row.kind);
  CHECK(outcome.stats.error().message.find(row.says) != std::string::npos);
}

TEST_CASE("an answer that is not streamed, and a refusal, are told apart") {
  const auto samples = read({.body = "", .content_type = "application/x-protobuf"});
  REQUIRE_FALSE(samples.stats);
  CHECK(samples.stats.error().kind == ErrorKind::kUnsupported);
  const auto refused = read({.status = 403, .body = "no entry"});
  REQUIRE_FALSE(refused.stats);
  CHECK(refused.stats.error().kind == ErrorKind::kUnauthorized);
  CHECK(refused.stats.error().message.find("no entry") != std::string::npos);
}

TEST_CASE("the probe tells the three kinds of server apart") {
  struct Row {
    test::CannedAnswer answer;
    std::optional<ReadPath> path;
  };
  const auto row =
      GENERATE(Row{{.content_type = kStreamed}, ReadPath::kRemoteReadStreamed},
               Row{{.content_type = "application/x-protobuf"}, ReadPath::kRemoteReadSamples},
               Row{{.status = 400, .body = "unsupported path"}, std::nullopt},
               Row{{.content_type = "text/html"}, std::nullopt});
  test::FakeTransport transport;
  transport.on("/api/v1/read", row.answer);
  const auto probed = probe_remote_read(transport, {}, from_unix_ms(1'700'000'000'000));
  REQUIRE(probed);
  CHECK(*probed == row.path);
}

}  // namespace loadline
