#include <ostream>

#include "cli/commands.hpp"
#include "cli/output_file.hpp"

namespace loadline::cli {
namespace {

/// On a terminal the report itself is what the reader sees.
void warn(const Session& session, const Report& report) {
  warn_of_window(session, report);
  if (session.world.out_terminal.is_terminal && session.line.report.output_file.empty()) return;
  for (const std::string& sentence : report.incomplete) {
    session.console.say(LogLevel::kWarning, sentence);
  }
}

Result<void> print(const Session& session, const Report& report) {
  const ReportFormat format = session.config.output;
  const std::string& file = session.line.report.output_file;
  if (file.empty()) {
    render(report, format, render_options(session), session.world.out);
    return {};
  }
  const Color color = session.line.color == When::kAlways ? Color::kAnsi : Color::kNever;
  return write_file(file, [&](std::ostream& out) { render(report, format, {color, 0}, out); });
}

}  // namespace

Result<int> run_report(const Session& session) {
  const Result<Report> report = read_report(session);
  if (!report) return tl::unexpected(report.error());
  warn(session, *report);
  if (Result<void> printed = print(session, *report); !printed) {
    return tl::unexpected(printed.error());
  }
  return report->incomplete.empty() ? kExitDone : kExitIncomplete;
}

}  // namespace loadline::cli
