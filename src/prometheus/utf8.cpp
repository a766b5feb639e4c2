#include "prometheus/utf8.hpp"

namespace loadline {
namespace {

std::uint32_t byte_at(std::string_view text, std::size_t i) {
  return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
}

std::size_t claimed_length(std::uint32_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  return 0;
}

/// The second byte's range shuts out overlong forms, surrogates and values above U+10FFFF.
bool second_byte_fits(std::uint32_t lead, std::uint32_t second) {
  const std::uint32_t low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  const std::uint32_t high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  return second >= low && second <= high;
}

}  // namespace

std::size_t utf8_sequence(std::string_view text, std::size_t i) {
  const std::uint32_t lead = byte_at(text, i);
  const std::size_t length = claimed_length(lead);
  if (length >= 2 && !second_byte_fits(lead, byte_at(text, i + 1))) return 0;
  for (std::size_t k = 2; k < length; ++k) {
    if ((byte_at(text, i + k) & 0xc0U) != 0x80) return 0;
  }
  return length;
}

std::string encode_utf8(std::uint32_t c) {
  if ((c >= 0xd800 && c <= 0xdfff) || c > 0x10ffff) return {};
  if (c < 0x80) return {static_cast<char>(c)};
  const auto tail = [c](unsigned shift) { return static_cast<char>(0x80U | (c >> shift & 0x3fU)); };
  if (c < 0x800) return {static_cast<char>(0xc0U | c >> 6), tail(0)};
  if (c < 0x10000) return {static_cast<char>(0xe0U | c >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xf0U | c >> 18), tail(12), tail(6), tail(0)};
}

std::string mend_utf8(std::string_view text) {
  std::string mended;
  mended.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_sequence(text, i);
    mended += length == 0 ? std::string_view("\xef\xbf\xbd") : text.substr(i, length);
    i += length == 0 ? 1 : length;
  }
  return mended;
}

}  // namespace loadline
