#include <utility>

#include "cli/commands.hpp"
#include "cli/progress.hpp"
#include "loadline/service/one_shot.hpp"

namespace loadline::cli {
namespace {

bool shows_bar(const Session& session) {
  return session.world.err_terminal.is_terminal && session.config.log_level <= LogLevel::kInfo &&
         session.line.report.progress == ShowProgress::kYes;
}

/// With a bar the lines that say the same are left out.
Result<Report> read_with_bar(const Session& session, HttpTransport& transport, OneShotHooks hooks) {
  ProgressBar bar(session.console, session.world.seconds, session.world.err_terminal.width);
  hooks.on_progress = [&bar](const ReadProgress& progress) { bar.on_progress(progress); };
  hooks.on_event = [&session](LogLevel level, std::string_view what) {
    session.console.say(level == LogLevel::kInfo ? LogLevel::kDebug : level, what);
  };
  return run_one_shot(transport, session.config, session.line.report.filter, now_of(session),
                      hooks);
}

std::string outcome(const ReportSource& source) {
  std::string text = "read " + short_count(static_cast<double>(source.read.samples)) +
                     " samples of " + short_count(static_cast<double>(source.read.series)) +
                     " series, " + short_count(static_cast<double>(source.read.bytes)) + "B";
  const auto spent = static_cast<std::int64_t>(source.read_seconds * 1000);
  return text + ", in " + format_duration(Milliseconds(spent));
}

Result<Report> read_with_lines(const Session& session, HttpTransport& transport,
                               OneShotHooks hooks) {
  hooks.on_event = [&session](LogLevel level, std::string_view what) {
    session.console.say(level, what);
  };
  Result<Report> report =
      run_one_shot(transport, session.config, session.line.report.filter, now_of(session), hooks);
  if (report) session.console.say(LogLevel::kInfo, outcome(report->source));
  return report;
}

}  // namespace

Result<Report> read_report(const Session& session, OneShotHooks hooks) {
  const Result<Connection> connection = connect_of(session);
  if (!connection) return tl::unexpected(connection.error());
  hooks.seconds = session.world.seconds;
  return shows_bar(session) ? read_with_bar(session, *connection->transport, std::move(hooks))
                            : read_with_lines(session, *connection->transport, std::move(hooks));
}

void warn_of_window(const Session& session, const Report& report) {
  if (session.config.policy.min_history > report.window.length()) {
    session.console.say(LogLevel::kWarning, "the window is shorter than policy.min_history (" +
                                                format_duration(session.config.policy.min_history) +
                                                "), so every verdict is profiling");
  }
}

}  // namespace loadline::cli
