#include <ostream>

#include "publish/backtest_renderers.hpp"
#include "publish/backtest_text.hpp"
#include "publish/grid.hpp"
#include "publish/text.hpp"

namespace loadline::publish {
namespace {

void write_incomplete(const BacktestReport& report, Color color, std::ostream& out) {
  if (report.incomplete.empty()) return;
  out << styled("INCOMPLETE: parts of the data are missing", Style::kRisk, color) << '\n';
  for (const std::string& what : report.incomplete) out << "  " << printable_text(what) << '\n';
  out << '\n';
}

void write_policies(const BacktestReport& report, const RenderOptions& options, std::ostream& out) {
  std::vector<Column> columns;
  int priority = 0;
  for (const BacktestColumn& column : backtest_columns(report)) {
    Column drawn{.title = column.title,
                 .alignment = column.is_number ? Alignment::kRight : Alignment::kLeft,
                 .priority = priority};
    // Risk and cost are essential; the rest is let in while there is room.
    constexpr int kEssential = 8;
    if (static_cast<int>(columns.size()) + 1 >= kEssential) ++priority;
    for (const std::string& cell : column.cells) drawn.cells.push_back({printable_text(cell)});
    columns.push_back(std::move(drawn));
  }
  out << draw(columns, fit(columns, options.width), options.color);
}

void write_rules(const BacktestReport& report, Color color, std::ostream& out) {
  out << '\n' << styled("Policies", Style::kHeading, color) << '\n';
  for (const PolicyBacktest& policy : report.result.policies) {
    out << "  " << policy.name << ": " << policy.rule << '\n';
  }
  out << '\n' << styled("Columns", Style::kHeading, color) << '\n';
  for (const BacktestColumn& column : backtest_columns(report)) {
    if (!column.meaning.empty()) out << "  " << column.title << ": " << column.meaning << '\n';
  }
}

void write_worst(const BacktestReport& report, Color color, std::ostream& out) {
  for (std::size_t i = 0; i < report.result.policies.size(); ++i) {
    const std::vector<OffenderText> worst = offenders(report, i);
    if (worst.empty()) continue;
    out << '\n'
        << styled("Worst under " + report.result.policies[i].name, Style::kHeading, color) << '\n';
    for (const OffenderText& offender : worst) {
      out << "  " << printable_text(offender.path) << ": " << printable_text(offender.sentence)
          << '\n';
    }
  }
}

}  // namespace

void render_backtest_table(const BacktestReport& report, const RenderOptions& options,
                           std::ostream& out) {
  write_incomplete(report, options.color, out);
  out << "Backtest of " << printable_text(backtest_headline(report)) << "\n\n";
  write_policies(report, options, out);
  write_rules(report, options.color, out);
  write_worst(report, options.color, out);
  const std::vector<std::string> caveats = backtest_caveats(report);
  if (caveats.empty()) return;
  out << '\n' << styled("To keep in mind", Style::kHeading, options.color) << '\n';
  for (const std::string& caveat : caveats) out << "  " << printable_text(caveat) << '\n';
}

}  // namespace loadline::publish
