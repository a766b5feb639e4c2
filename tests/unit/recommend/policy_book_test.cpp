#include "loadline/recommend/policy_book.hpp"

#include "profiles.hpp"
#include "support/catch.hpp"

namespace loadline {
namespace {

using test::web_key;

PolicyRule rule(PolicyMatch match, std::string mark, std::function<void(Policy&)> apply) {
  PolicyRule result;
  result.match = std::move(match);
  result.settings = {{"mark", std::move(mark)}};
  result.apply = std::move(apply);
  return result;
}

PolicyRule quantile(PolicyMatch match, double value) {
  return rule(std::move(match), std::to_string(value),
              [value](Policy& policy) { policy.resources[Resource::kCpu].quantile = value; });
}

double quantile_of(const PolicyBook& book, const ContainerKey& key = web_key()) {
  PolicyChooser chooser(book);
  return chooser.of(key).resources[Resource::kCpu].quantile;
}

TEST_CASE("every part of a match must fit") {
  const ContainerKey key{{"eu", "shop", "Deployment", "web"}, "app"};
  CHECK(matches({}, key));
  CHECK(matches({"eu", "sh*", "Deployment", "we?", "app"}, key));
  CHECK_FALSE(matches({.cluster = "us"}, key));
  CHECK_FALSE(matches({.namespace_name = "shops"}, key));
  CHECK_FALSE(matches({.kind = "deployment"}, key));
  CHECK_FALSE(matches({.name = "api"}, key));
  CHECK_FALSE(matches({.container = "ap"}, key));
}

TEST_CASE("the most specific rule wins, whatever the order") {
  PolicyBook book;
  book.rules = {quantile({.container = "app"}, 0.5), quantile({.name = "web"}, 0.6),
                quantile({.name = "w*"}, 0.7), quantile({.namespace_name = "shop"}, 0.8),
                quantile({}, 0.9)};
  CHECK(quantile_of(book) == 0.5);
  CHECK(quantile_of(book, web_key("other")) == 0.6);
  CHECK(quantile_of(book, {{"", "shop", "Deployment", "work"}, "x"}) == 0.7);
  CHECK(quantile_of(book, {{"", "shop", "Deployment", "api"}, "x"}) == 0.8);
  CHECK(quantile_of(book, {{"", "bank", "Deployment", "api"}, "x"}) == 0.9);
}

TEST_CASE("of equally specific rules the later one wins, and settings add up") {
  PolicyBook book;
  book.rules = {
      quantile({.name = "web"}, 0.5), quantile({.name = "web"}, 0.6),
      rule({.namespace_name = "shop"}, "x", [](Policy& policy) { policy.excluded = true; })};
  PolicyChooser chooser(book);
  const Policy& policy = chooser.of(web_key());
  CHECK(policy.resources[Resource::kCpu].quantile == 0.6);
  CHECK(policy.excluded);
  CHECK(&chooser.of(web_key("sidecar")) == &policy);
}

TEST_CASE("without a rule that fits the base holds") {
  PolicyBook book;
  book.rules = {quantile({.name = "api"}, 0.5)};
  PolicyChooser chooser(book);
  CHECK(&chooser.of(web_key()) == &book.base);
}

}  // namespace
}  // namespace loadline
