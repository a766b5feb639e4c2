#include "loadline/config/config.hpp"
#include "support/catch.hpp"

namespace loadline {
namespace {

constexpr const char* kRules = R"(
policy:
  memory: {limit_factor: 2.5}
policies:
  - match: {namespace: shop}
    cpu: {limit: none, quantile: 0.9}
  - match: {namespace: shop, kind: Deployment, name: web-*, container: app}
    preset: conservative
    memory:
      floor: 64Mi
      ceiling: 4Gi
    guards: {max_factor: none, growth: false}
  - match: {name: legacy}
    exclude: true
    cpu: {request: 250m, limit: 1}
)";

Policy policy_for(const Config& config, const ContainerKey& key) {
  const PolicyBook book = policy_book(config);
  PolicyChooser chooser(book);
  return chooser.of(key);
}

Config parsed(const std::string& yaml) {
  const Result<Config> config = parse_config(yaml, "a.yaml", {});
  INFO((config ? std::string() : config.error().message));
  REQUIRE(config);
  return *config;
}

TEST_CASE("rules hold settings of the policy for what they match") {
  const Config config = parsed(kRules);
  const Policy shop = policy_for(config, {{"", "shop", "CronJob", "mail"}, "app"});
  CHECK_FALSE(shop.resources[Resource::kCpu].limit_factor);
  CHECK(shop.resources[Resource::kCpu].quantile == 0.9);
  CHECK(shop.resources[Resource::kMemory].limit_factor == 2.5);
  const Policy legacy = policy_for(config, {{"", "bank", "Deployment", "legacy"}, "x"});
  CHECK(legacy.excluded);
  CHECK(legacy.resources[Resource::kCpu].fixed == Requirement{0.25, 1.0});
  const Policy other = policy_for(config, {{"", "bank", "Deployment", "api"}, "x"});
  CHECK(other == config.policy);
}

TEST_CASE("a preset in a rule begins anew, whatever the order in the file") {
  const Policy web = policy_for(parsed(kRules), {{"", "shop", "Deployment", "web-1"}, "app"});
  CHECK(web.resources[Resource::kCpu].quantile == 0.99);
  CHECK(web.resources[Resource::kCpu].limit_factor == 2.0);
  CHECK(web.resources[Resource::kMemory].floor == 64.0 * 1024 * 1024);
  CHECK(web.resources[Resource::kMemory].ceiling == 4.0 * 1024 * 1024 * 1024);
  CHECK_FALSE(web.guards.max_factor);
  CHECK_FALSE(web.guards.growth);
}

TEST_CASE("rules are printed as they can be read again") {
  const Config config = parsed(kRules);
  const Config again = parsed(print_config(config));
  CHECK(again.policy_rules == config.policy_rules);
  CHECK(again.policy == config.policy);
  CHECK(again.policy_rules.size() == 3);
}

TEST_CASE("a variable or a flag holds rules as YAML on one line") {
  const Result<Config> config =
      parse_config("", "", {{"policies", "[{match: {namespace: shop}, exclude: true}]", "--set"}});
  REQUIRE(config);
  CHECK(policy_for(*config, {{"", "shop", "Job", "x"}, "x"}).excluded);
}

TEST_CASE("a wrong rule is named with its number and what is wrong") {
  struct Row {
    std::string yaml{};
    std::string problem{};
  };
  const Row rows[] = {
      {"policies: 3", "a list of rules"},
      {"policies: [3]", "rule 1: a rule is {match: "},
      {"policies: [{exclude: true}]", "rule 1: a rule needs a match"},
      {"policies: [{match: {}, exclude: true}]", "rule 1: match is a map"},
      {"policies: [{match: {pod: x}, exclude: true}]", "\"pod\" is none of cluster, namespace, "},
      {"policies: [{match: {name: [a]}, exclude: true}]", "match.name is a pattern"},
      {"policies: [{match: {name: a}}]", "rule 1: a rule sets nothing"},
      {"policies: [{match: {name: a}, exclude: true}, {match: {name: a}, cpu: {quantil: 1}}]",
       "rule 2: \"cpu.quantil\" is no setting of policy"},
      {"policies: [{match: {name: a}, cpu: {quantile: 2}}]", "rule 1: cpu.quantile: \"2\" is not"},
      {"policies: [{match: {name: a}, cpu: {request: 0}}]",
       "rule 1: cpu.request: \"0\" is neither"},
      {"policies: [{match: {name: a}, guards: {max_factor: 0.5}}]", "is not from 1 to 10"},
      {"policies: [{match: {name: a}, preset: vp}]", "is none of default | conservative"},
      {"policies: [{match: {name: a}, prometheus: {url: x}}]", "is no setting of policy"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.yaml);
    const Result<Config> config = parse_config(row.yaml, "a.yaml", {});
    REQUIRE_FALSE(config);
    CHECK(config.error().message.find("a.yaml:1: policies: ") == 0);
    CHECK(config.error().message.find(row.problem) != std::string::npos);
    INFO(config.error().message);
  }
}

}  // namespace
}  // namespace loadline
