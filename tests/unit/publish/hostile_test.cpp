/// Labels are anybody's bytes: each format is parsed back and must hold the hostile name as text.
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "publish/text.hpp"
#include "sample_report.hpp"
#include "support/catch.hpp"

namespace loadline {
namespace {

const char* const kReplacement = "\xef\xbf\xbd";

Report hostile_report(const ContainerKey& key) {
  Report report = test::incomplete_report();
  report.recommendations.resize(1);
  report.recommendations[0].key = key;
  report.totals = total(report.recommendations);
  return report;
}

std::string rendered(const Report& report, ReportFormat format) {
  std::ostringstream out;
  render(report, format, {}, out);
  return out.str();
}

std::vector<std::string> hostile_texts() {
  return {"=1+1",
          "+1",
          "-1",
          "@SUM(A1)",
          "\t=1",
          "\r=1",
          "a,b;c\"d\"\r\ne",
          "'; DROP TABLE x; --",
          "<img src=x onerror=alert(1)>",
          "</style></script><script>alert(1)</script>",
          "&lt;&#60;",
          "| a | `b` | **c** [d](http://e) @f #1",
          "yes",
          "null",
          "1e3",
          "~",
          "- x: y\n  z: # not a comment",
          "{{ template }} %s ${HOME} `id` $(id)",
          "\xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x9a\xa2",
          "\\ \\x41 \\\\",
          std::string(5000, 'x')};
}

TEST_CASE("JSON gives every hostile text back") {
  for (const std::string& text : hostile_texts()) {
    const Report report = hostile_report({{text, text, text, text}, text});
    const auto row =
        nlohmann::json::parse(rendered(report, ReportFormat::kJson)).at("recommendations").at(0);
    for (const auto* const key : {"cluster", "namespace", "kind", "workload", "container"}) {
      CHECK(row.at(key) == text);
    }
  }
}

TEST_CASE("JSON is pure ASCII without control bytes, broken UTF-8 replaced") {
  const std::string text = rendered(hostile_report(test::hostile_key()), ReportFormat::kJson);
  for (const char c : text) REQUIRE(((c >= ' ' && c < 0x7f) || c == '\n'));
  const auto row = nlohmann::json::parse(text).at("recommendations").at(0);
  CHECK(row.at("container") == std::string("a\x1b[31mred") + kReplacement + "\xe2\x80\xae");
}

/// The value of a double-quoted YAML scalar, as far as the emitter writes them.
std::string unquoted(const std::string& scalar) {
  REQUIRE(scalar.size() >= 2);
  REQUIRE(scalar.front() == '"');
  REQUIRE(scalar.back() == '"');
  // YAML's \uXXXX, \" and \\ are JSON's own; what JSON cannot hold is not in these tests.
  return nlohmann::json::parse(scalar).get<std::string>();
}

std::string yaml_value(const std::string& yaml, const std::string& key) {
  const std::size_t rows = yaml.find("recommendations:");
  const std::size_t at = yaml.find(" " + key + ": ", rows) + key.size() + 3;
  return yaml.substr(at, yaml.find('\n', at) - at);
}

TEST_CASE("YAML quotes every hostile text on one line and gives it back") {
  for (const std::string& text : hostile_texts()) {
    const Report report = hostile_report({{text, text, text, text}, text});
    const std::string yaml = rendered(report, ReportFormat::kYaml);
    for (const auto* const key : {"cluster", "namespace", "kind", "workload", "container"}) {
      CHECK(unquoted(yaml_value(yaml, key)) == text);
    }
  }
}

TEST_CASE("YAML holds no byte that its grammar forbids") {
  const std::string yaml = rendered(hostile_report(test::hostile_key()), ReportFormat::kYaml);
  std::string_view rest = yaml;
  while (!rest.empty()) {
    const publish::CodePoint c = publish::first_code_point(rest);
    REQUIRE(c.valid);
    REQUIRE((c.value == U'\n' || !publish::is_unprintable(c.value)));
    rest.remove_prefix(c.length);
  }
  CHECK(unquoted(yaml_value(yaml, "container")) ==
        std::string("a\x1b[31mred") + kReplacement + "\xe2\x80\xae");
}

/// RFC 4180, strictly: the records and their fields.
std::vector<std::vector<std::string>> parse_csv(const std::string& text) {
  std::vector<std::vector<std::string>> records(1, {""});
  bool is_quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string& field = records.back().back();
    if (is_quoted) {
      if (text[i] != '"') {
        field += text[i];
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        field += text[++i];
      } else {
        is_quoted = false;
      }
    } else if (text[i] == '"') {
      REQUIRE(field.empty());
      is_quoted = true;
    } else if (text[i] == ',') {
      records.back().emplace_back();
    } else if (text.compare(i, 2, "\r\n") == 0) {
      records.emplace_back(1, "");
      ++i;
    } else {
      field += text[i];
    }
  }
  REQUIRE_FALSE(is_quoted);
  records.pop_back();
  return records;
}

std::string field_of(const std::vector<std::vector<std::string>>& records, std::size_t record,
                     const std::string& title) {
  for (std::size_t i = 0; i < records[0].size(); ++i) {
    if (records[0][i] == title) return records.at(record).at(i);
  }
  return "no column " + title;
}

TEST_CASE("CSV gives every hostile text back, formulas as text behind an apostrophe") {
  for (const std::string& text : hostile_texts()) {
    const Report report = hostile_report({{text, text, text, text}, text});
    const auto records = parse_csv(rendered(report, ReportFormat::kCsv));
    REQUIRE(records.size() == 3);
    const bool is_formula = std::string("=+-@\t\r\n").find(text.front()) != std::string::npos;
    const std::string expected = (is_formula ? "'" : "") + text;
    for (const auto* const title : {"cluster", "namespace", "kind", "workload", "container"}) {
      CHECK(field_of(records, 1, title) == expected);
    }
  }
}

TEST_CASE("CSV records are all as long as their header, and the last is the total") {
  const Report report = test::sample_report();
  const auto records = parse_csv(rendered(report, ReportFormat::kCsv));
  REQUIRE(records.size() == report.recommendations.size() + 2);
  for (const auto& record : records) CHECK(record.size() == records[0].size());
  CHECK(field_of(records, records.size() - 1, "record") == "total");
  CHECK(field_of(records, records.size() - 1, "replicas") == "52");
  CHECK(field_of(records, 1, "cpu_recommended_request_cores") == "0.405");
  CHECK(field_of(records, 1, "memory_current_limit_bytes") == "1072693248");
}

TEST_CASE("CSV lets no escape sequence through") {
  const std::string csv = rendered(hostile_report(test::hostile_key()), ReportFormat::kCsv);
  CHECK(csv.find('\x1b') == std::string::npos);
  CHECK(field_of(parse_csv(csv), 1, "complete") == "false");
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

/// What the browser would show of an escaped text.
std::string html_text(std::string text) {
  const std::pair<const char*, const char*> entities[] = {
      {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}};
  for (const auto& entity : entities) {
    const std::string from = entity.first;
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + 1)) {
      text.replace(at, from.size(), entity.second);
    }
  }
  return text;
}

TEST_CASE("HTML shows every hostile text as text: no tag and no attribute comes of it") {
  const std::string plain =
      rendered(hostile_report({{"", "n", "k", "w"}, "c"}), ReportFormat::kHtml);
  for (const std::string& text : hostile_texts()) {
    const std::string page =
        rendered(hostile_report({{text, text, text, text}, text}), ReportFormat::kHtml);
    CHECK(count_of(page, "<") == count_of(plain, "<"));
    CHECK(count_of(page, ">") == count_of(plain, ">"));
    const std::string open = "<span class=\"kind\">";
    const std::size_t at = page.find(open) + open.size();
    const std::string kind = page.substr(at, page.find("/</span>", at) - at);
    CHECK(html_text(kind) == publish::printable_text(text));
  }
}

TEST_CASE("HTML loads nothing and runs nothing") {
  const std::string page = rendered(test::incomplete_report(), ReportFormat::kHtml);
  for (const auto* const part : {"<script", "<link", "<img", "<iframe", "src=", "href=", "@import",
                                 "url(", "onload", "onclick"}) {
    INFO(part);

    CHECK(page.find(part) == std::string::npos);
  }
  CHECK(page.find("default-src 'none'") != std::string::npos);
}

/// The cells of a Markdown table row; `|` behind a backslash separates nothing.
std::vector<std::string> markdown_cells(const std::string& line) {
  std::vector<std::string> cells;
  std::size_t from = 1;
  for (std::size_t at = line.find('|', 1); at != std::string::npos; at = line.find('|', at + 1)) {
    if (line[at - 1] == '\\') continue;
    cells.push_back(line.substr(from, at - from));
    from = at + 1;
  }
  return cells;
}

TEST_CASE("Markdown keeps every hostile text inside of its code span and cell") {
  for (const std::string& text : hostile_texts()) {
    const std::string page =
        rendered(hostile_report({{"", text, "Kind", text}, text}), ReportFormat::kMarkdown);
    const std::size_t at = page.find("|---|---|---|--:|");
    const std::size_t line = page.find('\n', at) + 1;
    const auto cells = markdown_cells(page.substr(line, page.find('\n', line) - line));
    REQUIRE(cells.size() == 14);
    for (const std::size_t i : {0, 1, 2}) {
      CHECK(count_of(cells[i], "`") == 2);
      CHECK(cells[i].find('<') == std::string::npos);
    }
  }
}

TEST_CASE("Markdown prose makes nothing of the server's own words") {
  const std::string page = rendered(test::incomplete_report(), ReportFormat::kMarkdown);
  CHECK(page.find("&#60;b&#62;store &#92;x1b&#91;2J&#124;gone&#60;/b&#62;") != std::string::npos);
}

TEST_CASE("the table lets no control byte through, whatever the names and warnings hold") {
  for (const ReportFormat format : {ReportFormat::kTable, ReportFormat::kWide}) {
    const std::string table = rendered(test::incomplete_report(), format);
    std::string_view rest = table;
    while (!rest.empty()) {
      const publish::CodePoint c = publish::first_code_point(rest);
      REQUIRE((c.value == U'\n' || !publish::is_unprintable(c.value)));
      rest.remove_prefix(c.length);
    }
    CHECK(table.find("a\\x1b[31mred") != std::string::npos);
  }
}

}  // namespace
}  // namespace loadline
