#include "prometheus/utf8.hpp"

#include "support/catch.hpp"

using namespace loadline;

TEST_CASE("code points are encoded at every length, surrogates not at all") {
  CHECK(encode_utf8(0x41) == "A");
  CHECK(encode_utf8(0) == std::string(1, '\0'));
  CHECK(encode_utf8(0xe9) == "\xc3\xa9");
  CHECK(encode_utf8(0x20ac) == "\xe2\x82\xac");
  CHECK(encode_utf8(0x10ffff) == "\xf4\x8f\xbf\xbf");
  CHECK(encode_utf8(0xd800).empty());
  CHECK(encode_utf8(0x110000).empty());
}

TEST_CASE("mending keeps what is well-formed and replaces each stray byte") {
  const std::string mark = "\xef\xbf\xbd";
  CHECK(mend_utf8("") == "");
  CHECK(mend_utf8("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80") ==
        "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
  CHECK(mend_utf8("a\xff"
                  "b") == "a" + mark + "b");
  CHECK(mend_utf8("\xc0\x80") == mark + mark);             // overlong
  CHECK(mend_utf8("\xe0\x80\x80") == mark + mark + mark);  // overlong
  CHECK(mend_utf8("\xed\xa0\x80") == mark + mark + mark);  // surrogate
  CHECK(mend_utf8("\xf4\x90\x80\x80") == mark + mark + mark + mark);
  CHECK(mend_utf8("\xe2\x82") == mark + mark);  // cut
}
