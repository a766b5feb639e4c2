#include "loadline/recommend/spelling.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "loadline/model/quantity.hpp"

namespace loadline {
namespace {

struct Suffix {
  double unit = 0;
  char letter = ' ';
};
constexpr std::array<Suffix, 3> kDecimalSuffixes{{{1e9, 'G'}, {1e6, 'M'}, {1e3, 'k'}}};

/// "500M", or plain bytes where no decimal suffix divides.
std::string spell_decimal_bytes(double bytes) {
  for (const Suffix& suffix : kDecimalSuffixes) {
    const double count = bytes / suffix.unit;
    if (count >= 1 && count == std::floor(count)) return spell_decimal(count, 0) + suffix.letter;
  }
  return spell_decimal(bytes, 0);
}

/// The shorter of "512Mi" and "500M"; rounded where both are too long to be read.
std::string spell_bytes(double bytes) {
  constexpr std::size_t kReadable = 7;
  const std::string binary = format_memory(bytes);
  const std::string decimal = spell_decimal_bytes(bytes);
  const std::string& shorter = decimal.size() < binary.size() ? decimal : binary;
  return shorter.size() <= kReadable ? shorter : "~" + human_bytes(bytes);
}

}  // namespace

std::string spell_requirement(Resource resource, double value) {
  return resource == Resource::kCpu ? format_cpu(value) : spell_bytes(value);
}

std::string spell_usage(Resource resource, double value) {
  return resource == Resource::kCpu ? format_cpu(value) : human_bytes(value);
}

std::string_view spell_resource(Resource resource) {
  return resource == Resource::kCpu ? "CPU" : "memory";
}

std::string spell_quantile(double quantile) {
  return "p" + spell_decimal(100 * quantile, 3);
}

std::string spell_decimal(double value, int digits) {
  // The largest double has 309 digits before the point.
  std::array<char, 400> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 std::chars_format::fixed, digits);
  std::string text(buffer.data(), end.ptr);
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace loadline
