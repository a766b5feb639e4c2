#include "loadline/model/pattern.hpp"

#include "support/catch.hpp"

using namespace loadline;

TEST_CASE("patterns match whole strings") {
  struct Row {
    std::string_view pattern{};
    std::string_view text{};
    bool matches = false;
  };
  const Row row = GENERATE(values<Row>({
      {"", "", true},
      {"", "a", false},
      {"*", "", true},
      {"*", "anything", true},
      {"**", "a", true},
      {"?", "", false},
      {"?", "a", true},
      {"?", "ab", false},
      {"kube-*", "kube-system", true},
      {"kube-*", "kube-", true},
      {"kube-*", "my-kube-system", false},
      {"*-prod", "shop-prod", true},
      {"*-prod", "shop-prod-2", false},
      {"a*b*c", "aXbXbXc", true},
      {"a*b*c", "aXbX", false},
      {"*a?c*", "xxabcxx", true},
      {"a.c", "abc", false},
      {"[a]", "a", false},
      {"[a]", "[a]", true},
      {"web", "web", true},
      {"web", "web-0", false},
      {"we*b?", "web", false},
      {"*ab", "aab", true},
      {"*aab*", "aaab", true},
  }));
  CAPTURE(row.pattern, row.text);
  CHECK(matches_pattern(row.pattern, row.text) == row.matches);
}

TEST_CASE("a hostile pattern is not exponential") {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "a*";
  CHECK_FALSE(matches_pattern(pattern + "b", std::string(2'000, 'a')));
}

TEST_CASE("any pattern of a list may match, an empty list matches nothing") {
  CHECK(matches_any({"a", "b*"}, "bcd"));
  CHECK_FALSE(matches_any({"a", "b"}, "bcd"));
  CHECK_FALSE(matches_any({}, ""));
}
