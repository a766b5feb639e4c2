#include <algorithm>
#include <array>

#include "config/document.hpp"

namespace loadline::config {
namespace {

/// Bytes that need no quotes in any place where a value may stand, be it in brackets.
bool is_plain_byte(char c) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  const bool digit = c >= '0' && c <= '9';
  return letter || digit || c == '/' || c == '.' || c == '_' || c == '-' || c == '%' || c == '+';
}

bool is_plain(std::string_view text) {
  constexpr std::array<std::string_view, 4> kNulls{"null", "Null", "NULL", ""};
  if (std::find(kNulls.begin(), kNulls.end(), text) != kNulls.end()) return false;
  if (text.front() == '-' || text.front() == '%') return false;
  return std::all_of(text.begin(), text.end(), is_plain_byte);
}

std::string escaped(char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  if (c == '"' || c == '\\') return {'\\', c};
  if (byte >= 0x20 && byte != 0x7f) return {c};
  return {'\\', 'x', kHex[byte >> 4U], kHex[byte & 0xfU]};
}

std::string scalar_text(std::string_view text) {
  if (is_plain(text)) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) quoted += escaped(c);
  return quoted + "\"";
}

std::string list_text(const Node& node, std::size_t indent) {
  const auto is_scalar = [](const Node& item) { return item.kind == Node::Kind::kScalar; };
  if (std::all_of(node.items.begin(), node.items.end(), is_scalar)) {
    return " " + inline_text(node) + "\n";
  }
  std::string text = "\n";
  for (const Node& item : node.items) {
    text += std::string(indent, ' ') + "- " + inline_text(item) + "\n";
  }
  return text;
}

std::string map_text(const Node& node, std::size_t indent) {
  if (node.items.empty()) return " {}\n";
  std::string text = "\n";
  for (const Node& item : node.items) {
    text += std::string(indent, ' ') + scalar_text(item.name) + ":" + value_text(item, indent + 2);
  }
  return text;
}

std::string joined(const Node& node) {
  std::string text;
  for (const Node& item : node.items) {
    if (!text.empty()) text += ", ";
    if (node.kind == Node::Kind::kMap) text += scalar_text(item.name) + ": ";
    text += inline_text(item);
  }
  return text;
}

}  // namespace

std::string inline_text(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kNull:
      return {};
    case Node::Kind::kScalar:
      return scalar_text(node.text);
    case Node::Kind::kList:
      return "[" + joined(node) + "]";
    case Node::Kind::kMap:
      return "{" + joined(node) + "}";
  }
  return {};
}

std::string value_text(const Node& node, std::size_t indent) {
  switch (node.kind) {
    case Node::Kind::kNull:
      return "\n";
    case Node::Kind::kScalar:
      return " " + scalar_text(node.text) + "\n";
    case Node::Kind::kList:
      return list_text(node, indent);
    case Node::Kind::kMap:
      return map_text(node, indent);
  }
  return {};
}

}  // namespace loadline::config
