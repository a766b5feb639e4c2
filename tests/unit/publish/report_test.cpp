#include "loadline/publish/report.hpp"

#include "support/catch.hpp"

namespace loadline {
namespace {

TEST_CASE("every format in the list of names parses, and nothing else does") {
  CHECK(report_format_names() == "table|wide|json|yaml|csv|markdown|html");
  CHECK(parse_report_format("table") == ReportFormat::kTable);
  CHECK(parse_report_format("wide") == ReportFormat::kWide);
  CHECK(parse_report_format("json") == ReportFormat::kJson);
  CHECK(parse_report_format("yaml") == ReportFormat::kYaml);
  CHECK(parse_report_format("csv") == ReportFormat::kCsv);
  CHECK(parse_report_format("markdown") == ReportFormat::kMarkdown);
  CHECK(parse_report_format("html") == ReportFormat::kHtml);
  for (const auto* const text : {"", "JSON", "tabl", "table|wide"}) {
    CHECK_FALSE(parse_report_format(text));
  }
}

TEST_CASE("sort keys parse by name") {
  CHECK(parse_sort_key("waste") == SortKey::kWaste);
  CHECK(parse_sort_key("risk") == SortKey::kRisk);
  CHECK(parse_sort_key("name") == SortKey::kName);
  CHECK(parse_sort_key("cpu") == SortKey::kCpu);
  CHECK(parse_sort_key("memory") == SortKey::kMemory);
  CHECK_FALSE(parse_sort_key("Waste"));
  CHECK_FALSE(parse_sort_key(""));
}

}  // namespace
}  // namespace loadline
