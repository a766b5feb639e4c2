#include "cli/commands.hpp"
#include "loadline/publish/check_report.hpp"
#include "loadline/service/check.hpp"

namespace loadline::cli {
namespace {

int exit_code_of(const CheckReport& check) {
  switch (worst_of(check.findings)) {
    case Severity::kOk:
      return kExitDone;
    case Severity::kWarning:
      return kExitIncomplete;
    case Severity::kFailure:
      break;
  }
  return kExitFailure;
}

}  // namespace

Result<int> run_check(const Session& session) {
  Result<Connection> connection = connect_of(session);
  if (!connection) return tl::unexpected(connection.error());
  const Result<CheckReport> check =
      check_prometheus(*connection->transport, session.config, now_of(session));
  if (!check) return tl::unexpected(check.error());
  const CheckFormat format =
      session.line.check_output == CheckOutput::kJson ? CheckFormat::kJson : CheckFormat::kTable;
  render_check(*check, format, render_options(session), session.world.out);
  return exit_code_of(*check);
}

}  // namespace loadline::cli
