#include "prometheus/json_values.hpp"

#include <algorithm>

namespace loadline {

Labels labels_of(simdjson::ondemand::object object) {
  Labels labels;
  read_labels(object, {}, labels);
  return labels;
}

void read_labels(simdjson::ondemand::object object, std::span<const std::string_view> keep,
                 Labels& labels) {
  for (auto field : object) {
    const std::string_view name = field.unescaped_key();
    if (!keep.empty() && std::find(keep.begin(), keep.end(), name) == keep.end()) continue;
    // The key's bytes stay valid: simdjson writes each string to a place of its own.
    const std::string_view value = field.value().get_string();
    labels.set(name, value);
  }
}

std::string_view array_text(simdjson::ondemand::value value) {
  simdjson::ondemand::array array = value.get_array();
  return array.raw_json();
}

simdjson::padded_string_view padded(std::string& body) {
  body.reserve(body.size() + simdjson::SIMDJSON_PADDING);
  return simdjson::padded_string_view(body.data(), body.size(), body.capacity());
}

}  // namespace loadline
