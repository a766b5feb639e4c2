/// A table of text columns that fits a terminal: which columns are shown and how wide, then the
/// lines. Numbers are never cut: where even the essential columns do not fit, lines run over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "loadline/publish/report.hpp"

namespace loadline::publish {

enum class Style { kPlain, kHeading, kRisk, kWaste, kDim };
/// The text with the style's ANSI sequences around it; kPlain and Color::kNever add nothing.
std::string styled(const std::string& text, Style style, Color color);

struct Cell {
  std::string text{};
  Style style = Style::kPlain;
};

/// How a text gives way: names lose their middle, lists of phrases ("a; b; c") their end ("a; +2"),
/// workloads write their kind as kubectl abbreviates it, containers leave out their type ("app
/// (init)"), before the name loses its middle.
enum class Shortening { kNever, kMiddle, kWorkload, kContainer, kPhrases };
std::string shortened(const std::string& text, Shortening how, std::size_t width);

enum class Alignment { kLeft, kRight };

struct Column {
  std::string title{};
  std::vector<Cell> cells{};
  Alignment alignment = Alignment::kLeft;
  Shortening shortening = Shortening::kNever;
  std::size_t tight = 0;  ///< the least width, where it may be shortened at all
  std::size_t comfortable = 0;
  /// 0: essential, never dropped; else the order in which columns are let in while there is room.
  int priority = 0;
};

/// The width of each column, nullopt where it is dropped. `width` 0: no limit.
std::vector<std::optional<std::size_t>> fit(const std::vector<Column>& columns, std::size_t width);

/// Titles and rows, a newline after each, two spaces between columns, none at the end of a line.
std::string draw(const std::vector<Column>& columns,
                 const std::vector<std::optional<std::size_t>>& widths, Color color);

}  // namespace loadline::publish
