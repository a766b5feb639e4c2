#include "golden.hpp"

#include <sstream>
#include <string>

#include "sample_report.hpp"
#include "support/catch.hpp"

namespace loadline {
namespace {

std::string rendered(const Report& report, ReportFormat format, const RenderOptions& options) {
  std::ostringstream out;
  render(report, format, options, out);
  return out.str();
}

TEST_CASE("every format of the sample report is as its golden file") {
  struct Row {
    const char* file;
    ReportFormat format;
    RenderOptions options;
  };
  const Row rows[] = {
      {"table.txt", ReportFormat::kTable, {}},
      {"table_80.txt", ReportFormat::kTable, {Color::kNever, 80}},
      {"table_120.txt", ReportFormat::kTable, {Color::kNever, 120}},
      {"table_160.txt", ReportFormat::kTable, {Color::kNever, 160}},
      {"table_color.txt", ReportFormat::kTable, {Color::kAnsi, 160}},
      {"wide.txt", ReportFormat::kWide, {Color::kNever, 80}},
      {"report.json", ReportFormat::kJson, {}},
      {"report.yaml", ReportFormat::kYaml, {}},
      {"report.csv", ReportFormat::kCsv, {}},
      {"report.md", ReportFormat::kMarkdown, {}},
      {"report.html", ReportFormat::kHtml, {}},
  };
  for (const Row& row : rows) {
    test::check_golden(std::string("report/") + row.file,
                       rendered(test::sample_report(), row.format, row.options));
  }
}

TEST_CASE("a report with prices tells costs in every format as its golden file") {
  struct Row {
    const char* file;
    ReportFormat format;
  };
  const Row rows[] = {{"priced.txt", ReportFormat::kWide},
                      {"priced.json", ReportFormat::kJson},
                      {"priced.csv", ReportFormat::kCsv},
                      {"priced.md", ReportFormat::kMarkdown},
                      {"priced.html", ReportFormat::kHtml}};
  for (const Row& row : rows) {
    test::check_golden(std::string("report/") + row.file,
                       rendered(test::priced_report(), row.format, {}));
  }
}

TEST_CASE("an incomplete report says so in every format as its golden file") {
  struct Row {
    const char* file;
    ReportFormat format;
  };
  const Row rows[] = {{"incomplete.txt", ReportFormat::kTable},
                      {"incomplete.md", ReportFormat::kMarkdown},
                      {"incomplete.html", ReportFormat::kHtml}};
  for (const Row& row : rows) {
    test::check_golden(std::string("report/") + row.file,
                       rendered(test::incomplete_report(), row.format, {Color::kNever, 120}));
  }
}

TEST_CASE("an empty report is whole in every format as its golden file") {
  Report report = test::sample_report();
  report.recommendations.clear();
  report.totals = {};
  test::check_golden("report/empty.txt", rendered(report, ReportFormat::kTable, {}));
  test::check_golden("report/empty.json", rendered(report, ReportFormat::kJson, {}));
  test::check_golden("report/empty.csv", rendered(report, ReportFormat::kCsv, {}));
}

}  // namespace
}  // namespace loadline
