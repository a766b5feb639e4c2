#include "loadline/prometheus/promql.hpp"

#include "support/catch.hpp"

using namespace loadline;

TEST_CASE("a selector lists its matchers with their operators") {
  CHECK(selector({}) == "{}");
  CHECK(selector({{"__name__", MatchOp::kRegex, "a|b"},
                  {"namespace", MatchOp::kEqual, "x"},
                  {"image", MatchOp::kNotEqual, ""},
                  {"pod", MatchOp::kNotRegex, "y.*"}}) ==
        R"({__name__=~"a|b",namespace="x",image!="",pod!~"y.*"})");
}

TEST_CASE("label names that PromQL's grammar lacks are quoted") {
  const auto text = [](const char* name) { return selector({{name, MatchOp::kEqual, "x"}}); };
  CHECK(text("_a9") == R"({_a9="x"})");
  CHECK(text("9a") == R"({"9a"="x"})");
  CHECK(text("odd.name") == R"({"odd.name"="x"})");
  CHECK(text("") == R"({""="x"})");
  CHECK(text("gr\xc3\xb6\xc3\x9f") == R"({"gr\xc3\xb6\xc3\x9f"="x"})");
}

TEST_CASE("a quoted string holds any bytes as printable ASCII") {
  struct Row {
    std::string text{};
    std::string quoted{};
  };
  const std::vector<Row> rows = {
      {"", R"("")"},
      {"plain text~", R"("plain text~")"},
      {"a\"b\\c", R"("a\"b\\c")"},
      {"'`", R"("'`")"},
      {"line\nbreak\t", R"("line\x0abreak\x09")"},
      {std::string("nul\0", 4), R"("nul\x00")"},
      {"\x7f\xff\xfe", R"("\x7f\xff\xfe")"},
      {"\"} or {a=\"", R"("\"} or {a=\"")"},
  };
  for (const Row& row : rows) {
    INFO(row.quoted);
    CHECK(quote_promql(row.text) == row.quoted);
  }
}

TEST_CASE("an escaped text has no regex meaning left") {
  CHECK(escape_regex("kube-system_1") == "kube-system_1");
  CHECK(escape_regex(R"(\.+*?()|[]{}^$)") == R"(\\\.\+\*\?\(\)\|\[\]\{\}\^\$)");
  CHECK(escape_regex("\xc3\xb6\xff!") == "\xc3\xb6.!");
}

TEST_CASE("any of one value is an equality, of several an alternation") {
  CHECK(any_of("ns", {"a.b"}) == Matcher{"ns", MatchOp::kEqual, "a.b"});
  CHECK(any_of("ns", {"a.b", "c", ""}) == Matcher{"ns", MatchOp::kRegex, "a\\.b|c|"});
}
