#include "prometheus/api_rows.hpp"

#include <vector>

#include "support/catch.hpp"

using namespace loadline;

namespace {

struct Taken {
  std::vector<std::string> rows{};
  std::string rest{};

  bool operator==(const Taken&) const = default;
};

Taken take(std::string_view body) {
  Taken taken;
  taken.rest = take_rows(body, [&](std::string_view row) { taken.rows.emplace_back(row); });
  return taken;
}

}  // namespace

TEST_CASE("rows are the objects in data or in its result, and nothing else") {
  struct Row {
    std::string body{};
    Taken taken{};
  };
  const std::vector<Row> rows = {
      {R"({"status":"success","data":[{"a":"b"},{"c":"d"}]})",
       {{R"({"a":"b"})", R"({"c":"d"})"}, R"({"status":"success","data":[{},{}]})"}},
      {R"({"data":{"resultType":"vector","result":[{"metric":{"a":"b"},"value":[1,"2"]}]}})",
       {{R"({"metric":{"a":"b"},"value":[1,"2"]})"},
        R"({"data":{"resultType":"vector","result":[{}]}})"}},
      {R"( { "data" : [ { "a" : "b" } , 1 ] , "warnings" : [ "w" ] } )",
       {{R"({ "a" : "b" })"}, R"( { "data" : [ {} , 1 ] , "warnings" : [ "w" ] } )"}},
      {R"({"data":[{"a":"}]\"{\\"},{}]})", {{R"({"a":"}]\"{\\"})", "{}"}, R"({"data":[{},{}]})"}},
      {R"({"status":"data","infos":[{"a":"b"}]})",
       {{}, R"({"status":"data","infos":[{"a":"b"}]})"}},
      {R"({"data":{"stats":[{"a":1}]}})", {{}, R"({"data":{"stats":[{"a":1}]}})"}},
      {R"({"data":[[{"a":1}]]})", {{}, R"({"data":[[{"a":1}]]})"}},
      {R"({"data":{"result":{"result":[{"a":1}]}}})",
       {{}, R"({"data":{"result":{"result":[{"a":1}]}}})"}},
      {R"([{"data":[{"a":1}]}])", {{}, R"([{"data":[{"a":1}]}])"}},
      {R"({"data":null})", {{}, R"({"data":null})"}},
      {R"({"data":[{"a":"b"},{"c":"d)", {{R"({"a":"b"})", R"({"c":"d)"}, R"({"data":[{},{})"}},
      {R"({"data":[{"a":[1,{"b":"]"}]},2)", {{R"({"a":[1,{"b":"]"}]})"}, R"({"data":[{},2)"}},
      {R"(]]}{"data":[{"a":1})", {{R"({"a":1})"}, R"(]]}{"data":[{})"}},
      {"", {{}, ""}},
      {"\"", {{}, "\""}},
      {"\"\\", {{}, "\"\\"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.body);
    CHECK(take(row.body) == row.taken);
  }
}

TEST_CASE("any depth of brackets is walked without recursion") {
  const std::string deep(1'000'000, '[');
  CHECK(take(deep) == Taken{{}, deep});
  CHECK(take(R"({"data":[{"a":)" + deep) == Taken{{R"({"a":)" + deep}, R"({"data":[{})"});
}
