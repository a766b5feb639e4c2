#include "publish/grid.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "publish/text.hpp"

namespace loadline::publish {
namespace {

using Widths = std::vector<std::optional<std::size_t>>;

constexpr std::size_t kGap = 2;
/// Columns of this priority and below come before names become comfortable.
constexpr int kBeforeNames = 4;

std::size_t natural_width(const Column& column) {
  std::size_t width = display_width(column.title);
  for (const Cell& cell : column.cells) width = std::max(width, display_width(cell.text));
  return width;
}

std::size_t least_width(const Column& column) {
  const std::size_t natural = natural_width(column);
  if (column.shortening == Shortening::kNever) return natural;
  return std::min(natural, std::max(column.tight, display_width(column.title)));
}

std::size_t total_width(const Widths& widths) {
  std::size_t total = 0;
  for (const std::optional<std::size_t>& width : widths) {
    if (width) total += *width + (total > 0 ? kGap : 0);
  }
  return total;
}

std::size_t room(const Widths& widths, std::size_t limit) {
  const std::size_t used = total_width(widths);
  return used < limit ? limit - used : 0;
}

void grow(const Column& column, std::size_t target, std::size_t limit, Widths& widths,
          std::size_t index) {
  if (!widths[index] || *widths[index] >= target) return;
  const std::size_t wanted = std::min(target, natural_width(column)) - *widths[index];
  widths[index] = *widths[index] + std::min(wanted, room(widths, limit));
}

enum class Goal { kComfortable, kNatural };

void grow_all(const std::vector<Column>& columns, Goal goal, std::size_t limit, Widths& widths) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::size_t natural = natural_width(columns[i]);
    const std::size_t target =
        goal == Goal::kNatural ? natural : std::min(natural, columns[i].comfortable);
    grow(columns[i], target, limit, widths, i);
  }
}

void let_in(const std::vector<Column>& columns, int priority, std::size_t limit, Widths& widths) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].priority != priority) continue;
    const std::size_t width = least_width(columns[i]);
    if (width + kGap <= room(widths, limit)) widths[i] = width;
  }
}

int last_priority(const std::vector<Column>& columns) {
  int last = 0;
  for (const Column& column : columns) last = std::max(last, column.priority);
  return last;
}

std::string kubectl_kind(std::string_view kind) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kShort{
      {{"Deployment", "deploy"},
       {"StatefulSet", "sts"},
       {"DaemonSet", "ds"},
       {"ReplicaSet", "rs"},
       {"CronJob", "cj"},
       {"Pod", "po"}}};
  for (const auto& pair : kShort) {
    if (pair.first == kind) return std::string(pair.second);
  }
  return std::string(kind);
}

/// "~Deployment/web" -> "~deploy/web"
std::string with_short_kind(const std::string& workload) {
  const std::size_t start = workload.starts_with('~') ? 1 : 0;
  const std::size_t slash = workload.find('/');
  if (slash == std::string::npos) return workload;
  return workload.substr(0, start) + kubectl_kind(workload.substr(start, slash - start)) +
         workload.substr(slash);
}

/// "proxy (sidecar)" -> "proxy"
std::string without_type(const std::string& container) {
  return container.ends_with(')') ? container.substr(0, container.rfind(" (")) : container;
}

std::string fitting_phrases(const std::string& text, std::size_t width) {
  constexpr std::string_view kSeparator = "; ";
  const auto ends = [&text, kSeparator](std::size_t from) { return text.find(kSeparator, from); };
  std::string best;
  std::size_t left = 1;
  for (std::size_t at = ends(0); at != std::string::npos; at = ends(at + 1)) ++left;
  for (std::size_t at = ends(0); at != std::string::npos; at = ends(at + 1)) {
    const std::string candidate = text.substr(0, at) + "; +" + std::to_string(--left);
    if (display_width(candidate) <= width) best = candidate;
  }
  return best.empty() ? elide_middle(text, width) : best;
}

std::string padded(const std::string& text, std::size_t width, Alignment alignment) {
  const std::size_t used = display_width(text);
  const std::string space(used < width ? width - used : 0, ' ');
  return alignment == Alignment::kRight ? space + text : text + space;
}

/// The blanks around a text stay outside of its colour.
std::string styled_between_blanks(const std::string& text, Style style, Color color) {
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == std::string::npos) return text;
  const std::size_t end = text.find_last_not_of(' ') + 1;
  return text.substr(0, begin) + styled(text.substr(begin, end - begin), style, color) +
         text.substr(end);
}

std::string line(const std::vector<Column>& columns, const Widths& widths,
                 const std::vector<Cell>& cells, Color color) {
  std::string text;
  std::string gap;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!widths[i]) continue;
    const std::string shown = shortened(cells[i].text, columns[i].shortening, *widths[i]);
    text += gap + styled_between_blanks(padded(shown, *widths[i], columns[i].alignment),
                                        cells[i].style, color);
    gap = std::string(kGap, ' ');
  }
  text.erase(text.find_last_not_of(' ') + 1);
  return text + "\n";
}

}  // namespace

std::string styled(const std::string& text, Style style, Color color) {
  if (color == Color::kNever) return text;
  switch (style) {
    case Style::kPlain:
      return text;
    case Style::kHeading:
      return "\x1b[1m" + text + "\x1b[0m";
    case Style::kRisk:
      return "\x1b[31m" + text + "\x1b[0m";
    case Style::kWaste:
      return "\x1b[33m" + text + "\x1b[0m";
    case Style::kDim:
      return "\x1b[2m" + text + "\x1b[0m";
  }
  return text;
}

std::string shortened(const std::string& text, Shortening how, std::size_t width) {
  if (display_width(text) <= width) return text;
  switch (how) {
    case Shortening::kNever:
      return text;
    case Shortening::kMiddle:
      return elide_middle(text, width);
    case Shortening::kWorkload:
      return elide_middle(with_short_kind(text), width);
    case Shortening::kContainer:
      return elide_middle(without_type(text), width);
    case Shortening::kPhrases:
      return fitting_phrases(text, width);
  }
  return text;
}

// Implementation details: essential columns start at their least width; then, while there is room,
// the columns by priority, names to a comfortable width in between, and what is left goes to
// whatever is still shortened, from the left.
Widths fit(const std::vector<Column>& columns, std::size_t width) {
  Widths widths(columns.size());
  const std::size_t limit = width == 0 ? SIZE_MAX : width;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].priority == 0) widths[i] = least_width(columns[i]);
  }
  for (int priority = 1; priority <= last_priority(columns); ++priority) {
    let_in(columns, priority, limit, widths);
    if (priority == kBeforeNames) grow_all(columns, Goal::kComfortable, limit, widths);
  }
  grow_all(columns, Goal::kNatural, limit, widths);
  return widths;
}

std::string draw(const std::vector<Column>& columns, const Widths& widths, Color color) {
  std::vector<Cell> cells;
  cells.reserve(columns.size());
  for (const Column& column : columns) cells.push_back({column.title, Style::kHeading});
  std::string text = line(columns, widths, cells, color);
  const std::size_t rows = columns.empty() ? 0 : columns.front().cells.size();
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t i = 0; i < columns.size(); ++i) cells[i] = columns[i].cells[row];
    text += line(columns, widths, cells, color);
  }
  return text;
}

}  // namespace loadline::publish
