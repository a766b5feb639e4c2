#include "service/json_text.hpp"

#include <charconv>
#include <cmath>

#include "publish/text.hpp"

namespace loadline::service {
namespace {

std::string unit(char32_t value) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text = "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) {
    text += kDigits[(value >> static_cast<unsigned>(shift)) & 0xfU];
  }
  return text;
}

std::string escaped(char32_t c) {
  switch (c) {
    case U'"':
      return "\\\"";
    case U'\\':
      return "\\\\";
    case U'\n':
      return "\\n";
    case U'\r':
      return "\\r";
    case U'\t':
      return "\\t";
    default:
      break;
  }
  if (c >= 0x20 && c < 0x7f) return {static_cast<char>(c)};
  if (c < 0x10000) return unit(c);
  return unit(0xd800 + ((c - 0x10000) >> 10U)) + unit(0xdc00 + ((c - 0x10000) & 0x3ffU));
}

}  // namespace

std::string json_string(std::string_view text) {
  std::string result = "\"";
  while (!text.empty()) {
    const publish::CodePoint c = publish::first_code_point(text);
    result += escaped(c.value);
    text.remove_prefix(c.length);
  }
  return result + '"';
}

std::string json_number(double number) {
  if (!std::isfinite(number)) return "null";
  char digits[32];
  const std::to_chars_result end = std::to_chars(digits, digits + sizeof(digits), number);
  return {digits, end.ptr};
}

JsonObject& JsonObject::raw(std::string_view name, std::string_view json) {
  if (!members_.empty()) members_ += ',';
  members_ += json_string(name);
  members_ += ':';
  members_ += json;
  return *this;
}

JsonObject& JsonObject::text(std::string_view name, std::string_view value) {
  return raw(name, json_string(value));
}

JsonObject& JsonObject::number(std::string_view name, double value) {
  return raw(name, json_number(value));
}

JsonObject& JsonObject::count(std::string_view name, std::uint64_t value) {
  return raw(name, std::to_string(value));
}

JsonObject& JsonObject::flag(std::string_view name, bool value) {
  return raw(name, value ? "true" : "false");
}

JsonObject& JsonObject::time(std::string_view name, const std::optional<TimePoint>& value) {
  return value ? text(name, format_rfc3339(*value)) : raw(name, "null");
}

JsonObject& JsonObject::text_or_null(std::string_view name, std::string_view value) {
  return value.empty() ? raw(name, "null") : text(name, value);
}

}  // namespace loadline::service
