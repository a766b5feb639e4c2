#include <ostream>

#include "publish/backtest_renderers.hpp"
#include "publish/backtest_text.hpp"
#include "publish/html_style.hpp"
#include "publish/markdown_text.hpp"
#include "publish/text.hpp"

namespace loadline::publish {
namespace {

void write_markdown_policies(const BacktestReport& report, std::ostream& out) {
  const std::vector<BacktestColumn> columns = backtest_columns(report);
  for (const BacktestColumn& column : columns) out << "| " << prose(column.title) << ' ';
  out << "|\n";
  for (const BacktestColumn& column : columns) out << (column.is_number ? "|--:" : "|---");
  out << "|\n";
  for (std::size_t row = 0; row < report.result.policies.size(); ++row) {
    for (const BacktestColumn& column : columns) out << "| " << prose(column.cells[row]) << ' ';
    out << "|\n";
  }
}

void write_markdown_worst(const BacktestReport& report, std::ostream& out) {
  for (std::size_t i = 0; i < report.result.policies.size(); ++i) {
    const std::vector<OffenderText> worst = offenders(report, i);
    if (worst.empty()) continue;
    out << "\n## Worst under " << prose(report.result.policies[i].name) << "\n\n";
    for (const OffenderText& offender : worst) {
      out << "- " << code(offender.path) << ": " << prose(offender.sentence) << '\n';
    }
  }
}

void write_markdown_rules(const BacktestReport& report, std::ostream& out) {
  out << "\n## What the numbers are\n\n";
  for (const PolicyBacktest& policy : report.result.policies) {
    out << "- " << code(policy.name) << ": " << prose(policy.rule) << '\n';
  }
  for (const BacktestColumn& column : backtest_columns(report)) {
    if (column.meaning.empty()) continue;
    out << "- " << prose(column.title) << ": " << prose(column.meaning) << '\n';
  }
  for (const std::string& caveat : backtest_caveats(report)) {
    out << "- Note: " << prose(caveat) << '\n';
  }
}

void write_html_head(const BacktestReport& report, std::ostream& out) {
  out << "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" "
         "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
         "<title>loadline: backtest</title>\n<style>"
      << kHtmlStyle << "</style>\n</head>\n<body>\n<header>\n<h1>Backtest of policies</h1>\n"
      << "<p class=\"meta\">" << html_text(backtest_headline(report))
      << "</p>\n</header>\n<main>\n";
  if (report.incomplete.empty()) return;
  out << "<div class=\"alert\" role=\"alert\"><strong>Incomplete: parts of the data are "
         "missing</strong>\n<ul>\n";
  for (const std::string& what : report.incomplete) out << "<li>" << html_text(what) << "</li>\n";
  out << "</ul></div>\n";
}

void write_html_policies(const BacktestReport& report, std::ostream& out) {
  const std::vector<BacktestColumn> columns = backtest_columns(report);
  out << "<div class=\"scroll\">\n<table>\n<thead>\n<tr>";
  for (const BacktestColumn& column : columns) {
    out << "<th scope=\"col\"" << (column.is_number ? " class=\"number\"" : "") << " title=\""
        << html_text(column.meaning) << "\">" << html_text(column.title) << "</th>";
  }
  out << "</tr>\n</thead>\n<tbody>\n";
  for (std::size_t row = 0; row < report.result.policies.size(); ++row) {
    out << "<tr>";
    for (const BacktestColumn& column : columns) {
      out << (column.is_number ? "<td class=\"number\">" : "<th scope=\"row\">")
          << html_text(column.cells[row]) << (column.is_number ? "</td>" : "</th>");
    }
    out << "</tr>\n";
  }
  out << "</tbody>\n</table>\n</div>\n";
}

void write_html_worst(const BacktestReport& report, std::ostream& out) {
  for (std::size_t i = 0; i < report.result.policies.size(); ++i) {
    const std::vector<OffenderText> worst = offenders(report, i);
    if (worst.empty()) continue;
    out << "<h2>Worst under " << html_text(report.result.policies[i].name) << "</h2>\n<ul>\n";
    for (const OffenderText& offender : worst) {
      out << "<li><strong>" << html_text(offender.path)
          << "</strong>: " << html_text(offender.sentence) << "</li>\n";
    }
    out << "</ul>\n";
  }
}

void write_html_foot(const BacktestReport& report, std::ostream& out) {
  out << "</main>\n<footer>\n<dl>\n";
  const auto entry = [&out](const std::string& term, const std::string& text) {
    out << "<dt>" << html_text(term) << "</dt><dd>" << html_text(text) << "</dd>\n";
  };
  for (const PolicyBacktest& policy : report.result.policies) entry(policy.name, policy.rule);
  for (const BacktestColumn& column : backtest_columns(report)) {
    if (!column.meaning.empty()) entry(column.title, column.meaning);
  }
  for (const std::string& caveat : backtest_caveats(report)) entry("Note", caveat);
  out << "</dl>\n</footer>\n</body>\n</html>\n";
}

}  // namespace

void render_backtest_markdown(const BacktestReport& report, std::ostream& out) {
  out << "# Backtest of policies: loadline\n\n" << prose(backtest_headline(report)) << "\n\n";
  if (!report.incomplete.empty()) {
    out << "> **INCOMPLETE: parts of the data are missing**\n>\n";
    for (const std::string& what : report.incomplete) out << "> - " << prose(what) << '\n';
    out << '\n';
  }
  write_markdown_policies(report, out);
  write_markdown_worst(report, out);
  write_markdown_rules(report, out);
}

void render_backtest_html(const BacktestReport& report, std::ostream& out) {
  write_html_head(report, out);
  write_html_policies(report, out);
  write_html_worst(report, out);
  write_html_foot(report, out);
}

}  // namespace loadline::publish
