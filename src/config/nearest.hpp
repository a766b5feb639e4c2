/// "Did you mean": the known word nearest to one that is not known.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace loadline::config {

/// The number of single-byte insertions, deletions and replacements between two words.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The dotted name that was probably meant: the same last part elsewhere ("url" for
/// "prometheus.url"), else the one at the least distance, at most a third of its length away.
std::optional<std::string> nearest(std::string_view unknown, const std::vector<std::string>& known);

}  // namespace loadline::config
