#include <nlohmann/json.hpp>
#include <ostream>

#include "publish/document.hpp"
#include "publish/renderers.hpp"
#include "publish/text.hpp"

namespace loadline::publish {
namespace {

using Json = nlohmann::ordered_json;

std::string escape(char32_t code_point) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const bool is_long = code_point > 0xffff;
  std::string text = is_long ? "\\U" : "\\u";
  for (int shift = is_long ? 28 : 12; shift >= 0; shift -= 4) {
    text += kDigits[(code_point >> static_cast<unsigned>(shift)) & 0xfU];
  }
  return text;
}

/// Double quotes always: no text can then be taken for a number, a truth value or structure. JSON's
/// own spelling would do but for surrogate pairs, which YAML does not know.
std::string yaml_quoted(std::string_view text) {
  std::string result = "\"";
  while (!text.empty()) {
    const CodePoint c = first_code_point(text);
    if (!c.valid || is_unprintable(c.value)) {
      result += escape(c.value);
    } else {
      if (c.value == U'"' || c.value == U'\\') result += '\\';
      result += text.substr(0, c.length);
    }
    text.remove_prefix(c.length);
  }
  return result + "\"";
}

/// YAML 1.1 takes "1e-09" for a string: its floats need a point.
std::string number(const Json& value) {
  std::string text = value.dump();
  const std::size_t exponent = text.find('e');
  if (exponent != std::string::npos && text.find('.') == std::string::npos) {
    text.insert(exponent, ".0");
  }
  return text;
}

std::string scalar(const Json& value) {
  if (value.is_string()) return yaml_quoted(value.get_ref<const std::string&>());
  if (value.is_number()) return number(value);
  return value.dump();
}

bool is_block(const Json& value) {
  return value.is_structured() && !value.empty();
}

void write_block(const Json& value, std::size_t indent, std::ostream& out);

/// Keys are our own plain words and need no quotes.
void write_map(const Json& map, std::size_t indent, std::ostream& out) {
  bool is_first = true;
  for (const auto& item : map.items()) {
    // The first key stands on the line that its parent has begun.
    if (!is_first) out << std::string(indent, ' ');
    is_first = false;
    out << item.key() << ':';
    if (!is_block(item.value())) {
      out << ' ' << scalar(item.value()) << '\n';
      continue;
    }
    out << '\n' << std::string(indent + 2, ' ');
    write_block(item.value(), indent + 2, out);
  }
}

void write_list(const Json& list, std::size_t indent, std::ostream& out) {
  bool is_first = true;
  for (const Json& item : list) {
    if (!is_first) out << std::string(indent, ' ');
    is_first = false;
    out << "- ";
    if (is_block(item)) {
      write_block(item, indent + 2, out);
    } else {
      out << scalar(item) << '\n';
    }
  }
}

/// Recursive, as deep as our own document.
void write_block(const Json& value, std::size_t indent, std::ostream& out) {
  if (value.is_object()) {
    write_map(value, indent, out);
  } else {
    write_list(value, indent, out);
  }
}

}  // namespace

void render_yaml(const Report& report, std::ostream& out) {
  constexpr std::size_t kRowIndent = 4;
  write_block(head_of(report), 0, out);
  out << kRowsKey << (report.recommendations.empty() ? ": []\n" : ":\n");
  for (const Recommendation& row : report.recommendations) {
    out << "  - ";
    write_block(row_of(row), kRowIndent, out);
  }
}

}  // namespace loadline::publish
