// The example file and the documentation say what the code does.

#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "loadline/config/config.hpp"
#include "support/catch.hpp"
#include "support/matchers.hpp"

namespace loadline {
namespace {

std::string text_of(const std::string& path) {
  std::ifstream file(std::string(LOADLINE_SOURCE_DIR) + "/" + path);
  INFO(path);
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("config/loadline.yaml is the commented defaults") {
  // Write it anew with `loadline config --defaults`.
  CHECK(text_of("config/loadline.yaml") == commented_config());
}

TEST_CASE("config/loadline.yaml loads as exactly the defaults") {
  const Result<Config> config =
      load_config(std::string(LOADLINE_SOURCE_DIR) + "/config/loadline.yaml", {});
  INFO((config ? "" : config.error().message));
  REQUIRE(config.has_value());
  CHECK(print_config(*config) == print_config(Config{}));
}

TEST_CASE("every key stands in the example with its meaning, type and variable") {
  const std::string example = commented_config();
  for (const KeyInfo& key : config_keys()) {
    INFO(key.name);
    const std::string leaf = key.name.substr(key.name.rfind('.') + 1);
    CHECK(example.find("\n" + std::string(key.name.find('.') == std::string::npos ? "" : "  ")) !=
          std::string::npos);
    CHECK(example.find(leaf + ":") != std::string::npos);
    CHECK(example.find("(" + key.environment + ")") != std::string::npos);
    CHECK_FALSE(key.summary.empty());
    CHECK(key.summary.size() <= 80);
    CHECK_FALSE(key.type.empty());
  }
}

TEST_CASE("no two keys share a name or a variable") {
  std::set<std::string> names;
  for (const KeyInfo& key : config_keys()) {
    CHECK(names.insert(key.name).second);
    CHECK(names.insert(key.environment).second);
  }
}

TEST_CASE("docs/configuration.md holds the reference of all keys") {
  // Write the table anew with `loadline config --reference`.
  CHECK_THAT(text_of("docs/configuration.md"), test::contains(config_reference()));
}

}  // namespace loadline
