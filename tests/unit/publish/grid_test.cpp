#include "publish/grid.hpp"

#include <sstream>
#include <string>

#include "publish/text.hpp"
#include "sample_report.hpp"
#include "support/catch.hpp"

namespace loadline::publish {
namespace {

Column column_of(std::string title, const std::string& text, int priority = 0) {
  Column column;
  column.title = std::move(title);
  column.cells = {{text, Style::kPlain}};
  column.priority = priority;
  return column;
}

Column name_of(const std::string& text, std::size_t tight, std::size_t comfortable) {
  Column column = column_of("N", text);
  column.shortening = Shortening::kMiddle;
  column.tight = tight;
  column.comfortable = comfortable;
  return column;
}

TEST_CASE("without a limit every column has its natural width") {
  const std::vector<Column> columns{column_of("TITLE", "x"), column_of("A", "long text", 7)};
  CHECK(fit(columns, 0) == std::vector<std::optional<std::size_t>>{5, 9});
}

TEST_CASE("columns are let in by priority while there is room") {
  const std::vector<Column> columns{column_of("E", "1234"), column_of("B", "1234567890", 2),
                                    column_of("A", "12345", 1), column_of("C", "12", 3)};
  CHECK(fit(columns, 3)[0] == 4);
  const auto widths = fit(columns, 15);  // 4 + 2 + 5, then 2 + 2; the ten do not fit
  CHECK(widths == std::vector<std::optional<std::size_t>>{4, std::nullopt, 5, 2});
}

TEST_CASE("what is left goes to shortened names") {
  const std::vector<Column> columns{name_of("a-very-long-name", 6, 8), column_of("V", "1234")};
  CHECK(fit(columns, 10)[0] == 6);
  CHECK(fit(columns, 16)[0] == 10);
  CHECK(fit(columns, 100)[0] == 16);
}

TEST_CASE("each kind of text gives way in its own manner") {
  struct Row {
    Shortening how;
    const char* text;
    std::size_t width;
    const char* expected;
  };
  const Row rows[] = {
      {Shortening::kNever, "250m -> 400m", 3, "250m -> 400m"},
      {Shortening::kWorkload, "Deployment/web", 20, "Deployment/web"},
      {Shortening::kWorkload, "~StatefulSet/db", 10, "~sts/db"},
      {Shortening::kWorkload, "Rollout/checkout", 10, "Roll..kout"},
      {Shortening::kContainer, "proxy (sidecar)", 8, "proxy"},
      {Shortening::kContainer, "istio-proxy (sidecar)", 8, "ist..oxy"},
      {Shortening::kPhrases, "one (cpu); two; three", 21, "one (cpu); two; three"},
      {Shortening::kPhrases, "one (cpu); two; three", 18, "one (cpu); two; +1"},
      {Shortening::kPhrases, "one (cpu); two; three", 15, "one (cpu); +2"},
      {Shortening::kPhrases, "one (cpu); two; three", 8, "one..ree"},
  };
  for (const Row& row : rows) {
    INFO(row.text << " in " << row.width);
    CHECK(shortened(row.text, row.how, row.width) == row.expected);
  }
}

TEST_CASE("lines are aligned and end without blanks") {
  std::vector<Column> columns{column_of("NAME", "日本"), column_of("N", "7"),
                              column_of("LAST", "x")};
  columns[1].alignment = Alignment::kRight;
  columns[1].title = "PODS";
  CHECK(draw(columns, fit(columns, 0), Color::kNever) == "NAME  PODS  LAST\n日本     7  x\n");
}

TEST_CASE("colour surrounds the text and not the blanks, and only where asked for") {
  std::vector<Column> columns{column_of("NAME", "a"), column_of("B", "b")};
  columns[0].cells[0].style = Style::kRisk;
  const std::string colored = draw(columns, fit(columns, 0), Color::kAnsi);
  CHECK(colored.find("\x1b[31ma\x1b[0m     b\n") != std::string::npos);
  CHECK(draw(columns, fit(columns, 0), Color::kNever).find('\x1b') == std::string::npos);
}

TEST_CASE("the rows of a report fit every usual terminal and never lose a number") {
  for (std::size_t width = 78; width < 260; ++width) {
    std::ostringstream out;
    render(test::sample_report(), ReportFormat::kTable, {Color::kNever, width}, out);
    std::istringstream lines(out.str());
    std::size_t rows = 0;
    for (std::string line; std::getline(lines, line);) {
      if (line.find("MEMORY REQUEST") != std::string::npos && line.starts_with("   NAMESPACE")) {
        rows = 11;
      }
      if (rows == 0) continue;
      --rows;
      INFO(width << ": " << line);
      REQUIRE(display_width(line) <= width);
    }
    CHECK(out.str().find("250m -> 405m") != std::string::npos);
    CHECK(out.str().find("unknown -> 1232Mi") != std::string::npos);
  }
}

}  // namespace
}  // namespace loadline::publish
