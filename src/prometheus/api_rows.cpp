#include "prometheus/api_rows.hpp"

#include <algorithm>
#include <array>

namespace loadline {
namespace {

/// One past the closing quote of the string whose opening quote stands at `at`.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  for (std::size_t quote = text.find('"', at + 1); quote != std::string_view::npos;
       quote = text.find('"', quote + 1)) {
    std::size_t backslashes = 0;  // ends at the opening quote at the latest
    while (text[quote - 1 - backslashes] == '\\') ++backslashes;
    if (backslashes % 2 == 0) return quote + 1;
  }
  return text.size();
}

/// One past the bracket that closes the one at `at`, whichever its kind.
std::size_t end_of_value(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = end_of_string(text, at);
      continue;
    }
    ++at;
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) return at;
  }
  return at;
}

/// Where in the answer the walk is: the brackets that are open, and the latest string in each,
/// which is the key of what follows.
class Place {
 public:
  void note_string(std::string_view quoted) {
    if (depth_ > 0 && depth_ <= kLevels) levels_[depth_ - 1].key = quoted;
  }
  void note(char c) {
    if (c == '{' || c == '[') {
      if (depth_ < kLevels) levels_[depth_] = {c, {}};
      ++depth_;
    }
    if ((c == '}' || c == ']') && depth_ > 0) --depth_;
  }
  [[nodiscard]] bool is_among_rows() const {
    const bool in_data = depth_ >= 2 && is_key(0, "\"data\"");
    if (depth_ == 2) return in_data && levels_[1].bracket == '[';
    return depth_ == 3 && in_data && is_key(1, "\"result\"") && levels_[2].bracket == '[';
  }

 private:
  static constexpr std::size_t kLevels = 3;
  struct Level {
    char bracket = 0;
    std::string_view key{};
  };

  [[nodiscard]] bool is_key(std::size_t level, std::string_view key) const {
    return levels_[level].bracket == '{' && levels_[level].key == key;
  }

  std::size_t depth_ = 0;
  std::array<Level, kLevels> levels_{};
};

}  // namespace

std::string take_rows(std::string_view body, const std::function<void(std::string_view)>& on_row) {
  std::string rest;
  std::size_t copied = 0;
  Place place;
  for (std::size_t at = 0; at < body.size();) {
    if (body[at] == '"') {
      const std::size_t end = end_of_string(body, at);
      place.note_string(body.substr(at, end - at));
      at = end;
    } else if (body[at] == '{' && place.is_among_rows()) {
      const std::size_t end = end_of_value(body, at);
      on_row(body.substr(at, end - at));
      rest.append(body.substr(copied, at - copied)).append(kTakenRow);
      at = copied = end;
    } else {
      place.note(body[at++]);
    }
  }
  return rest.append(body.substr(copied));
}

}  // namespace loadline
