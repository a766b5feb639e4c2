#include "loadline/prometheus/promql.hpp"

#include <algorithm>
#include <cassert>

#include "prometheus/utf8.hpp"

namespace loadline {
namespace {

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_classic_name(std::string_view name) {
  return !name.empty() && (name[0] < '0' || name[0] > '9') &&
         std::all_of(name.begin(), name.end(), is_name_byte);
}

std::string_view spelling(MatchOp op) {
  switch (op) {
    case MatchOp::kEqual:
      return "=";
    case MatchOp::kNotEqual:
      return "!=";
    case MatchOp::kRegex:
      return "=~";
    case MatchOp::kNotRegex:
      return "!~";
  }
  assert(false);
  return "=";
}

std::string text_of(const Matcher& matcher) {
  std::string text = is_classic_name(matcher.name) ? matcher.name : quote_promql(matcher.name);
  text += spelling(matcher.op);
  return text + quote_promql(matcher.value);
}

}  // namespace

std::string selector(const std::vector<Matcher>& matchers) {
  std::string text = "{";
  for (const Matcher& matcher : matchers) {
    if (text.size() > 1) text += ',';
    text += text_of(matcher);
  }
  return text + "}";
}

std::string quote_promql(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (byte >= 0x20 && byte < 0x7f) {
      quoted += c;
    } else {
      // Prometheus refuses a query that is no UTF-8, so bytes beyond ASCII travel as escapes.
      quoted += "\\x";
      quoted += kHex[byte >> 4];
      quoted += kHex[byte & 0xf];
    }
  }
  return quoted + "\"";
}

std::string escape_regex(std::string_view text) {
  constexpr std::string_view kMeta = R"(\.+*?()|[]{}^$)";
  std::string escaped;
  escaped.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_sequence(text, i);
    if (kMeta.find(text[i]) != std::string_view::npos) escaped += '\\';
    // RE2 refuses a pattern that is no UTF-8, but matches a stray byte as one character.
    escaped += length == 0 ? std::string_view(".") : text.substr(i, length);
    i += length == 0 ? 1 : length;
  }
  return escaped;
}

Matcher any_of(std::string_view name, const std::vector<std::string>& values) {
  assert(!values.empty());
  if (values.size() == 1) return {std::string(name), MatchOp::kEqual, values.front()};
  std::string pattern;
  for (const std::string& value : values) {
    if (&value != &values.front()) pattern += '|';
    pattern += escape_regex(value);
  }
  return {std::string(name), MatchOp::kRegex, pattern};
}

}  // namespace loadline
