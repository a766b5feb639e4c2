#include "loadline/config/yaml.hpp"

#include "support/catch.hpp"

namespace loadline {
namespace {

std::vector<YamlNode> documents_of(std::string_view yaml) {
  Result<std::vector<YamlNode>> documents = parse_yaml_documents(yaml, "a.yaml");
  INFO(yaml);
  if (!documents) FAIL(documents.error().message);
  return std::move(*documents);
}

YamlNode document_of(std::string_view yaml) {
  std::vector<YamlNode> documents = documents_of(yaml);
  REQUIRE(documents.size() == 1);
  return std::move(documents.front());
}

std::string error_of(std::string_view yaml) {
  const Result<std::vector<YamlNode>> documents = parse_yaml_documents(yaml, "a.yaml");
  INFO(yaml);
  REQUIRE_FALSE(documents);
  CHECK(documents.error().kind == ErrorKind::kInvalidInput);
  return documents.error().message;
}

const YamlNode& at(const YamlNode& node, std::string_view key) {
  const YamlNode* const found = node.find(key);
  INFO(key);
  REQUIRE(found != nullptr);
  return *found;
}

TEST_CASE("A manifest is a tree with lines") {
  const YamlNode root = document_of(
      "apiVersion: apps/v1\n"
      "spec:\n"
      "  containers:\n"
      "    - name: web\n"
      "      cpu: '1'\n"
      "    - {name: log, cpu: 1}\n");
  CHECK(at(root, "apiVersion").text == "apps/v1");
  const YamlNode& containers = at(at(root, "spec"), "containers");
  REQUIRE(containers.kind == YamlNode::Kind::kSequence);
  REQUIRE(containers.items.size() == 2);
  CHECK(at(containers.items[0], "cpu").is_quoted);
  CHECK(at(containers.items[0], "cpu").line == 5);
  CHECK_FALSE(at(containers.items[1], "cpu").is_quoted);
  CHECK(at(containers.items[1], "name").line == 6);
  CHECK(root.find("kind") == nullptr);
  CHECK(containers.find("name") == nullptr);
}

TEST_CASE("Members keep the order of the file") {
  const YamlNode root = document_of("{b: 1, a: 2, c: 3}");
  REQUIRE(root.members.size() == 3);
  CHECK(root.members[0].first == "b");
  CHECK(root.members[1].first == "a");
  CHECK(root.members[2].first == "c");
}

TEST_CASE("Empty documents are left out") {
  CHECK(documents_of("").empty());
  CHECK(documents_of("---\n# nothing\n---\n").empty());
  const std::vector<YamlNode> two = documents_of("---\na: 1\n---\n---\n# no\n---\nb: 2\n...\n");
  REQUIRE(two.size() == 2);
  CHECK(two[0].find("a") != nullptr);
  CHECK(at(two[1], "b").line == 7);
}

TEST_CASE("JSON is YAML") {
  const YamlNode root =
      document_of(R"({"kind": "List", "items": [{"a\/b": "\u00e9\n"}], "n": null})");
  CHECK(at(at(root, "items").items.at(0), "a/b").text == "\xc3\xa9\n");
  CHECK(at(root, "n").kind == YamlNode::Kind::kNull);
}

TEST_CASE("What is quoted is text") {
  struct Row {
    const char* yaml;
    const char* text;
    bool is_quoted;
  };
  const Row rows[] = {
      {"1", "1", false},          {"\"1\"", "1", true},    {"'1'", "1", true},
      {"|\n 1\n", "1\n", true},   {"!!str 1", "1", true},  {"!!int '1'", "1", false},
      {"\"null\"", "null", true}, {"500m", "500m", false},
  };
  for (const Row& row : rows) {
    INFO(row.yaml);
    const YamlNode node = document_of(row.yaml);
    CHECK(node.kind == YamlNode::Kind::kScalar);
    CHECK(node.text == row.text);
    CHECK(node.is_quoted == row.is_quoted);
  }
}

TEST_CASE("Values are equal whatever the style") {
  struct Row {
    const char* left;
    const char* right;
    bool equal;
  };
  const Row rows[] = {
      {"a: web", "{'a': \"web\"}", true},
      {"a: 1", "a: '1'", false},
      {"a: 1", "\n\na:   1", true},
      {"a: 0.5", "a: '0.5'", false},
      {"a: 500m", "a: '500m'", true},
      {"a: true", "a: 'true'", false},
      {"a: On", "a: 'On'", false},
      {"a: ~", "a: null", true},
      {"a: ~", "a: ''", false},
      {"{a: 1, b: 2}", "{b: 2, a: 1}", true},
      {"[1, 2]", "[2, 1]", false},
      {"{a: 1}", "{a: 1, b: 2}", false},
      {"{a: 1, b: 2}", "{a: 1, c: 2}", false},
      {"[a]", "a", false},
      {"a: 0x10", "a: '0x10'", false},
      {"a: 1Gi", "a: '1Gi'", true},
      {"a: 1e3", "a: '1e3'", false},
      {"a: -1", "a: '-1'", false},
      {"a: 1.2.3", "a: '1.2.3'", true},
  };
  for (const Row& row : rows) {
    INFO(row.left << " against " << row.right);
    CHECK((document_of(row.left) == document_of(row.right)) == row.equal);
    CHECK((document_of(row.right) == document_of(row.left)) == row.equal);
  }
}

TEST_CASE("Aliases are copies and merge keys are merged") {
  const YamlNode root = document_of(
      "base: &base {cpu: 1, memory: 2}\n"
      "more: &more {memory: 3, disk: 4}\n"
      "one: {<<: *base, cpu: 5}\n"
      "two: {<<: [*base, *more]}\n"
      "three: *base\n");
  CHECK(at(root, "one") == document_of("{cpu: 5, memory: 2}"));
  CHECK(at(root, "two") == document_of("{cpu: 1, memory: 2, disk: 4}"));
  CHECK(at(root, "three") == at(root, "base"));
  CHECK(document_of("'<<': 1").find("<<") != nullptr);
}

TEST_CASE("An error names the file and the line") {
  struct Row {
    const char* yaml;
    const char* message;
  };
  const Row rows[] = {
      {"a: 1\nb: 2\na: 3\n", "a.yaml:3: key a stands twice in one map"},
      {"x:\n  - {n: 1, n: 2}\n", "a.yaml:2: key n stands twice in one map"},
      {"a: 1\n---\nb: [\n", "a.yaml:"},
      {"a: *nowhere\n", "a.yaml:1: "},
      {"a: &me [*me]\n", "a.yaml:1: "},
      {"[a]: 1\n", "a.yaml:1: a key must be plain text"},
      {"a: {<<: 3}\n", "a.yaml:1: << takes a map"},
      {"a: {{ .Values.image }}\n", "a.yaml:1: "},
      {"a:\n\t- b\n", "a.yaml:"},
  };
  for (const Row& row : rows) {
    INFO(row.yaml);
    CHECK_THAT(error_of(row.yaml), Catch::Matchers::StartsWith(row.message));
  }
}

TEST_CASE("Control bytes of a document do not reach a message") {
  const std::string message = error_of("\"a\\e[31m\": 1\n\"a\\e[31m\": 1\n");
  CHECK(message.find('\x1b') == std::string::npos);
}

TEST_CASE("Aliases that would explode are refused") {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string name = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) bomb += (j == 0 ? "" : ", ") + name;
    bomb += "]\n";
  }
  CHECK_THAT(error_of(bomb), Catch::Matchers::StartsWith("a.yaml:6: more values than"));
}

TEST_CASE("Deep nesting is refused and wide maps are not") {
  CHECK_THAT(error_of(std::string(100'000, '[')), Catch::Matchers::StartsWith("a.yaml:1: "));
  std::string deep;
  for (int i = 0; i < 150; ++i) deep += "{a: ";
  document_of(deep + "1" + std::string(150, '}'));
  std::string wide;
  for (int i = 0; i < 20'000; ++i) wide += "k" + std::to_string(i) + ": 1\n";
  CHECK(document_of(wide).members.size() == 20'000);
}

}  // namespace
}  // namespace loadline
