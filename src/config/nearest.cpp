#include "config/nearest.hpp"

#include <algorithm>
#include <numeric>

namespace loadline::config {
namespace {

std::string_view last_part(std::string_view dotted) {
  const std::size_t dot = dotted.rfind('.');
  return dot == std::string_view::npos ? dotted : dotted.substr(dot + 1);
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row[b.size()];
}

std::optional<std::string> nearest(std::string_view unknown,
                                   const std::vector<std::string>& known) {
  // A hostile name of a megabyte is nobody's typing error.
  if (unknown.size() > 200) return std::nullopt;
  std::optional<std::string> best;
  std::size_t best_distance = std::max<std::size_t>(2, unknown.size() / 3) + 1;
  for (const std::string& name : known) {
    const std::size_t distance = edit_distance(unknown, name);
    if (distance >= best_distance) continue;
    best_distance = distance;
    best = name;
  }
  if (best && best_distance <= 2) return best;
  const auto same_leaf = [&](const std::string& name) {
    return edit_distance(last_part(name), last_part(unknown)) <= 1;
  };
  const auto leaf = std::find_if(known.begin(), known.end(), same_leaf);
  return leaf == known.end() ? best : *leaf;
}

}  // namespace loadline::config
