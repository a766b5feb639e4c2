#include "service/http_query.hpp"

#include <charconv>

namespace loadline::service {
namespace {

constexpr std::size_t kMaxParameters = 100;

std::optional<char> hex_byte(std::string_view digits) {
  unsigned value = 0;
  if (digits.size() != 2) return std::nullopt;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + 2, value, 16);
  if (error != std::errc() || end != digits.data() + 2) return std::nullopt;
  return static_cast<char>(value);
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text, Plus plus) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus == Plus::kSpace) {
      result += ' ';
    } else if (text[i] == '%') {
      const std::optional<char> byte = hex_byte(text.substr(i + 1, 2));
      if (!byte) return std::nullopt;
      result += *byte;
      i += 2;
    } else {
      result += text[i];
    }
  }
  return result;
}

Result<std::vector<Parameter>> parse_query(std::string_view query) {
  std::vector<Parameter> parameters;
  while (!query.empty()) {
    const std::string_view piece = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), piece.size() + 1));
    if (piece.empty()) continue;
    const std::size_t equals = std::min(piece.find('='), piece.size());
    const auto name = percent_decoded(piece.substr(0, equals), Plus::kSpace);
    const auto value =
        percent_decoded(piece.substr(std::min(equals + 1, piece.size())), Plus::kSpace);
    if (!name || !value) {
      return fail(ErrorKind::kInvalidInput,
                  "the query holds a % without two hexadecimal digits; write % as %25");
    }
    if (parameters.size() == kMaxParameters) {
      return fail(ErrorKind::kInvalidInput, "the query holds more than 100 parameters");
    }
    parameters.push_back({*name, *value});
  }
  return parameters;
}

}  // namespace loadline::service
