#include "prometheus/api_json.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <random>

#include "support/catch.hpp"
#include "support/collecting_sink.hpp"

using namespace loadline;

namespace {

const TimeRange kAlways{from_unix_ms(-1), from_unix_ms(std::int64_t{1} << 60)};

std::string success(const std::string& data, const std::string& more = "") {
  return R"({"status":"success","data":)" + data + more + "}";
}

std::string vector_of(const std::string& entries) {
  return success(R"({"resultType":"vector","result":[)" + entries + "]}");
}

std::string matrix_of(const std::string& series) {
  return success(R"({"resultType":"matrix","result":[)" + series + "]}");
}

ErrorKind kind_of_matrix(const std::string& body) {
  test::CollectingSink sink;
  const Result<ReadStats> stats = read_matrix(body, kAlways, sink, "/q");
  CHECK(sink.breaches().empty());
  REQUIRE_FALSE(stats);
  CHECK(stats.error().message.starts_with("/q: "));
  return stats.error().kind;
}

Result<Answer<std::vector<InstantSample>>> read_instant(const std::string& body,
                                                        std::string_view what) {
  Answer<std::vector<InstantSample>> answer;
  auto warnings = visit_instant(body, what, [&](const Labels& labels, double value) {
    answer.data.push_back({labels, value});
  });
  if (!warnings) return tl::unexpected<Error>(warnings.error());
  answer.warnings = std::move(*warnings);
  return answer;
}

Result<Answer<std::vector<Labels>>> read_label_sets(const std::string& body, std::string_view what,
                                                    LabelNames keep = {}) {
  Answer<std::vector<Labels>> answer;
  auto warnings = visit_label_sets(body, what, keep,
                                   [&](const Labels& labels) { answer.data.push_back(labels); });
  if (!warnings) return tl::unexpected<Error>(warnings.error());
  answer.warnings = std::move(*warnings);
  return answer;
}

}  // namespace

TEST_CASE("a vector gives labels and values, infinities and NaN included") {
  const auto answer = read_instant(
      vector_of(R"({"metric":{"__name__":"up","job":"a"},"value":[1700000000.123,"1.5"]},)"
                R"({"metric":{},"value":[1700000000,"+Inf"]},)"
                R"({"metric":{"a":"b"},"value":[1700000000,"NaN"]})"),
      "/q");
  REQUIRE(answer);
  REQUIRE(answer->data.size() == 3);
  CHECK(answer->data[0].labels == Labels{{"__name__", "up"}, {"job", "a"}});
  CHECK(answer->data[0].value == 1.5);
  CHECK(answer->data[1].value == std::numeric_limits<double>::infinity());
  CHECK(std::isnan(answer->data[2].value));
}

TEST_CASE("a scalar is one sample without labels") {
  const auto answer =
      read_instant(success(R"({"resultType":"scalar","result":[1700000000.5,"42"]})"), "/q");
  REQUIRE(answer);
  REQUIRE(answer->data.size() == 1);
  CHECK(answer->data[0].labels.empty());
  CHECK(answer->data[0].value == 42);
}

TEST_CASE("vector entries that hold a native histogram are left out") {
  const auto answer = read_instant(
      vector_of(R"({"metric":{"a":"h"},"histogram":[1,{"count":"3","buckets":[[1,"0","1","3"]]}]},)"
                R"({"metric":{"a":"f"},"value":[1,"2"]})"),
      "/q");
  REQUIRE(answer);
  REQUIRE(answer->data.size() == 1);
  CHECK(answer->data[0].labels == Labels{{"a", "f"}});
}

TEST_CASE("keys may come in any order, unknown ones and null lists are passed over") {
  const auto answer =
      read_instant(R"({"infos":["x"],"warnings":null,"data":{"stats":{"a":[{}]},"result":)"
                   R"([{"metric":{},"value":[1,"2"]}],"resultType":"vector"},"status":"success"})",
                   "/q");
  REQUIRE(answer);
  CHECK(answer->data.size() == 1);
  CHECK(answer->warnings.empty());
  CHECK(read_label_sets(success("null"), "/s")->data.empty());
  CHECK(read_strings(success("null"), "/l")->data.empty());
  CHECK(read_instant(success(R"({"resultType":"vector","result":null})"), "/q")->data.empty());
}

TEST_CASE("warnings are kept, a partial answer is one, infos are none") {
  const auto answer = read_strings(
      success("[]", R"(,"warnings":["store down","x"],"isPartial":true,"infos":["i"])"), "/l");
  REQUIRE(answer);
  REQUIRE(answer->warnings.size() == 3);
  CHECK(answer->warnings[0] == "store down");
  CHECK(answer->warnings[2].find("partial") != std::string::npos);
  CHECK(read_strings(success("[]", R"(,"isPartial":false)"), "/l")->warnings.empty());
}

TEST_CASE("label sets and strings are unescaped") {
  const auto sets = read_label_sets(
      success(R"([{"__name__":"up","l":"a\nb\"c\\d\u0001\u00e9"},{"empty":""}])"), "/s");
  REQUIRE(sets);
  REQUIRE(sets->data.size() == 2);
  CHECK(sets->data[0].get("l") == "a\nb\"c\\d\x01\xc3\xa9");
  CHECK(sets->data[1].empty());
  const auto strings = read_strings(success(R"(["a","\u0000"])"), "/l");
  REQUIRE(strings);
  CHECK(strings->data == std::vector<std::string>{"a", std::string(1, '\0')});
}

TEST_CASE("bytes that are no UTF-8 in a label are mended, not fatal") {
  const auto sets = read_label_sets(success("[{\"l\":\"a\xff\"}]"), "/s");
  REQUIRE(sets);
  CHECK(sets->data[0].get("l") == "a\xef\xbf\xbd");
}

TEST_CASE("a matrix reaches the sink series by series, trimmed to the range") {
  test::CollectingSink sink;
  const Result<ReadStats> stats = read_matrix(
      matrix_of(R"({"metric":{"a":"x"},"values":[[0.999,"1"],[1,"2"],[1.999,"3"],[2,"4"]]},)"
                R"({"metric":{"a":"y"},"values":[[1.5,"NaN"]]},)"
                R"({"metric":{"a":"z"},"values":[]})"),
      {from_unix_ms(1000), from_unix_ms(2000)}, sink, "/q");
  REQUIRE(stats);
  CHECK(sink.of("a", "x") == std::vector<Sample>{{1000, 2}, {1999, 3}});
  CHECK(sink.of("a", "y").size() == 1);
  CHECK(stats->samples == 3);
  CHECK(stats->series == 2);
  CHECK(sink.breaches().empty());
}

TEST_CASE("native histograms of a matrix are skipped and counted") {
  test::CollectingSink sink;
  const Result<ReadStats> stats = read_matrix(
      matrix_of(R"({"metric":{"a":"h"},"histograms":[[1,{"count":"3"}]]},)"
                R"({"metric":{"a":"b"},"values":[[1,"1"]],"histograms":[[2,{"count":"3"}]]})"),
      kAlways, sink, "/q");
  REQUIRE(stats);
  CHECK(stats->skipped_chunks == 2);
  CHECK(stats->samples == 1);
}

TEST_CASE("an error in a good answer is an error, with the server's words") {
  test::CollectingSink sink;
  const auto error = [&](const std::string& message) {
    return read_matrix(R"({"status":"error","errorType":"x","error":")" + message + "\"}", kAlways,
                       sink, "/q")
        .error();
  };
  CHECK(error("no such tenant").kind == ErrorKind::kRejected);
  CHECK(error("no such tenant").message.find("no such tenant") != std::string::npos);
  CHECK(error("would load too many samples").kind == ErrorKind::kTooLarge);
}

TEST_CASE("what is no such answer is corrupt, whatever its shape") {
  const std::vector<std::string> rows = {
      "",
      " ",
      "null",
      "[]",
      "{}",
      "42",
      "\"x\"",
      "<html>login</html>",
      R"({"status":"success"})",
      R"({"data":{"resultType":"matrix","result":[]}})",
      R"({"status":7,"data":{}})",
      success("[]"),
      success("7"),
      success(R"({"resultType":"vector","result":[]})"),
      success(R"({"resultType":"matrix","result":{}})"),
      matrix_of("7"),
      matrix_of(R"({"metric":7})"),
      matrix_of(R"({"values":[[1,"1"]],"metric":{}})"),
      matrix_of(R"({"metric":{"a":7}})"),
      matrix_of(R"({"metric":{},"values":[[1,"x"]]})"),
      matrix_of(R"({"metric":{},"values":[[1e300,"1"]]})"),
      matrix_of(R"({"metric":{},"values":7})"),
      matrix_of("") + "x",
      matrix_of("") + "{}",
      matrix_of(R"({"metric":{"a":"\ud800"},"values":[]})"),
      std::string(100'000, '['),
      success(std::string(100'000, '[')),
  };
  for (const std::string& row : rows) {
    INFO(row.substr(0, 200));
    CHECK(kind_of_matrix(row) == ErrorKind::kCorrupt);
  }
}

TEST_CASE("deep nesting where nothing is expected is passed over") {
  const std::string deep = std::string(50'000, '[') + std::string(50'000, ']');
  const auto answer = read_strings(success(R"(["a"])", ",\"infos\":" + deep), "/l");
  if (answer) CHECK(answer->data.size() == 1);
  if (!answer) CHECK(answer.error().kind == ErrorKind::kCorrupt);
}

TEST_CASE("every truncation of a good body is corrupt") {
  const std::string body =
      matrix_of(R"({"metric":{"a":"x","b":"\u00e9"},"values":[[1.5,"1"],[2.5,"2.25"]]},)"
                R"({"metric":{"a":"y"},"values":[[1.5,"NaN"]]})");
  for (std::size_t size = 0; size < body.size(); ++size) {
    INFO(size);
    CHECK(kind_of_matrix(body.substr(0, size)) == ErrorKind::kCorrupt);
  }
}

TEST_CASE("flipped bytes never crash a reader") {
  const std::string body =
      R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{"a":"x\n"},)"
      R"("values":[[1.5,"1"],[2.5,"2.25"]],"histograms":[[1,{}]]}]},"warnings":["w"],)"
      R"("isPartial":true,"error":"e"})";
  std::mt19937 random(7);
  for (int round = 0; round < 20'000; ++round) {
    std::string broken = body;
    for (auto flips = 1 + random() % 3; flips > 0; --flips) {
      broken[random() % broken.size()] = static_cast<char>(random() % 256);
    }
    test::CollectingSink sink;
    (void)read_matrix(broken, kAlways, sink, "/q");
    (void)read_instant(broken, "/q");
    (void)read_label_sets(broken, "/q");
    (void)read_strings(broken, "/q");
    (void)read_build_facts(broken, "/q");
    (void)read_error_message(broken);
    REQUIRE(sink.breaches().empty());
  }
}

TEST_CASE("only the labels to keep are read, each row anew") {
  constexpr std::array<std::string_view, 2> kKept = {"pod", "namespace"};
  const auto sets = read_label_sets(
      success(R"([{"__name__":"m","namespace":"a","pod":"p","uid":"1"},{"pod":"q"},{"uid":"2"}])"),
      "/s", kKept);
  REQUIRE(sets);
  CHECK(sets->data ==
        std::vector<Labels>{{{"namespace", "a"}, {"pod", "p"}}, {{"pod", "q"}}, Labels{}});
}

TEST_CASE("rows that are no rows make the answer corrupt, wherever they stand") {
  const std::vector<std::string> bad_sets = {"[1]",
                                             "[\"a\"]",
                                             "[[]]",
                                             "[{\"a\":\"b\"},1]",
                                             "[{\"a\":\"b\"]",
                                             "[{\"a\":1}]",
                                             "[{\"a\":\"b\"}{}]",
                                             "[{\"a\" \"b\"}]",
                                             "{\"a\":\"b\"}",
                                             "[{\"a\":\"b\"},]"};
  for (const std::string& data : bad_sets) {
    CAPTURE(data);
    const auto sets = read_label_sets(success(data), "/s");
    REQUIRE_FALSE(sets);
    CHECK(sets.error().kind == ErrorKind::kCorrupt);
  }
  const std::vector<std::string> bad_vectors = {
      R"([{"metric":{"a":"b"},"value":[1]}])", R"([{"metric":{"a":"b"},"value":[1,"x"]}])",
      R"([{"metric":[],"value":[1,"1"]}])", R"([{"metric":{},"value":[1,"1"]},null])",
      R"([{"metric":{},"value":[1,"1"]} {"metric":{},"value":[1,"1"]}])"};
  for (const std::string& rows : bad_vectors) {
    CAPTURE(rows);
    const auto answer =
        read_instant(success(R"({"resultType":"vector","result":)" + rows + "}"), "/q");
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == ErrorKind::kCorrupt);
  }
}
