/// Shell-like patterns for namespaces, workloads and containers: `*` any run, `?` one byte, all
/// else literal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace loadline {

/// Whole-string match; linear in practice and never exponential.
bool matches_pattern(std::string_view pattern, std::string_view text);
/// True where any pattern matches; an empty list matches nothing.
bool matches_any(const std::vector<std::string>& patterns, std::string_view text);

}  // namespace loadline
