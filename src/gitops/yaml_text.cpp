#include "gitops/yaml_text.hpp"

#include <algorithm>
#include <array>

#include "publish/text.hpp"

namespace loadline::gitops {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_plain_byte(char c) {
  return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.' || c == '/';
}

/// Words that some version or reader of YAML takes for a truth, a number or nothing.
bool is_word(std::string_view text) {
  constexpr std::array<std::string_view, 13> kWords{"y",     "yes",      "n",   "no",   "true",
                                                    "false", "on",       "off", "null", "nan",
                                                    "inf",   "infinity", "none"};
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return std::find(kWords.begin(), kWords.end(), lower) != kWords.end();
}

/// "250m", "512Mi": no number in any version. "1e3" or "1E" might be one.
bool is_quantity(std::string_view text) {
  constexpr std::array<std::string_view, 7> kSuffixes{"m", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
  const auto after = std::find_if_not(text.begin(), text.end(), is_digit);
  const std::string_view suffix = text.substr(static_cast<std::size_t>(after - text.begin()));
  return after != text.begin() &&
         std::find(kSuffixes.begin(), kSuffixes.end(), suffix) != kSuffixes.end();
}

bool is_plain(std::string_view text) {
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_plain_byte)) return false;
  if (is_digit(text.front())) return is_quantity(text);
  return (is_letter(text.front()) || text.front() == '/') && !is_word(text);
}

std::string hex(char32_t value, int digits) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
    text += kDigits[(value >> static_cast<unsigned>(shift)) & 0xfU];
  }
  return text;
}

std::string escaped(char32_t c) {
  if (c == U'"') return "\\\"";
  if (c == U'\\') return "\\\\";
  if (c >= 0x20 && c < 0x7f) return {static_cast<char>(c)};
  if (c < 0x100) return "\\x" + hex(c, 2);
  return c < 0x10000 ? "\\u" + hex(c, 4) : "\\U" + hex(c, 8);
}

std::string quoted(std::string_view text) {
  std::string result = "\"";
  while (!text.empty()) {
    const publish::CodePoint c = publish::first_code_point(text);
    result += escaped(c.value);
    text.remove_prefix(c.length);
  }
  return result + "\"";
}

void write_node(const Yaml& node, std::size_t indent, std::string& out);

void write_block(std::string_view text, std::size_t indent, std::string& out) {
  out += "|\n";
  while (!text.empty()) {
    const std::size_t end = text.find('\n') + 1;
    out += std::string(indent, ' ').append(text.substr(0, end));
    text.remove_prefix(end);
  }
}

bool is_nested(const Yaml& node) {
  return (node.kind == Yaml::Kind::kMap && !node.members.empty()) ||
         (node.kind == Yaml::Kind::kList && !node.items.empty());
}

void write_members(const Yaml& map, std::size_t indent, std::string& out) {
  bool is_first = true;
  for (const auto& [key, value] : map.members) {
    // The first member stands behind the dash or at the start of the line that is begun already.
    if (!is_first) out.append(indent, ' ');
    is_first = false;
    out += yaml_scalar(key) + ":";
    if (is_nested(value)) {
      out += "\n" + std::string(indent + 2, ' ');
      write_node(value, indent + 2, out);
    } else {
      out += " ";
      write_node(value, indent + 2, out);
    }
  }
}

void write_items(const Yaml& list, std::size_t indent, std::string& out) {
  bool is_first = true;
  for (const Yaml& item : list.items) {
    if (!is_first) out.append(indent, ' ');
    is_first = false;
    if (!item.comment.empty()) out += "# " + item.comment + "\n" + std::string(indent, ' ');
    out += "- ";
    write_node(item, indent + 2, out);
  }
}

void write_node(const Yaml& node, std::size_t indent, std::string& out) {
  switch (node.kind) {
    case Yaml::Kind::kNull:
      out += "null\n";
      break;
    case Yaml::Kind::kText:
      out += yaml_scalar(node.text) + "\n";
      break;
    case Yaml::Kind::kBlock:
      write_block(node.text, indent, out);
      break;
    case Yaml::Kind::kList:
      node.items.empty() ? void(out += "[]\n") : write_items(node, indent, out);
      break;
    case Yaml::Kind::kMap:
      node.members.empty() ? void(out += "{}\n") : write_members(node, indent, out);
      break;
  }
}

}  // namespace

Yaml Yaml::of(std::string_view text) {
  Yaml node;
  node.kind = Kind::kText;
  node.text = text;
  return node;
}

Yaml Yaml::block(std::string_view text) {
  Yaml node = of(text);
  node.kind = Kind::kBlock;
  return node;
}

Yaml Yaml::list(std::vector<Yaml> items) {
  Yaml node;
  node.kind = Kind::kList;
  node.items = std::move(items);
  return node;
}

Yaml Yaml::map(std::vector<std::pair<std::string, Yaml>> members) {
  Yaml node;
  node.kind = Kind::kMap;
  node.members = std::move(members);
  return node;
}

Yaml& Yaml::add(std::string_view key, Yaml value) {
  members.emplace_back(std::string(key), std::move(value));
  return *this;
}

Yaml& Yaml::at(std::string_view key) {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [key](const auto& member) { return member.first == key; });
  if (found != members.end()) return found->second;
  return add(key, map()).members.back().second;
}

std::string yaml_text(const Yaml& document) {
  std::string text = document.comment.empty() ? "" : "# " + document.comment + "\n";
  write_node(document, 0, text);
  return text;
}

std::string yaml_scalar(std::string_view text) {
  return is_plain(text) ? std::string(text) : quoted(text);
}

}  // namespace loadline::gitops
