/// UTF-8 as bytes: writing a code point, and mending text that only claims to be UTF-8. Pure
/// functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace loadline {

/// The encoding of a code point; empty for surrogates and for values above U+10FFFF.
std::string encode_utf8(std::uint32_t code_point);
/// The text with each byte that belongs to no well-formed sequence replaced by U+FFFD.
std::string mend_utf8(std::string_view text);

}  // namespace loadline
