#include "publish/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace loadline::publish {
namespace {

struct Range {
  char32_t first = 0;
  char32_t last = 0;
};

/// Sorted, so that the first range that ends at or behind the code point decides.
bool contains(std::span<const Range> ranges, char32_t c) {
  const auto range = std::find_if(ranges.begin(), ranges.end(),
                                  [c](const Range& candidate) { return c <= candidate.last; });
  return range != ranges.end() && c >= range->first;
}

constexpr std::array<Range, 9> kUnprintable{{{0x00, 0x1f},
                                             {0x7f, 0x9f},
                                             {0xad, 0xad},
                                             {0x61c, 0x61c},
                                             {0x200b, 0x200f},
                                             {0x2028, 0x202e},
                                             {0x2060, 0x206f},
                                             {0xfeff, 0xfeff},
                                             {0xfff9, 0xfffb}}};
constexpr std::array<Range, 6> kCombining{{{0x300, 0x36f},
                                           {0x483, 0x489},
                                           {0x1ab0, 0x1aff},
                                           {0x1dc0, 0x1dff},
                                           {0x20d0, 0x20ff},
                                           {0xfe00, 0xfe2f}}};
constexpr std::array<Range, 9> kWide{{{0x1100, 0x115f},
                                      {0x2e80, 0x303e},
                                      {0x3041, 0xa4cf},
                                      {0xac00, 0xd7a3},
                                      {0xf900, 0xfaff},
                                      {0xfe30, 0xfe6f},
                                      {0xff00, 0xff60},
                                      {0x1f300, 0x1faff},
                                      {0x20000, 0x3fffd}}};

/// How many bytes a lead byte promises, and which values that many may spell.
struct Form {
  std::size_t length = 0;
  char32_t payload = 0;
  char32_t smallest = 0;
};

Form form_of(unsigned char lead) {
  if (lead < 0x80) return {1, lead, 0};
  if (lead >= 0xc2 && lead <= 0xdf) return {2, lead & 0x1fU, 0x80};
  if (lead >= 0xe0 && lead <= 0xef) return {3, lead & 0x0fU, 0x800};
  if (lead >= 0xf0 && lead <= 0xf4) return {4, lead & 0x07U, 0x10000};
  return {};
}

bool is_scalar_value(char32_t c) {
  return c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
}

std::size_t width_of(char32_t c) {
  if (contains(kCombining, c)) return 0;
  return contains(kWide, c) ? 2 : 1;
}

std::string hex(char32_t value, int digits) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
    text += kDigits[(value >> static_cast<unsigned>(shift)) & 0xfU];
  }
  return text;
}

std::string visible(char32_t c) {
  switch (c) {
    case U'\n':
      return "\\n";
    case U'\r':
      return "\\r";
    case U'\t':
      return "\\t";
    default:
      if (c < 0x100) return "\\x" + hex(c, 2);
      return c < 0x10000 ? "\\u" + hex(c, 4) : "\\U" + hex(c, 8);
  }
}

/// The longest beginning of at most `width` columns.
std::string_view head(std::string_view text, std::size_t width) {
  std::size_t bytes = 0;
  std::size_t columns = 0;
  while (bytes < text.size()) {
    const CodePoint c = first_code_point(text.substr(bytes));
    columns += width_of(c.value);
    if (columns > width) break;
    bytes += c.length;
  }
  return text.substr(0, bytes);
}

/// The longest end of at most `width` columns.
std::string_view tail(std::string_view text, std::size_t width) {
  std::size_t columns = display_width(text);
  while (columns > width) {
    const CodePoint c = first_code_point(text);
    columns -= width_of(c.value);
    text.remove_prefix(c.length);
  }
  return text;
}

}  // namespace

CodePoint first_code_point(std::string_view text) {
  const Form form = form_of(static_cast<unsigned char>(text.front()));
  if (form.length == 0 || form.length > text.size()) return {};
  char32_t value = form.payload;
  for (std::size_t i = 1; i < form.length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0U) != 0x80U) return {};
    value = (value << 6U) | (byte & 0x3fU);
  }
  if (value < form.smallest || !is_scalar_value(value)) return {};
  return {value, form.length, true};
}

bool is_unprintable(char32_t code_point) {
  return contains(kUnprintable, code_point) || (code_point & 0xfffeU) == 0xfffeU ||
         (code_point >= 0xfdd0 && code_point <= 0xfdef) ||
         (code_point >= 0xe0000 && code_point <= 0xe0fff);
}

std::size_t display_width(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const CodePoint c = first_code_point(text);
    columns += width_of(c.value);
    text.remove_prefix(c.length);
  }
  return columns;
}

std::string printable_text(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const CodePoint c = first_code_point(text);
    if (!c.valid) {
      result += "\xef\xbf\xbd";
    } else if (is_unprintable(c.value)) {
      result += visible(c.value);
    } else if (c.value == U'\\') {
      result += "\\\\";
    } else {
      result += text.substr(0, c.length);
    }
    text.remove_prefix(c.length);
  }
  return result;
}

std::string html_text(std::string_view text) {
  return markup_text(printable_text(text));
}

std::string markup_text(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string elide_middle(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  const std::size_t kept = width < 3 ? 1 : width - 2;
  const std::string_view end = tail(text, kept / 2);
  return std::string(head(text, kept - kept / 2)) + ".." + std::string(end);
}

}  // namespace loadline::publish
