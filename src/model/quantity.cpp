#include "loadline/model/quantity.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>

#include "loadline/model/labels.hpp"

namespace loadline {
namespace {

struct Suffix {
  std::string_view text{};
  int exponent = 0;
};
constexpr std::array<Suffix, 10> kDecimal{{{"n", -9},
                                           {"u", -6},
                                           {"m", -3},
                                           {"", 0},
                                           {"k", 3},
                                           {"M", 6},
                                           {"G", 9},
                                           {"T", 12},
                                           {"P", 15},
                                           {"E", 18}}};
constexpr std::array<Suffix, 6> kBinary{
    {{"Ki", 10}, {"Mi", 20}, {"Gi", 30}, {"Ti", 40}, {"Pi", 50}, {"Ei", 60}}};

template <std::size_t N>
std::optional<int> exponent_of(const std::array<Suffix, N>& table, std::string_view suffix) {
  for (const Suffix& row : table) {
    if (row.text == suffix) return row.exponent;
  }
  return std::nullopt;
}

/// "e3", "E-6"; at most three digits, because more can only overflow. "E" alone is exa, no
/// exponent.
std::optional<int> decimal_exponent(std::string_view suffix) {
  if (suffix.size() < 2 || (suffix[0] != 'e' && suffix[0] != 'E')) return std::nullopt;
  suffix.remove_prefix(suffix[1] == '+' ? 2 : 1);
  if (suffix.empty() || suffix.size() > 4) return std::nullopt;
  int exponent = 0;
  const char* const end = suffix.data() + suffix.size();
  const auto [after, error] = std::from_chars(suffix.data(), end, exponent);
  if (error != std::errc{} || after != end) return std::nullopt;
  return exponent;
}

/// The length of `digits[.digits]` at the front; 0 where there is no digit.
std::size_t number_length(std::string_view text) {
  std::size_t length = 0;
  std::size_t digits = 0;
  std::size_t dots = 0;
  for (; length < text.size(); ++length) {
    const char c = text[length];
    if (c == '.' && dots == 0) {
      ++dots;
    } else if (c >= '0' && c <= '9') {
      ++digits;
    } else {
      break;
    }
  }
  return digits == 0 ? 0 : length;
}

/// Number and power of ten are read as one, so that "250m" is the double nearest to 0.25 and not
/// the product of two rounded ones.
std::optional<double> scaled_by_ten(std::string_view number, int exponent) {
  const std::string text = std::string(number) + "e" + std::to_string(exponent);
  double value = 0;
  const auto [after, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || after != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> parse_unsigned(std::string_view text) {
  const std::size_t length = number_length(text);
  if (length == 0) return std::nullopt;
  const std::string_view number = text.substr(0, length);
  const std::string_view suffix = text.substr(length);
  if (const auto exponent = exponent_of(kBinary, suffix)) {
    const std::optional<double> value = scaled_by_ten(number, 0);
    if (!value) return std::nullopt;
    return std::ldexp(*value, *exponent);
  }
  std::optional<int> exponent = exponent_of(kDecimal, suffix);
  if (!exponent) exponent = decimal_exponent(suffix);
  if (!exponent) return std::nullopt;
  return scaled_by_ten(number, *exponent);
}

/// Rounds up, but not for an excess that Kubernetes cannot express: its finest unit is 1n, and
/// arithmetic in doubles leaves dust below that (0.1 + 0.2). Not a number and negatives are 0;
/// 9e18 fits 64 bits.
std::uint64_t count_up(double amount) {
  constexpr double kDust = 1e-6;
  constexpr double kMost = 9e18;
  if (!(amount > kDust)) return 0;
  return static_cast<std::uint64_t>(std::fmin(std::ceil(amount - kDust), kMost));
}

/// Fixed notation with so many decimals, without trailing zeros.
std::string fixed(double value, int decimals) {
  std::array<char, 64> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                          std::chars_format::fixed, decimals);
  if (error != std::errc{}) return "0";
  std::string text(buffer.data(), end);
  if (decimals > 0) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  return text == "-0" ? "0" : text;
}

/// Three significant digits, at most nine decimals; integers are written whole.
std::string significant(double value) {
  const double magnitude = std::fabs(value);
  if (!(magnitude >= 1e-9)) return "0";
  if (magnitude > 1e18) return value > 0 ? ">1e18" : "<-1e18";
  const int leading = static_cast<int>(std::floor(std::log10(magnitude)));
  return fixed(value, std::clamp(2 - leading, 0, 9));
}

}  // namespace

Result<double> parse_quantity(std::string_view text) {
  const bool has_sign = !text.empty() && (text[0] == '+' || text[0] == '-');
  const std::optional<double> amount = parse_unsigned(text.substr(has_sign ? 1 : 0));
  if (amount && std::isfinite(*amount)) return text[0] == '-' ? -*amount : *amount;
  return fail(ErrorKind::kInvalidInput, "not a quantity: \"" + printable(text, 80) +
                                            "\"; write it like 250m, 0.5, 512Mi or 1.5Gi");
}

std::string format_cpu(double cores) {
  const std::uint64_t millicores = count_up(cores * 1'000);
  if (millicores % 1'000 == 0) return std::to_string(millicores / 1'000);
  return std::to_string(millicores) + "m";
}

std::string format_memory(double bytes) {
  std::uint64_t amount = count_up(bytes);
  std::string_view suffix;
  for (const Suffix& binary : kBinary) {
    if (amount == 0 || amount % 1'024 != 0) break;
    amount /= 1'024;
    suffix = binary.text;
  }
  return std::to_string(amount) + std::string(suffix);
}

std::string human_cores(double cores) {
  return significant(cores);
}

std::string human_bytes(double bytes) {
  std::string_view suffix;
  for (const Suffix& binary : kBinary) {
    // 1023.6 would be written as 1024 of the smaller unit.
    if (!(std::fabs(bytes) >= 1'023.5)) break;
    bytes /= 1'024;
    suffix = binary.text;
  }
  return significant(bytes) + std::string(suffix);
}

}  // namespace loadline
