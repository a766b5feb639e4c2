#include "loadline/model/labels.hpp"

#include "support/catch.hpp"

using namespace loadline;

TEST_CASE("labels are kept sorted by name, the last of a name wins") {
  const Labels labels{{"pod", "a"}, {"container", "c"}, {"pod", "b"}};
  CHECK(labels.pairs() == std::vector<Labels::Pair>{{"container", "c"}, {"pod", "b"}});
}

TEST_CASE("an absent label and an empty one are the same") {
  Labels labels{{"a", ""}, {"b", "1"}};
  CHECK(labels.get("a").empty());
  CHECK(labels.pairs().size() == 1);
  labels.set("b", "");
  labels.set("c", "");
  CHECK(labels.empty());
  CHECK(labels == Labels{});
}

TEST_CASE("set inserts in order whatever the order of the calls") {
  Labels labels;
  for (const char* name : {"m", "a", "z", "b", "m", "y"}) labels.set(name, name);
  CHECK(labels == Labels{{"a", "a"}, {"b", "b"}, {"m", "m"}, {"y", "y"}, {"z", "z"}});
  CHECK(labels.get("y") == "y");
  CHECK(labels.get("x").empty());
  CHECK(labels.get("zz").empty());
}

TEST_CASE("set replaces a value by a part of itself") {
  Labels labels{{"a", "a value that is longer than any short string"}};
  labels.set("a", labels.get("a").substr(2, 35));
  CHECK(labels.get("a") == "value that is longer than any short");
}

TEST_CASE("the exported label is preferred to the target's own") {
  const Labels labels{{"exported_pod", "web-0"}, {"namespace", "shop"}, {"pod", "ksm-0"}};
  CHECK(exported_or_own(labels, "pod") == "web-0");
  CHECK(exported_or_own(labels, "namespace") == "shop");
  CHECK(exported_or_own(labels, "container").empty());
  CHECK(exported_or_own(Labels{{"exported_", "x"}}, "") == "x");
}

TEST_CASE("untrusted text is made printable") {
  struct Row {
    std::string_view text{};
    std::string_view shown{};
  };
  const Row row = GENERATE(values<Row>({
      {"", ""},
      {"web-0", "web-0"},
      {"a \"b\" \\", "a \\\"b\\\" \\\\"},
      {"line\nline\r\t", "line\\nline\\x0d\\x09"},
      {std::string_view("nul\0!", 5), "nul\\x00!"},
      {"\x1b[31m\x7f", "\\x1b[31m\\x7f"},
      {"gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x9a\xa2",
       "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x9a\xa2"},
      {"\xff\xfe", "\\xff\\xfe"},
      {"\xc3", "\\xc3"},
      {"\xc3(", "\\xc3("},
      {"\xc0\xaf", "\\xc0\\xaf"},                    // overlong '/'
      {"\xe0\x80\xaf", "\\xe0\\x80\\xaf"},           // overlong, three bytes
      {"\xf0\x80\x80\xaf", "\\xf0\\x80\\x80\\xaf"},  // overlong, four bytes
      {"\xed\xa0\x80", "\\xed\\xa0\\x80"},           // a surrogate
      {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},  // beyond U+10FFFF
      {"\xc2\x9b"
       "1m",
       "\\xc2\\x9b"
       "1m"},  // C1 control: CSI
      {"\xe2\x80\xae"
       "gpj",
       "\\xe2\\x80\\xae"
       "gpj"},                              // right-to-left override
      {"\xe2\x80\xa8", "\\xe2\\x80\\xa8"},  // line separator
      {"\xef\xbb\xbf", "\\xef\\xbb\\xbf"},  // byte order mark
  }));
  CAPTURE(row.shown);
  CHECK(printable(row.text) == row.shown);
}

TEST_CASE("long text is cut at a boundary, never over the limit") {
  CHECK(printable("0123456789", 10) == "0123456789");
  CHECK(printable("0123456789a", 10) == "0123456...");
  CHECK(printable("01234\n\n\n\n", 10) == "01234\\n...");
  CHECK(printable("012345\n\n\n", 10) == "012345...");
  CHECK(printable("\xf0\x9f\x9a\xa2\xf0\x9f\x9a\xa2\xf0\x9f\x9a\xa2", 10) == "\xf0\x9f\x9a\xa2...");
  CHECK(printable("\xff\xff\xff", 10) == "\\xff...");
  CHECK(printable("abcdef", 2) == "..");
  CHECK(printable("abcdef", 0).empty());
  CHECK(printable(std::string(1'000'000, 'x')).size() == 300);
}

TEST_CASE("labels are printed as Prometheus writes them, hostile values escaped") {
  CHECK(printable(Labels{}) == "{}");
  CHECK(printable(Labels{{"pod", "a\"b"}, {"ns", "x\ny"}}) == R"({ns="x\ny",pod="a\"b"})");
  CHECK(printable(Labels{{"a", "0123456789"}, {"b", "1"}}, 10) == R"({a="012...)");
  CHECK(printable(Labels{{"a", std::string(500, 'x')}, {"b", "1"}}).size() == 300);
}
