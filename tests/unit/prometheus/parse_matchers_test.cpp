#include "loadline/prometheus/promql.hpp"
#include "support/catch.hpp"

using namespace loadline;

TEST_CASE("matchers are read as PromQL spells them") {
  struct Row {
    std::string text{};
    std::vector<Matcher> matchers{};
  };
  const std::vector<Row> rows = {
      {"", {}},
      {"  { } ", {}},
      {R"(cluster="eu-1",tier=~"a|b")",
       {{"cluster", MatchOp::kEqual, "eu-1"}, {"tier", MatchOp::kRegex, "a|b"}}},
      {R"({a != 'x' , b!~`\d+`,})",
       {{"a", MatchOp::kNotEqual, "x"}, {"b", MatchOp::kNotRegex, "\\d+"}}},
      {R"(_a1="",)", {{"_a1", MatchOp::kEqual, ""}}},
      {R"({"odd.name"="x"})", {{"odd.name", MatchOp::kEqual, "x"}}},
      {R"(a="}")", {{"a", MatchOp::kEqual, "}"}}},
      {R"(a="\"\\\n\t\x41\101\u00e9\U0001F600")",
       {{"a", MatchOp::kEqual, "\"\\\n\tAA\xc3\xa9\xf0\x9f\x98\x80"}}},
      {R"(a='it\'s "x"')", {{"a", MatchOp::kEqual, "it's \"x\""}}},
      {"a=`line\nbreak`", {{"a", MatchOp::kEqual, "line\nbreak"}}},
      {"a=\"\xff\"", {{"a", MatchOp::kEqual, "\xff"}}},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    const auto matchers = parse_matchers(row.text);
    REQUIRE(matchers);
    CHECK(*matchers == row.matchers);
  }
}

TEST_CASE("what is read from a printed selector is what was printed") {
  std::string all_bytes;
  for (int byte = 0; byte < 256; ++byte) all_bytes += static_cast<char>(byte);
  const std::vector<Matcher> matchers = {{"a", MatchOp::kEqual, all_bytes},
                                         {all_bytes, MatchOp::kNotRegex, "x"}};
  const auto again = parse_matchers(selector(matchers));
  REQUIRE(again);
  CHECK(*again == matchers);
}

TEST_CASE("bad matchers are refused, with the text and the place in the message") {
  const std::vector<std::string> rows = {"a",
                                         "a=",
                                         "a=b",
                                         R"(a="b)",
                                         R"(a=="b")",
                                         R"(="b")",
                                         "{",
                                         R"({a="b")",
                                         R"(a="b"})",
                                         R"({a="b"} x)",
                                         R"(a="b" c="d")",
                                         R"(,a="b")",
                                         R"(a="b",,c="d")",
                                         R"(1a="b")",
                                         R"(a-b="c")",
                                         R"(a~"b")",
                                         R"(a=~b)",
                                         R"(a="\q")",
                                         R"(a="\x4")",
                                         R"(a="\400")",
                                         R"(a="\ud800")",
                                         R"(a="\U00110000")",
                                         R"(a="\')",
                                         "a=\"x\ny\"",
                                         R"({"x"})",
                                         R"(""="x")",
                                         R"(a="x"'')",
                                         "a=\"\\"};
  for (const std::string& row : rows) {
    INFO(row);
    const auto matchers = parse_matchers(row);
    REQUIRE_FALSE(matchers);
    CHECK(matchers.error().kind == ErrorKind::kInvalidInput);
    CHECK(matchers.error().message.find("at byte ") != std::string::npos);
  }
  CHECK(parse_matchers(R"(tier="a" job)").error().message.find("expected ',' at byte 10") !=
        std::string::npos);
}
