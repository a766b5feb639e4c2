#include "prometheus/json_values.hpp"

#include <charconv>
#include <cmath>

namespace loadline {

std::optional<double> parse_float(std::string_view text) {
  // from_chars takes "inf", "nan" and their long forms in any case, but no plus sign.
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (stop != end || text.empty()) return std::nullopt;
  if (error == std::errc::result_out_of_range) {
    // Go prints every finite double inside the range, so this is a subnormal or a foreign writer.
    return std::strtod(std::string(text).c_str(), nullptr);
  }
  if (error != std::errc()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> milliseconds_of(double seconds) {
  if (!(std::abs(seconds) < 1e13)) return std::nullopt;
  return static_cast<std::int64_t>(std::floor(seconds * 1000 + 0.5));
}

Labels labels_of(simdjson::ondemand::object object) {
  Labels labels;
  for (auto field : object) {
    const std::string_view name = field.unescaped_key();
    // The key's bytes stay valid: simdjson writes each string to a place of its own.
    const std::string_view value = field.value().get_string();
    labels.set(name, value);
  }
  return labels;
}

simdjson::padded_string_view padded(std::string& body) {
  body.reserve(body.size() + simdjson::SIMDJSON_PADDING);
  return simdjson::padded_string_view(body.data(), body.size(), body.capacity());
}

}  // namespace loadline
