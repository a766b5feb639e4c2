/// What the JSON readers of this stage share: labels, the text of an array, padding, and the error
/// for what is no such JSON. For .cpp files of this folder only: it shows simdjson, whose
/// exceptions its users catch.
#pragma once

#include <simdjson.h>

#include <span>
#include <string>
#include <string_view>

#include "loadline/model/labels.hpp"
#include "loadline/model/result.hpp"

namespace loadline {

/// `{"name":"value",...}`; simdjson throws where it is something else.
Labels labels_of(simdjson::ondemand::object object);
/// The same into labels that are empty, with just the names in `keep` (empty: all).
void read_labels(simdjson::ondemand::object object, std::span<const std::string_view> keep,
                 Labels& labels);

/// The text of an array, brackets included; simdjson throws where the value is something else.
std::string_view array_text(simdjson::ondemand::value value);

/// Appends the padding that simdjson needs without changing the text.
simdjson::padded_string_view padded(std::string& body);

inline tl::unexpected<Error> bad_json(std::string_view what, std::string_view problem) {
  return fail(ErrorKind::kCorrupt, std::string(what) +
                                       ": the answer is not what this endpoint of " +
                                       "Prometheus gives (" + std::string(problem) +
                                       "); is something else listening, or was the body cut?");
}

}  // namespace loadline
