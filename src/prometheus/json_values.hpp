/// What the JSON readers of this stage share: simdjson's exceptions turned into errors, and the
/// spellings of numbers that Prometheus and VictoriaMetrics put into JSON. For .cpp files of this
/// folder only: it shows simdjson.
#pragma once

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>

#include "loadline/model/labels.hpp"
#include "loadline/model/result.hpp"

namespace loadline {

/// A float as text: "1.5", "1e-07", "NaN", "+Inf", "-Inf", "Infinity". nullopt for anything else.
std::optional<double> parse_float(std::string_view text);
/// Seconds with a fraction to milliseconds, exactly to the last digit: a double resolves a quarter
/// of a microsecond until the year 2100. nullopt beyond +-10^13 seconds.
std::optional<std::int64_t> milliseconds_of(double seconds);

/// `{"name":"value",...}`; simdjson throws where it is something else.
Labels labels_of(simdjson::ondemand::object object);

/// Appends the padding that simdjson needs without changing the text.
simdjson::padded_string_view padded(std::string& body);

inline tl::unexpected<Error> bad_json(std::string_view what, std::string_view problem) {
  return fail(ErrorKind::kCorrupt, std::string(what) +
                                       ": the answer is not what this endpoint of " +
                                       "Prometheus gives (" + std::string(problem) +
                                       "); is something else listening, or was the body cut?");
}

}  // namespace loadline
