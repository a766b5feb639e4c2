/// Untrusted text on its way to a terminal, a file or a page: code points, their width in columns,
/// and one visible spelling for what must not reach a reader raw. Pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace loadline::publish {

/// The first code point of a text. A byte that belongs to no well-formed sequence is U+FFFD of
/// length 1 and not valid.
struct CodePoint {
  char32_t value = U'\uFFFD';
  std::size_t length = 1;
  bool valid = false;
};
/// `text` must not be empty.
CodePoint first_code_point(std::string_view text);

/// Controls (C0, DEL, C1), line separators, bidirectional overrides, zero-width characters, byte
/// order marks and noncharacters: what can move a cursor, hide or reorder text.
bool is_unprintable(char32_t code_point);

/// Columns on a terminal: 2 for East Asian wide characters and emoji, 0 for combining marks.
std::size_t display_width(std::string_view text);

/// Visible and harmless: "\n", "\t", "\x1b", "\u202e" for unprintable characters, "\\" for a
/// backslash, U+FFFD for broken UTF-8.
std::string printable_text(std::string_view text);

/// printable_text with & < > " ' as entities: for element text and quoted attributes alike.
std::string html_text(std::string_view text);

/// & < > " ' as entities, all else as it is: for lines that are printable already.
std::string markup_text(std::string_view text);

/// At most `width` columns (at least 3): the middle gives way to "..".
std::string elide_middle(std::string_view text, std::size_t width);

}  // namespace loadline::publish
