#include "publish/text.hpp"

#include <string>

#include "support/catch.hpp"

namespace loadline::publish {
namespace {

TEST_CASE("unprintable characters become visible, all others stay") {
  struct Row {
    std::string text;
    std::string expected;
  };
  const Row rows[] = {
      {"web-1", "web-1"},
      {"", ""},
      {"grün 日本", "grün 日本"},
      {"a\nb\rc\td", "a\\nb\\rc\\td"},
      {"\x1b[31m", "\\x1b[31m"},
      {std::string("nul\0!", 5), "nul\\x00!"},
      {"\x7f", "\\x7f"},
      {"\xc2\x9b"
       "2J",
       "\\x9b2J"},  // C1 CSI, which terminals obey
      {"\xe2\x80\xae"
       "abc",
       "\\u202eabc"},
      {"a\xe2\x80\x8b"
       "b",
       "a\\u200bb"},
      {"\\x1b", "\\\\x1b"},
      {"\xff\xfe", "\xef\xbf\xbd\xef\xbf\xbd"},
      {"\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd"},                  // overlong
      {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},  // surrogate
      {"\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
      {"cut\xe2\x82", "cut\xef\xbf\xbd\xef\xbf\xbd"},
  };
  for (const Row& row : rows) {
    INFO(row.expected);
    CHECK(printable_text(row.text) == row.expected);
  }
}

TEST_CASE("width counts columns, not bytes") {
  CHECK(display_width("") == 0);
  CHECK(display_width("web") == 3);
  CHECK(display_width("grün") == 4);
  CHECK(display_width("日本") == 4);
  CHECK(display_width("e\xcc\x81") == 1);
  CHECK(display_width("\xf0\x9f\x9a\xa2") == 2);
}

TEST_CASE("the middle of a long text gives way") {
  CHECK(elide_middle("short", 5) == "short");
  CHECK(elide_middle("recommendations-canary", 10) == "reco..nary");
  CHECK(elide_middle("recommendations-canary", 11) == "recom..nary");
  CHECK(display_width(elide_middle("日本語日本語日本語", 8)) <= 8);
  CHECK(elide_middle("abcdef", 3) == "a..");
}

TEST_CASE("every elision fits its width and keeps characters whole") {
  const std::string text = "aé日\xf0\x9f\x9a\xa2z-aé日\xf0\x9f\x9a\xa2z";
  for (std::size_t width = 3; width < 30; ++width) {
    const std::string elided = elide_middle(text, width);
    CHECK(display_width(elided) <= width);
    CHECK(printable_text(elided) == elided);
  }
}

}  // namespace
}  // namespace loadline::publish
