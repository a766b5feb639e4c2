#include "config/document.hpp"

#include <string>

#include "support/catch.hpp"
#include "support/matchers.hpp"

namespace loadline::config {
namespace {

std::string error_of(std::string_view yaml) {
  const Result<Node> root = parse_document(yaml, "l.yaml");
  if (root) return "";
  CHECK(root.error().kind == ErrorKind::kInvalidInput);
  return root.error().message;
}

struct Refused {
  std::string yaml;
  const char* message;
};

}  // namespace

TEST_CASE("a document becomes nodes with their lines") {
  const Result<Node> root = parse_document("a: x\nb:\n  c: [1, 'two']\n  d:\n", "l.yaml");
  REQUIRE(root.has_value());
  REQUIRE(root->items.size() == 2);
  CHECK(root->items[0].name == "a");
  CHECK(root->items[0].text == "x");
  const Node& b = root->items[1];
  CHECK(b.line == 2);
  REQUIRE(b.items.size() == 2);
  CHECK(b.items[0].line == 3);
  REQUIRE(b.items[0].items.size() == 2);
  CHECK(b.items[0].items[1].text == "two");
  CHECK(b.items[1].kind == Node::Kind::kNull);
}

TEST_CASE("what a settings file has no use for is refused with its line") {
  const auto row = GENERATE(values<Refused>({
      {"a: 1\na: 2\n", "l.yaml:2: key a appears twice; the first is on line 1"},
      {"a: &x 1\nb: *x\n", "l.yaml:1: anchors and aliases are not supported"},
      {"a: [*x]\n", "l.yaml:1:"},
      {"a: 1\n---\nb: 1\n", "l.yaml:3: a second YAML document"},
      {"a: !!binary aGk=\n", "l.yaml:1: tags are not supported"},
      {"a: !include x\n", "tags are not supported"},
      {"a: !t [x]\n", "tags are not supported"},
      {"? [a, b]\n: 1\n", "a key must be plain text"},
      {"? {a: b}\n: 1\n", "a key must be plain text"},
      {"a: 1\n b: 2\n", "l.yaml:2:"},
      {"a: [1, 2\n", "l.yaml:2:"},
      {"a: b: c\n", "l.yaml:1:"},
      {"a:\n\t- x\n", "l.yaml:2:"},
      {std::string(100, '[') + std::string(100, ']'), "nested too deeply"},
      {std::string(100'000, '['), "l.yaml:1:"},
      {std::string(2'000, '{'), "l.yaml:1:"},
      {std::string(kMaxDocumentBytes + 1, '#'), "larger than 1 MiB"},
  }));
  INFO(row.yaml.substr(0, 60));
  CHECK_THAT(error_of(row.yaml), test::contains(row.message));
}

TEST_CASE("bytes that are no YAML give an error or nodes, never a crash") {
  const auto yaml = GENERATE(as<std::string>{}, std::string("\0\0\0", 3), "\xff\xfe\x00\x01",
                             "\xef\xbb\xbf", "%YAML 9.9\n---\n", "---\n...\n...\n", "]", "}", ":",
                             "- - - - - - - - - - - - - - - - - - - - x", "\x1b[31m: \x07",
                             "| \n x", "\"\\x\"", "? ", "&", "*", "!", "@a", "`b", "%");
  INFO(yaml);
  const Result<Node> root = parse_document(yaml, "l.yaml");
  if (!root) CHECK(root.error().message.find('\x1b') == std::string::npos);
}

TEST_CASE("nodes written as YAML read back the same") {
  const auto text = GENERATE("", "a", "a b", "null", "~", "true", "-1", "- x", "# x", "a: b", "a,b",
                             "[", "}", "'", "\"", "\\", "\n", "\x01", "\x7f", "%a", "10%", " x ",
                             "*", "&a", "!", "@", "ü", "0x10", "{a}");
  INFO(text);
  const std::string yaml = "a:" + value_text(scalar(text), 2) + "b:" +
                           value_text({.kind = Node::Kind::kList, .items = {scalar(text)}}, 2);
  INFO(yaml);
  const Result<Node> root = parse_document(yaml, "l.yaml");
  REQUIRE(root.has_value());
  CHECK(root->items[0].text == text);
  CHECK(root->items[0].kind == Node::Kind::kScalar);
  REQUIRE(root->items[1].items.size() == 1);
  CHECK(root->items[1].items[0].text == text);
}

}  // namespace loadline::config
