/// Untrusted text in Markdown, shared by all reports.
#pragma once

#include <string>
#include <string_view>

namespace loadline::publish {

/// Running text: nothing in it is markup, a mention or a link.
std::string prose(std::string_view text);

/// A name as a code span: a mention, a link or markup in it stays text. No escape works inside of a
/// span, so that what could end the span or the cell is written as \xNN.
std::string code(std::string_view text);

}  // namespace loadline::publish
