/// Flags as they were typed, before they mean anything.
#pragma once

#include <string>
#include <vector>

#include "cli/command_line.hpp"

namespace loadline::cli {

struct RawFlags {
  std::string config_path{};
  std::vector<Override> overrides{};
  std::vector<std::string> set{};  ///< --set KEY=VALUE
  std::string now{};
  double clock_speed = 1;
  std::string color = "auto";
  std::vector<std::string> workloads{};
  std::vector<std::string> containers{};
  std::vector<std::string> only{};
  std::string min_change{};
  std::string output_file{};
  std::string check_output = "table";
  bool no_progress = false;
  std::string target{};  ///< of explain
  std::string explain_output = "text";
  std::string backtest_output = "table";
  BacktestFlags backtest{};
  PatchFlags patch{};
  VerifyFlags verify{};
  bool defaults = false;
  bool reference = false;
};

/// Reads the texts. kInvalidInput with the flag's name.
Result<CommandLine> interpret(Command command, const RawFlags& raw);

/// A flag that stands for a setting.
struct SettingFlag {
  const char* flag;     ///< "-n,--namespace"
  const char* key;      ///< its help is the key's summary
  const char* metavar;  ///< nullptr: a switch that means "true"
  char separator;       ///< 0: once; else repeatable, values joined by it
};
const std::vector<SettingFlag>& prometheus_flags();
const std::vector<SettingFlag>& window_flags();
const std::vector<SettingFlag>& report_flags();
const std::vector<SettingFlag>& serve_flags();
const std::vector<SettingFlag>& patch_flags();
/// "--namespace" of "-n,--namespace".
std::string long_name(const SettingFlag& flag);
/// The key's summary, with the words it takes where it takes only those.
std::string help_of(const SettingFlag& flag);

}  // namespace loadline::cli
