#include "loadline/model/labels.hpp"

#include <algorithm>

namespace loadline {
namespace {

bool name_before(const Labels::Pair& pair, std::string_view name) {
  return pair.first < name;
}

}  // namespace

Labels::Labels(std::initializer_list<Pair> pairs) {
  pairs_.reserve(pairs.size());
  for (const Pair& pair : pairs) set(pair.first, pair.second);
}

std::string_view Labels::get(std::string_view name) const {
  const auto at = std::lower_bound(pairs_.begin(), pairs_.end(), name, name_before);
  if (at == pairs_.end() || at->first != name) return {};
  return at->second;
}

void Labels::set(std::string_view name, std::string_view value) {
  // Decoders hand labels over in order, mostly: then this is an append.
  const bool is_last = pairs_.empty() || pairs_.back().first < name;
  const auto at =
      is_last ? pairs_.end() : std::lower_bound(pairs_.begin(), pairs_.end(), name, name_before);
  const bool is_there = at != pairs_.end() && at->first == name;
  if (is_there && value.empty()) {
    pairs_.erase(at);
  } else if (is_there) {
    at->second = std::string(value);
  } else if (!value.empty()) {
    pairs_.emplace(at, name, value);
  }
}

std::string_view exported_or_own(const Labels& labels, std::string_view name) {
  constexpr std::string_view kPrefix = "exported_";
  // Compared in place: no text is built, as this runs several times for every series.
  for (const Labels::Pair& pair : labels.pairs()) {
    const std::string_view label = pair.first;
    if (label.size() == kPrefix.size() + name.size() && label.starts_with(kPrefix) &&
        label.ends_with(name)) {
      return pair.second;
    }
  }
  return labels.get(name);
}

}  // namespace loadline
