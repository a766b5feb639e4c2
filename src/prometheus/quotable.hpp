/// Untrusted text for messages that quote it. A pure function.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace loadline {

/// As printable, but with quotes as they are: PromQL, JSON and servers' messages are full of them.
std::string quotable(std::string_view text, std::size_t max_bytes = 300);

}  // namespace loadline
