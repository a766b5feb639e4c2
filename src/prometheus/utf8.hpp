/// UTF-8 as bytes: writing a code point, and mending text that only claims to be UTF-8. Pure
/// functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace loadline {

/// The encoding of a code point; empty for surrogates and for values above U+10FFFF.
std::string encode_utf8(std::uint32_t code_point);
/// Bytes of the well-formed sequence that begins at `i`, or 0 where there is none.
std::size_t utf8_sequence(std::string_view text, std::size_t i);
/// The text with each byte that belongs to no well-formed sequence replaced by U+FFFD.
std::string mend_utf8(std::string_view text);

}  // namespace loadline
