/// YAML and JSON of others (manifests, patches, mapping files) as a plain tree. Our own
/// configuration has its strict schema instead (config.hpp).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "loadline/model/result.hpp"

namespace loadline {

/// A value. Maps keep the order of the file; a key that stands twice is an error.
struct YamlNode {
  enum class Kind { kNull, kScalar, kSequence, kMap };

  Kind kind = Kind::kNull;
  std::string text{};      ///< of a scalar, unquoted
  bool is_quoted = false;  ///< "1" is a string and 1 is not
  std::vector<YamlNode> items{};
  std::vector<std::pair<std::string, YamlNode>> members{};
  std::size_t line = 0;  ///< counted from 1; 0 unknown

  /// The member of that name; nullptr where there is none or this is no map.
  [[nodiscard]] const YamlNode* find(std::string_view key) const;
  [[nodiscard]] YamlNode* find(std::string_view key);
  /// Equal values; lines and quoting style do not count, but a quoted scalar is no number.
  bool operator==(const YamlNode& other) const;
};

/// All documents of a text, empty ones left out. Fails with kInvalidInput, file and line in the
/// sentence; deep nesting and aliases that would explode are refused.
Result<std::vector<YamlNode>> parse_yaml_documents(std::string_view yaml,
                                                   std::string_view file_name);

}  // namespace loadline
