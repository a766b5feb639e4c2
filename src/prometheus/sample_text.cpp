#include "prometheus/sample_text.hpp"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string>

namespace loadline {
namespace {

constexpr double kMaxSeconds = 1e13;

/// A place in the text that moves forward; nothing is read beyond the end.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  /// The next byte after white space, consumed if it is `c`.
  bool take(char c) {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\t' || *at_ == '\r')) ++at_;
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }
  /// Up to and without the first `c`, which is consumed; empty where there is none.
  std::string_view until(char c) {
    const char* const begin = at_;
    while (at_ != end_ && *at_ != c) ++at_;
    if (at_ == end_) return {};
    return {begin, static_cast<std::size_t>(at_++ - begin)};
  }
  [[nodiscard]] bool at_end() const { return at_ == end_; }

 private:
  const char* at_;
  const char* end_;
};

bool add_pair(Scanner& scanner, SampleRuns& runs) {
  if (!scanner.take('[')) return false;
  const std::optional<std::int64_t> t_ms = parse_seconds(trim_json(scanner.until(',')));
  if (!t_ms || !scanner.take('"')) return false;
  const std::optional<double> value = parse_float(scanner.until('"'));
  if (!value || !scanner.take(']')) return false;
  runs.add({*t_ms, *value});
  return true;
}

/// "1700000000" or "1700000000.123": digits alone, at most twelve and then three. -1 for others.
std::int64_t plain_milliseconds(std::string_view text) {
  std::int64_t value = 0;
  std::size_t at = 0;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
    value = value * 10 + (text[at] - '0');
  }
  if (at == 0 || at > 12) return -1;
  std::size_t decimals = 0;
  if (at < text.size() && text[at] == '.') {
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++decimals) {
      if (decimals == 3) return -1;
      value = value * 10 + (text[at] - '0');
    }
    if (decimals == 0) return -1;
  }
  if (at != text.size()) return -1;
  for (; decimals < 3; ++decimals) value *= 10;
  return value;
}

}  // namespace

std::optional<double> parse_float(std::string_view text) {
  // from_chars takes "inf", "nan" and their long forms in any case, but no plus sign.
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (stop != end || text.empty()) return std::nullopt;
  // Out of range is what rounds to zero or infinity: strtod says which.
  if (error == std::errc::result_out_of_range)
    return std::strtod(std::string(text).c_str(), nullptr);
  if (error != std::errc()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> parse_seconds(std::string_view text) {
  const std::int64_t plain = plain_milliseconds(text);
  if (plain >= 0) return plain;
  const std::optional<double> seconds = parse_float(text);
  if (!seconds || !(std::abs(*seconds) < kMaxSeconds)) return std::nullopt;
  // A double resolves a quarter of a microsecond until the year 2100.
  return static_cast<std::int64_t>(std::floor(*seconds * 1000 + 0.5));
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

std::string_view trim_json(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

bool add_pairs(std::string_view array, SampleRuns& runs) {
  Scanner scanner(trim_json(array));
  if (!scanner.take('[')) return false;
  if (scanner.take(']')) return scanner.at_end();
  do {
    if (!add_pair(scanner, runs)) return false;
  } while (scanner.take(','));
  return scanner.take(']') && scanner.at_end();
}

}  // namespace loadline
