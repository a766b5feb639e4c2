/// Cells and lines of CSV (RFC 4180), shared by all reports.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace loadline::publish {

/// Cells with their column's name, so that no value can slip under another title.
using CsvCells = std::vector<std::pair<std::string, std::string>>;

/// Without exponent, as many digits as tell it from its neighbours; empty for nullopt.
std::string number(double value);
std::string number(const std::optional<double>& value);
/// "true", "false".
std::string flag(bool value);
/// Others' words. A spreadsheet takes a leading = + - @ tab or return for a formula; an apostrophe
/// before it makes it text. Controls but line ends are spelled out.
std::string text_cell(std::string_view text);

/// Names or values of the cells as one line, quoted where they need it.
void write_csv_line(const CsvCells& cells, std::string CsvCells::value_type::*field,
                    std::ostream& out);

}  // namespace loadline::publish
