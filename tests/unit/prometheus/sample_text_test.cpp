#include "prometheus/sample_text.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/collecting_sink.hpp"

using namespace loadline;

TEST_CASE("floats are read as Prometheus and VictoriaMetrics print them") {
  constexpr double kInf = std::numeric_limits<double>::infinity();
  struct Row {
    std::string text{};
    double value = 0;
  };
  const std::vector<Row> rows = {{"0", 0},
                                 {"1.5", 1.5},
                                 {"-2", -2},
                                 {"+3", 3},
                                 {"1e-07", 1e-07},
                                 {"1.7976931348623157e+308", 1.7976931348623157e+308},
                                 {"5e-324", 5e-324},
                                 {"1e400", kInf},
                                 {"+Inf", kInf},
                                 {"-Inf", -kInf},
                                 {"Inf", kInf},
                                 {"Infinity", kInf},
                                 {"-Infinity", -kInf},
                                 {"2171.7712549204143", 2171.7712549204143}};
  for (const Row& row : rows) {
    INFO(row.text);
    CHECK(parse_float(row.text) == row.value);
  }
  CHECK(std::isnan(parse_float("NaN").value()));
  for (const char* bad :
       {"", " ", "+", "-", "+-1", "1,5", "1.5 ", " 1.5", "0x10", "null", "1e", "--1"}) {
    INFO(bad);
    CHECK_FALSE(parse_float(bad));
  }
}

TEST_CASE("seconds become milliseconds without going wrong in the last digit") {
  struct Row {
    std::string text{};
    std::int64_t t_ms = 0;
  };
  const std::vector<Row> rows = {{"1700000000", 1700000000000},
                                 {"1700000000.1", 1700000000100},
                                 {"1700000000.12", 1700000000120},
                                 {"1700000000.123", 1700000000123},
                                 {"1700000000.1230", 1700000000123},
                                 {"1700000000.1229999", 1700000000123},
                                 {"1700000000.9995", 1700000001000},
                                 {"1.7e9", 1700000000000},
                                 {"1.700000000123e+09", 1700000000123},
                                 {"0", 0},
                                 {"-1.5", -1500},
                                 {"999999999999.999", 999999999999999}};
  for (const Row& row : rows) {
    INFO(row.text);
    CHECK(parse_seconds(row.text) == row.t_ms);
  }
  for (const char* bad :
       {"", ".", ".5x", "abc", "NaN", "Inf", "1e300", "1 2", "17000000000000000"}) {
    INFO(bad);
    CHECK_FALSE(parse_seconds(bad));
  }
}

TEST_CASE("every millisecond of a second is read as itself") {
  for (int ms = 0; ms < 1000; ++ms) {
    std::string fraction = std::to_string(ms);
    fraction.insert(0, 3 - fraction.size(), '0');
    CHECK(parse_seconds("1795540078." + fraction) == 1795540078000 + ms);
  }
}

TEST_CASE("pairs of time and value are added to the series") {
  test::CollectingSink sink;
  SampleRuns runs(sink, {from_unix_ms(0), from_unix_ms(100'000)});
  runs.begin({{"a", "x"}});
  CHECK(add_pairs(R"( [[1,"1"], [2.5 , "NaN" ],)"
                  "\n"
                  R"([3,"-Inf"]] )",
                  runs));
  CHECK(add_pairs("[]", runs));
  runs.end();
  const std::vector<Sample> samples = sink.of("a", "x");
  REQUIRE(samples.size() == 3);
  CHECK(samples[0] == Sample{1000, 1});
  CHECK(samples[1].t_ms == 2500);
  CHECK(std::isnan(samples[1].value));
  CHECK(samples[2] == Sample{3000, -std::numeric_limits<double>::infinity()});
}

TEST_CASE("anything but pairs is refused") {
  const std::vector<std::string> rows = {"",
                                         "[",
                                         "]",
                                         "[[",
                                         "[[1,\"1\"]",
                                         "[[1,\"1\"],]",
                                         "[[1]]",
                                         "[[1,1]]",
                                         "[[1,\"1]]",
                                         "[[1,\"x\"]]",
                                         "[[\"1\",\"1\"]]",
                                         "[[1,\"1\",2]]",
                                         "[[1,\"1\"]]x",
                                         "[1,\"1\"]",
                                         "{}",
                                         "[[,\"1\"]]",
                                         "[[1,\"\"]]",
                                         "[[1,\"1\"][2,\"2\"]]"};
  for (const std::string& row : rows) {
    INFO(row);
    test::CollectingSink sink;
    SampleRuns runs(sink, {from_unix_ms(0), from_unix_ms(100'000)});
    runs.begin({});
    CHECK_FALSE(add_pairs(row, runs));
  }
}

TEST_CASE("tokens of an array are trimmed and counted") {
  const auto tokens = [](std::string_view array) {
    std::string all;
    const bool good = for_each_token(array, [&](std::string_view token) {
      all += "<" + std::string(token) + ">";
      return token != "bad";
    });
    return good ? all : "refused";
  };
  CHECK(tokens("[]") == "");
  CHECK(tokens(" [ 1 , null,\"Infinity\" ] ") == "<1><null><\"Infinity\">");
  CHECK(tokens("[,]") == "refused");
  CHECK(tokens("[1,]") == "refused");
  CHECK(tokens("[1,bad]") == "refused");
  CHECK(tokens("[1") == "refused");
  CHECK(tokens("") == "refused");
}
