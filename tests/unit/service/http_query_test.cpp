#include "service/http_query.hpp"

#include "support/catch.hpp"
#include "support/matchers.hpp"

namespace loadline::service {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs pairs(std::string_view query) {
  Pairs result;
  const auto parameters = parse_query(query);
  REQUIRE(parameters);
  for (const Parameter& parameter : *parameters) {
    result.emplace_back(parameter.name, parameter.value);
  }
  return result;
}

TEST_CASE("percent signs are decoded once") {
  CHECK(percent_decoded("a%2Fb%2f", Plus::kItself) == "a/b/");
  CHECK(percent_decoded("%2541", Plus::kItself) == "%41");
  CHECK(percent_decoded("a+b", Plus::kItself) == "a+b");
  CHECK(percent_decoded("a+b%2B", Plus::kSpace) == "a b+");
  CHECK(percent_decoded("%00%ff", Plus::kItself) == std::string("\0\xff", 2));
  for (const char* const broken : {"%", "%4", "%4g", "%g4", "a%-1", "%+1", "% 1"}) {
    CAPTURE(broken);
    CHECK_FALSE(percent_decoded(broken, Plus::kItself));
  }
}

TEST_CASE("a query is pairs in their order") {
  CHECK(pairs("").empty());
  CHECK(pairs("&&").empty());
  CHECK(pairs("a=1&a=2&b") == Pairs{{"a", "1"}, {"a", "2"}, {"b", ""}});
  CHECK(pairs("a=&=b&c=d=e&f%3D=%26") == Pairs{{"a", ""}, {"", "b"}, {"c", "d=e"}, {"f=", "&"}});
}

TEST_CASE("a broken or endless query is refused") {
  CHECK_THAT(parse_query("a=%zz").error().message, test::contains("%25"));
  std::string many;
  for (int i = 0; i < 100; ++i) many += "a&";
  CHECK(parse_query(many));
  CHECK_THAT(parse_query(many + "a").error().message, test::contains("100"));
}

}  // namespace
}  // namespace loadline::service
