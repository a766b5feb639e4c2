/// YAML as our files hold it: a small tree built by hand and written in one way only, in ASCII.
/// Every scalar is either plain and can be nothing but that string, in YAML 1.1 as in 1.2, or
/// double-quoted.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace loadline::gitops {

struct Yaml {
  enum class Kind { kNull, kText, kBlock, kList, kMap };

  Kind kind = Kind::kNull;
  std::string text{};
  std::string comment{};  ///< one line above an item of a list; printable ASCII
  std::vector<Yaml> items{};
  std::vector<std::pair<std::string, Yaml>> members{};

  static Yaml null() { return {}; }
  static Yaml of(std::string_view text);
  /// Lines of printable ASCII, each with its newline, written as a literal block.
  static Yaml block(std::string_view text);
  static Yaml list(std::vector<Yaml> items = {});
  static Yaml map(std::vector<std::pair<std::string, Yaml>> members = {});
  /// Adds a member to a map.
  Yaml& add(std::string_view key, Yaml value);
  /// The member of that name, made as an empty map where there is none.
  Yaml& at(std::string_view key);
};

/// The document, ending in a newline. A comment at its root stands on the first line.
std::string yaml_text(const Yaml& document);

/// One scalar: plain or double-quoted.
std::string yaml_scalar(std::string_view text);

}  // namespace loadline::gitops
