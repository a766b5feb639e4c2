/// Arguments to a plain struct; the only header behind which CLI11 works.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "loadline/config/config.hpp"
#include "loadline/publish/backtest_report.hpp"
#include "loadline/publish/explain_report.hpp"
#include "loadline/publish/report.hpp"

namespace loadline::cli {

enum class Command {
  kReport,
  kExplain,
  kBacktest,
  kServe,
  kPatch,
  kVerify,
  kCheck,
  kConfig,
  kVersion
};
enum class When { kAuto, kAlways, kNever };
enum class CheckOutput { kTable, kJson };  ///< of `check` and `verify`
enum class ConfigOutput { kEffective, kDefaults, kReference };
enum class ShowProgress { kYes, kNo };

struct ReportFlags {
  ReportFilter filter{};  ///< of rows; namespaces are settings
  std::string output_file{};
  ShowProgress progress = ShowProgress::kYes;
};

/// NAMESPACE/KIND/NAME[/CONTAINER]; each part may be a pattern.
struct ExplainFlags {
  std::string target{};
  ExplainFormat format = ExplainFormat::kText;
};

struct BacktestFlags {
  std::vector<std::string> policies{};  ///< empty: default_backtest_policies
  std::string trace{};                  ///< a CSV file, "-" for standard input; empty: Prometheus
  std::size_t worst = 10;
  BacktestFormat format = BacktestFormat::kTable;
};

struct PatchFlags {
  bool force = false;       ///< files edited by hand are overwritten
  bool dry_run = false;     ///< nothing is written
  bool diff = false;        ///< the diff is printed and nothing is written
  bool exit_code = false;   ///< 1 where anything would change
  std::string summary{};    ///< a file, "-" or empty
  std::string manifests{};  ///< a directory, or empty
};

struct VerifyFlags {
  std::string patches{};  ///< empty: patch.output_dir
  std::string manifests{};
};

struct CommandLine {
  Command command = Command::kVersion;
  std::string config_path{};          ///< empty: --config was not given
  std::vector<Override> overrides{};  ///< flags that are settings, origin "--flag"
  std::optional<TimePoint> now{};     ///< --now
  When color = When::kAuto;
  double clock_speed = 1;  ///< --clock-speed
  ReportFlags report{};
  ExplainFlags explain{};
  BacktestFlags backtest{};
  PatchFlags patch{};
  VerifyFlags verify{};
  CheckOutput check_output = CheckOutput::kTable;
  ConfigOutput config_output = ConfigOutput::kEffective;
};

/// Either a command, or what to print and end with: help and version on `text` with exit code 0.
struct Parsed {
  std::optional<CommandLine> line{};
  std::string text{};
};

/// kInvalidInput with the flag and what would be right.
Result<Parsed> parse_command_line(const std::vector<std::string>& arguments);

/// "0.1.0"
std::string version();

}  // namespace loadline::cli
