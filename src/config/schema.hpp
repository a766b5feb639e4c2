/// The one table of settings: from it come parsing, overrides, printing, the example file and the
/// reference. A new setting is one row here and one member of Config.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/document.hpp"
#include "config/values.hpp"
#include "loadline/config/config.hpp"
#include "loadline/model/labels.hpp"

namespace loadline::config {

struct Key {
  std::string name{};     ///< dotted
  std::string type{};     ///< for people: "duration"
  std::string summary{};  ///< under 80 bytes, one line; also the help of its flag
  std::string detail{};   ///< sentences, may be empty
  Shape shape = Shape::kScalar;
  /// Sets the value or says what is wrong with it.
  std::function<Result<void>(Config&, const Node&)> set{};
  /// The value for print_config, secrets masked.
  std::function<Node(const Config&)> get{};
};

/// All keys in the order in which they are printed and applied: a key that depends on another
/// (policy.cpu.limit on limit_factor) comes after it.
const std::vector<Key>& schema();
/// nullptr where there is none.
const Key* find_key(std::string_view name);
/// True for "prometheus" and "policy.cpu": names that hold keys.
bool is_section(std::string_view name);
/// What a section is about; empty for a section that needs no words.
std::string_view section_summary(std::string_view name);
/// The whole configuration as nested maps, secrets masked.
Node tree_of(const Config& config);
/// "LOADLINE_PROMETHEUS_URL"
std::string environment_name(std::string_view key);

// The table's parts, each in its own file.
std::vector<Key> prometheus_keys();
std::vector<Key> usage_keys();
std::vector<Key> policy_keys();
std::vector<Key> guard_keys();  ///< part of policy_keys
std::vector<Key> rule_keys();
std::vector<Key> output_keys();
std::vector<Key> patch_keys();
std::vector<Key> serve_keys();
std::vector<Key> log_keys();

/// `member` names a member of Config, const or not: [](auto& c) -> auto& { return c.read_path; }.
template <typename Member, typename Read, typename Write>
Key with_value(Key key, Member member, Read read, Write write) {
  key.set = [member, read](Config& config, const Node& node) -> Result<void> {
    auto value = read(node);
    if (!value) return tl::unexpected(value.error());
    member(config) = std::move(*value);
    return {};
  };
  key.get = [member, write](const Config& config) { return write(member(config)); };
  return key;
}

/// One of a few words, each standing for a value.
template <typename T>
struct Word {
  std::string_view text{};
  T value{};
};

template <typename T>
std::string words_text(std::span<const Word<T>> words) {
  std::string text;
  for (const Word<T>& word : words) {
    if (!text.empty()) text += " | ";
    text += word.text;
  }
  return text;
}

/// A key that takes one of `words`; its type is the list of them.
template <typename T, typename Member>
Key with_words(Key key, Member member, std::span<const Word<T>> words) {
  key.type = words_text(words);
  const auto read = [words, type = key.type](const Node& node) -> Result<T> {
    const Result<std::string> text = read_text(node);
    if (!text) return tl::unexpected(text.error());
    for (const Word<T>& word : words) {
      if (word.text == *text) return word.value;
    }
    return fail(ErrorKind::kInvalidInput, "\"" + printable(*text) + "\" is none of " + type);
  };
  const auto write = [words](const T& value) {
    for (const Word<T>& word : words) {
      if (word.value == value) return scalar(word.text);
    }
    return scalar("");
  };
  return with_value(std::move(key), member, read, write);
}

}  // namespace loadline::config
