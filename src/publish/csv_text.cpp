#include "publish/csv_text.hpp"

#include <array>
#include <charconv>
#include <ostream>

#include "publish/text.hpp"

namespace loadline::publish {
namespace {

/// Line breaks stay (quotes hold them); other controls would act on a terminal.
std::string without_controls(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const CodePoint c = first_code_point(text);
    const bool stays = c.value == U'\n' || c.value == U'\r' || c.value == U'\t' ||
                       c.value == U'\\' || (c.valid && !is_unprintable(c.value));
    const std::string_view bytes = text.substr(0, c.length);
    result += stays ? std::string(bytes) : printable_text(bytes);
    text.remove_prefix(c.length);
  }
  return result;
}

/// RFC 4180. The semicolon is a separator to spreadsheets of many countries.
std::string csv_quoted(const std::string& cell) {
  if (cell.find_first_of("\",;\r\n\t '") == std::string::npos) return cell;
  std::string result = "\"";
  for (const char c : cell) {
    if (c == '"') result += '"';
    result += c;
  }
  return result + "\"";
}

}  // namespace

std::string number(double value) {
  std::array<char, 400> buffer{};
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed);
  return {buffer.data(), end.ptr};
}

std::string number(const std::optional<double>& value) {
  return value ? number(*value) : std::string();
}

std::string flag(bool value) {
  return value ? "true" : "false";
}

std::string text_cell(std::string_view text) {
  constexpr std::string_view kStarters = "=+-@\t\r\n";
  const bool is_formula = !text.empty() && kStarters.find(text.front()) != std::string_view::npos;
  return (is_formula ? "'" : "") + without_controls(text);
}

void write_csv_line(const CsvCells& cells, std::string CsvCells::value_type::*field,
                    std::ostream& out) {
  std::string_view separator;
  for (const auto& cell : cells) {
    out << separator << csv_quoted(cell.*field);
    separator = ",";
  }
  out << "\r\n";
}

}  // namespace loadline::publish
