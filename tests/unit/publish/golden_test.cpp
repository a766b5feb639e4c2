#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
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

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The lines that differ, each with its number: "-" is the golden file, "+" what came out.
std::string diff(const std::string& golden, const std::string& actual) {
  std::istringstream left(golden);
  std::istringstream right(actual);
  std::string text;
  for (int number = 1; left || right; ++number) {
    std::string a;
    std::string b;
    std::getline(left, a);
    std::getline(right, b);
    if (a != b) {
      text += std::to_string(number) + " - " + a + "\n" + std::to_string(number) + " + " + b + "\n";
    }
  }
  return text;
}

void check_golden(const std::string& name, const std::string& actual) {
  const std::string path = std::string(LOADLINE_SOURCE_DIR) + "/tests/golden/report/" + name;
  if (const char* update = std::getenv("LOADLINE_UPDATE_GOLDEN"); update != nullptr) {
    std::ofstream(path, std::ios::binary) << actual;
  }
  const std::string golden = read_file(path);
  INFO(name << " differs; LOADLINE_UPDATE_GOLDEN=1 rewrites it\n" << diff(golden, actual));
  CHECK(golden == actual);
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
    check_golden(row.file, rendered(test::sample_report(), row.format, row.options));
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
    check_golden(row.file, rendered(test::incomplete_report(), row.format, {Color::kNever, 120}));
  }
}

TEST_CASE("an empty report is whole in every format as its golden file") {
  Report report = test::sample_report();
  report.recommendations.clear();
  report.totals = {};
  check_golden("empty.txt", rendered(report, ReportFormat::kTable, {}));
  check_golden("empty.json", rendered(report, ReportFormat::kJson, {}));
  check_golden("empty.csv", rendered(report, ReportFormat::kCsv, {}));
}

}  // namespace
}  // namespace loadline
