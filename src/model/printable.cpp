#include <cstdint>

#include "loadline/model/labels.hpp"

namespace loadline {
namespace {

constexpr std::string_view kEllipsis = "...";

/// One character of UTF-8; size 0 where the front is none (cut short, overlong, surrogate, beyond
/// U+10FFFF).
struct Character {
  std::uint32_t code = 0;
  std::size_t size = 0;
};

std::size_t length_by_lead(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  return lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
}

Character decode_front(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t size = length_by_lead(lead);
  if (size == 0 || size > text.size()) return {};
  if (size == 1) return {lead, 1};
  std::uint32_t code = lead & (0x7FU >> size);
  for (const char c : text.substr(1, size - 1)) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) != 0x80U) return {};
    code = (code << 6U) | (byte & 0x3FU);
  }
  const bool overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
  const bool surrogate = code >= 0xD800 && code < 0xE000;
  if (overlong || surrogate || code > 0x10FFFF) return {};
  return {code, size};
}

/// Controls, and what makes a line read otherwise than it is: line separators, invisible and
/// direction-changing marks.
bool must_escape(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || (code >= 0x200B && code < 0x2010) ||
         (code >= 0x2028 && code < 0x202F) || (code >= 0x2060 && code < 0x2070) || code == 0xFEFF;
}

void append_hex(std::string& out, std::string_view bytes) {
  constexpr std::string_view kHex = "0123456789abcdef";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += "\\x";
    out += kHex[byte >> 4U];
    out += kHex[byte & 0xFU];
  }
}

void append_escaped(std::string& out, std::string_view bytes, const Character& character) {
  if (character.code == '\n' && character.size == 1) {
    out += "\\n";
  } else if (character.code == '"' || character.code == '\\') {
    out += '\\';
    out += bytes;
  } else if (character.size == 0 || must_escape(character.code)) {
    append_hex(out, bytes);
  } else {
    out += bytes;
  }
}

/// Collects pieces that are kept whole or left out, so that the cut never falls inside an escape
/// or a character.
class Clipped {
 public:
  explicit Clipped(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  /// False once the text is over the limit: nothing more needs to be added.
  bool add_text(std::string_view text) {
    while (!text.empty() && !is_over()) {
      const Character character = decode_front(text);
      const std::string_view bytes = text.substr(0, character.size == 0 ? 1 : character.size);
      append_escaped(text_, bytes, character);
      remember_boundary();
      text.remove_prefix(bytes.size());
    }
    return !is_over();
  }
  bool add_plain(std::string_view piece) {
    text_ += piece;
    remember_boundary();
    return !is_over();
  }
  std::string take() {
    if (!is_over()) return std::move(text_);
    text_.resize(boundary_);
    text_ += kEllipsis.substr(0, max_bytes_);
    return std::move(text_);
  }

 private:
  [[nodiscard]] bool is_over() const { return text_.size() > max_bytes_; }
  void remember_boundary() {
    if (text_.size() + kEllipsis.size() <= max_bytes_) boundary_ = text_.size();
  }

  std::string text_{};
  std::size_t boundary_ = 0;  ///< the last place where the ellipsis still fits
  std::size_t max_bytes_ = 0;
};

}  // namespace

std::string printable(const Labels& labels, std::size_t max_bytes) {
  Clipped out(max_bytes);
  out.add_plain("{");
  std::string_view separator;
  for (const auto& [name, value] : labels.pairs()) {
    out.add_plain(separator);
    separator = ",";
    if (!out.add_text(name) || !out.add_plain("=\"") || !out.add_text(value)) break;
    out.add_plain("\"");
  }
  out.add_plain("}");
  return out.take();
}

std::string printable(std::string_view text, std::size_t max_bytes) {
  Clipped out(max_bytes);
  out.add_text(text);
  return out.take();
}

}  // namespace loadline
