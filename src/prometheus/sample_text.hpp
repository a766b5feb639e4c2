/// The arrays of numbers that make up nearly all of a body, scanned by hand: simdjson finds where
/// they begin and end, and a scanner that knows their shape reads them four times as fast as a
/// walk over JSON values. Strict: anything but the shape told is refused. Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "prometheus/sample_run.hpp"

namespace loadline {

/// A float as text: "1.5", "1e-07", "NaN", "+Inf", "-Inf", "Infinity". nullopt for anything else.
std::optional<double> parse_float(std::string_view text);
/// Seconds with a fraction ("1700000000.123", "1.7e9") to milliseconds, exact to the last digit.
/// nullopt for anything else, or beyond +-10^13 seconds.
std::optional<std::int64_t> parse_seconds(std::string_view text);
/// An integer; nullopt for anything else.
std::optional<std::int64_t> parse_integer(std::string_view text);

/// The text without JSON's white space around it.
std::string_view trim_json(std::string_view text);

/// Adds each pair of `[[1700000000.123,"1.5"],...]` to the series that `runs` has begun. False
/// where the text has another shape; the pairs before that place are added.
bool add_pairs(std::string_view array, SampleRuns& runs);

/// Calls `on_token` with each element of `[a,b,...]`, which hold no commas; false where it refuses
/// one or the text has another shape.
template <typename OnToken>
bool for_each_token(std::string_view array, OnToken on_token) {
  array = trim_json(array);
  if (array.size() < 2 || array.front() != '[' || array.back() != ']') return false;
  std::string_view rest = trim_json(array.substr(1, array.size() - 2));
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    if (!on_token(trim_json(rest.substr(0, comma)))) return false;
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
    if (rest.empty()) return false;
  }
  return true;
}

}  // namespace loadline
