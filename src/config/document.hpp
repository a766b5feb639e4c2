/// A YAML document as plain nodes, each with its line; the only header behind which yaml-cpp works.
///
/// Text stays text: what a scalar means is decided by the key that takes it. Refused, because a
/// settings file has no use for them and an attacker or a typo has: several documents, anchors and
/// aliases, tags, duplicate or compound keys, nesting over 16 levels, more than 1 MiB.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "loadline/model/result.hpp"

namespace loadline::config {

inline constexpr std::size_t kMaxDocumentBytes = 1U << 20;
inline constexpr std::size_t kMaxDepth = 16;

struct Node {
  enum class Kind { kNull, kScalar, kList, kMap };

  Kind kind = Kind::kNull;
  std::string name{};         ///< the key under which it stands in a map
  std::string text{};         ///< of a scalar
  std::vector<Node> items{};  ///< of a list or, named, of a map
  int line = 0;               ///< counted from 1; 0: not from a file
};

inline Node scalar(std::string_view text) {
  return {.kind = Node::Kind::kScalar, .text = std::string(text)};
}
inline Node named(std::string_view name, Node node) {
  node.name = name;
  return node;
}

/// The document's root; kNull for an empty one. Fails with kInvalidInput and "file:line: problem".
Result<Node> parse_document(std::string_view yaml, std::string_view file_name);

/// The node as YAML on one line: "a b", [a, b], {a: b}.
std::string inline_text(const Node& node);

/// The node as YAML that parse_document reads back: maps indented by `indent` and two more each
/// level, lists of scalars in brackets. Ends with a newline; begins where the key's colon ended.
std::string value_text(const Node& node, std::size_t indent);

}  // namespace loadline::config
