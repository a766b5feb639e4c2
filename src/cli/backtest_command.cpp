#include <fstream>
#include <istream>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/output_file.hpp"
#include "loadline/model/labels.hpp"
#include "loadline/publish/backtest_report.hpp"
#include "loadline/service/one_shot.hpp"
#include "loadline/usage/trace.hpp"

namespace loadline::cli {
namespace {

Result<std::vector<BacktestPolicy>> policies_of(const Session& session) {
  const std::vector<std::string>& named = session.line.backtest.policies;
  auto policies = backtest_policies(named.empty() ? default_backtest_policies() : named,
                                    policy_book(session.config));
  if (!policies) return fail(ErrorKind::kInvalidInput, "--policy: " + policies.error().message);
  return policies;
}

BacktestOptions options_of(const Config& config) {
  return {.min_history = config.policy.min_history,
          .window = config.usage.window,
          .dead_band = config.patch.dead_band};
}

/// What is replayed, whichever way it was read.
Backtest replay(const Session& session, const std::vector<BacktestPolicy>& policies,
                const ProfileSet& by_pod, const Inventory& inventory) {
  ReportFilter chosen = session.line.report.filter;
  chosen.namespaces = session.config.usage.namespaces;
  chosen.exclude_namespaces = session.config.usage.exclude_namespaces;
  return backtest(by_pod, inventory, policies, options_of(session.config),
                  [&chosen](const ContainerKey& key) { return passes_names(chosen, key); });
}

Result<Trace> read_from(std::istream& in, const std::string& name, const Session& session) {
  TraceOptions options{.selection = container_selection(session.config.usage)};
  if (session.line.now) options.end = *session.line.now;
  return read_trace(in, name, options);
}

Result<Trace> read_trace_of(const Session& session) {
  const std::string& path = session.line.backtest.trace;
  if (path == "-") {
    if (session.world.in != nullptr) return read_from(*session.world.in, "<stdin>", session);
    return fail(ErrorKind::kInvalidInput, "--trace -: there is no standard input");
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return fail(ErrorKind::kInvalidInput, "--trace: cannot open " + printable(path) +
                                              "; name a CSV file, or - for "
                                              "standard input");
  }
  return read_from(file, path, session);
}

std::string trace_text(const TraceStats& stats) {
  std::string text = "read " + std::to_string(stats.rows) + " rows";
  if (stats.ignored_rows > 0) {
    text +=
        ", " + std::to_string(stats.ignored_rows) + " of them of no chosen container or too late";
  }
  return text;
}

Result<BacktestReport> from_trace(const Session& session,
                                  const std::vector<BacktestPolicy>& policies) {
  const Result<Trace> trace = read_trace_of(session);
  if (!trace) return tl::unexpected(trace.error());
  const TraceStats& stats = trace->stats;
  session.console.say(LogLevel::kInfo, trace_text(stats));
  BacktestReport report{.source = "trace " + session.line.backtest.trace, .is_trace = true};
  report.samples = stats.samples[Resource::kCpu] + stats.samples[Resource::kMemory];
  if (report.samples > 0) {
    report.window = {from_unix_ms(stats.first_ms), from_unix_ms(stats.last_ms + 1000)};
  } else {
    report.incomplete.emplace_back("the trace holds no sample of any chosen container");
  }
  report.result = replay(session, policies, trace->by_pod, Inventory{});
  return report;
}

Result<BacktestReport> from_prometheus(const Session& session,
                                       const std::vector<BacktestPolicy>& policies) {
  BacktestReport report;
  const auto keep = [&](const ProfileSet& by_pod, const Inventory& inventory) {
    report.result = replay(session, policies, by_pod, inventory);
  };
  const Result<Report> read =
      read_report(session, {.on_profiles = keep, .profile_by = ProfileBy::kPod});
  if (!read) return tl::unexpected(read.error());
  report.window = read->window;
  report.source = read->source.server + " at " + read->source.url;
  report.samples = read->source.collected.samples_folded;
  report.incomplete = read->incomplete;
  return report;
}

Result<void> print(const Session& session, const BacktestReport& report) {
  const BacktestFormat format = session.line.backtest.format;
  const std::string& file = session.line.report.output_file;
  if (file.empty()) {
    render_backtest(report, format, render_options(session), session.world.out);
    return {};
  }
  const Color color = session.line.color == When::kAlways ? Color::kAnsi : Color::kNever;
  return write_file(file, [&](std::ostream& out) {
    render_backtest(report, format, {color, 0}, out);
  });
}

}  // namespace

Result<int> run_backtest(const Session& session) {
  const auto policies = policies_of(session);
  if (!policies) return tl::unexpected(policies.error());
  const bool has_trace = !session.line.backtest.trace.empty();
  Result<BacktestReport> report =
      has_trace ? from_trace(session, *policies) : from_prometheus(session, *policies);
  if (!report) return tl::unexpected(report.error());
  report->options = options_of(session.config);
  report->worst = session.line.backtest.worst;
  if (Result<void> printed = print(session, *report); !printed) {
    return tl::unexpected(printed.error());
  }
  return report->incomplete.empty() ? kExitDone : kExitIncomplete;
}

}  // namespace loadline::cli
