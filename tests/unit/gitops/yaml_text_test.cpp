#include "gitops/yaml_text.hpp"

#include <random>
#include <string>

#include "loadline/config/yaml.hpp"
#include "support/catch.hpp"

namespace loadline {
namespace {

using gitops::Yaml;

TEST_CASE("a scalar is plain only where no version of YAML reads anything else") {
  const char* const plain[] = {
      "web", "a-b",          "apps/v1",   "web.resources", "x_1",     "250m",   "512Mi",
      "1Ei", "/spec/0/name", "Component", "yes-please",    "nullify", "limits", "v1"};
  for (const char* text : plain) CHECK(gitops::yaml_scalar(text) == text);
  const char* const quoted[] = {
      "",     " ",     " a",         "a ",       "1",    "0",     "007",  "0x1",  "1e3", "1E",
      "1.5",  ".5",    "5.",         "-1",       "+1",   "1_000", "0o7",  "1:20", "y",   "N",
      "yes",  "No",    "TRUE",       "false",    "on",   "Off",   "null", "Null", "~",   ".nan",
      ".inf", "NaN",   "inf",        "Infinity", "none", "-",     "---",  "...",  "- a", "a: b",
      "a:",   "a #b",  "#a",         "{a}",      "[a]",  "*a",    "&a",   "!a",   "|",   ">",
      "%a",   "@a",    "`a",         "\"a\"",    "'a'",  "?",     "=",    "<<",   "a,b", "^a$",
      "a\\b", "12-31", "2026-11-25", "1K",       "1k",   "1mm",   "a\nb", "a\tb"};
  for (const char* text : quoted) {
    INFO(text);
    CHECK(gitops::yaml_scalar(text).front() == '"');
  }
}

TEST_CASE("escapes are those of double-quoted YAML") {
  CHECK(gitops::yaml_scalar("a\"b\\c") == R"("a\"b\\c")");
  CHECK(gitops::yaml_scalar(std::string("\0\n\x1b\x7f", 4)) == R"("\x00\x0a\x1b\x7f")");
  CHECK(gitops::yaml_scalar("\xc3\xa9\xe2\x80\xa8\xf0\x9f\x9a\xa2") == R"("\xe9\u2028\U0001f6a2")");
  CHECK(gitops::yaml_scalar("a\xff") == R"("a\ufffd")");
}

TEST_CASE("a document has one form") {
  Yaml item = Yaml::map({{"name", Yaml::of("app")},
                         {"resources", Yaml::map({{"limits", Yaml::map({{"cpu", Yaml::null()}})},
                                                  {"empty", Yaml::map()},
                                                  {"few", Yaml::list()}})}});
  item.comment = "cpu: floor";
  Yaml second = Yaml::list({Yaml::of("x"), Yaml::list({Yaml::of("1")})});
  second.comment = "nested";
  Yaml root =
      Yaml::map({{"items", Yaml::list({item, second})}, {"patch", Yaml::block("a:\n  b\n")}});
  root.comment = "head";
  CHECK(gitops::yaml_text(root) ==
        "# head\n"
        "items:\n"
        "  # cpu: floor\n"
        "  - name: app\n"
        "    resources:\n"
        "      limits:\n"
        "        cpu: null\n"
        "      empty: {}\n"
        "      few: []\n"
        "  # nested\n"
        "  - - x\n"
        "    - - \"1\"\n"
        "patch: |\n"
        "  a:\n"
        "    b\n");
  CHECK(gitops::yaml_text(Yaml::map()) == "{}\n");
  CHECK(gitops::yaml_text(Yaml::list()) == "[]\n");
}

TEST_CASE("at makes the maps on a path and finds them again") {
  Yaml root = Yaml::map();
  root.at("a").at("b").add("c", Yaml::of("d"));
  root.at("a").add("e", Yaml::of("f"));
  CHECK(gitops::yaml_text(root) == "a:\n  b:\n    c: d\n  e: f\n");
}

/// Bytes of all kinds, most of them such that YAML means something by them.
std::string nasty_text(std::mt19937& random) {
  static const std::string kPieces[] = {"a",
                                        "1",
                                        " ",
                                        ":",
                                        ": ",
                                        "#",
                                        " #",
                                        "-",
                                        "- ",
                                        "\n",
                                        "\t",
                                        "'",
                                        "\"",
                                        "\\",
                                        "{",
                                        "}",
                                        "[",
                                        "]",
                                        "&",
                                        "*",
                                        "!",
                                        "|",
                                        ">",
                                        "%",
                                        "@",
                                        "`",
                                        "~",
                                        "yes",
                                        "0x",
                                        ".",
                                        "e3",
                                        "?",
                                        ",",
                                        "=",
                                        "<<",
                                        "---",
                                        "...",
                                        "\r",
                                        "\x85",
                                        std::string(1, '\0'),
                                        "\x7f",
                                        "\xc2\x85",
                                        "\xe2\x80\xa8",
                                        "\xef\xbb\xbf",
                                        "\xf0\x9f\x9a\xa2",
                                        "${x}",
                                        "{{ x }}"};
  std::uniform_int_distribution<std::size_t> piece(0, std::size(kPieces) - 1);
  std::uniform_int_distribution<int> many(0, 6);
  std::string text;
  for (int i = many(random); i > 0; --i) {
    const std::string& next = kPieces[piece(random)];
    if (next != "\x85") text += next;
  }
  return text;
}

TEST_CASE("whatever a text is, the parser gives it back as a value and as a key") {
  std::mt19937 random(1);
  for (int round = 0; round < 3000; ++round) {
    const std::string text = nasty_text(random);
    const std::string key = nasty_text(random);
    const std::string yaml = gitops::yaml_text(
        Yaml::map({{key, Yaml::list({Yaml::of(text), Yaml::map({{text, Yaml::of(key)}})})}}));
    INFO(yaml);
    const auto documents = parse_yaml_documents(yaml, "x.yaml");
    REQUIRE(documents);
    REQUIRE(documents->size() == 1);
    const YamlNode* const list = documents->front().find(key);
    REQUIRE(list != nullptr);
    REQUIRE(list->items.size() == 2);
    REQUIRE(list->items[0].kind == YamlNode::Kind::kScalar);
    REQUIRE(list->items[0].text == text);
    REQUIRE(list->items[1].find(text) != nullptr);
    REQUIRE(list->items[1].find(text)->text == key);
  }
}

TEST_CASE("a block holds a document of its own") {
  const std::string inner = gitops::yaml_text(Yaml::map({{"a", Yaml::list({Yaml::of("#\n")})}}));
  const auto documents =
      parse_yaml_documents(gitops::yaml_text(Yaml::map({{"patch", Yaml::block(inner)}})), "x.yaml");
  REQUIRE(documents);
  CHECK(documents->front().find("patch")->text == inner);
}

}  // namespace
}  // namespace loadline
