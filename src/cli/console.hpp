/// Standard error: one line a message, `loadline: warning: ...`, and at most one status line that
/// is redrawn in place. Thread-safe. Control bytes of messages are escaped: they quote servers.
#pragma once

#include <iosfwd>
#include <mutex>
#include <string>
#include <string_view>

#include "loadline/config/config.hpp"

namespace loadline::cli {

class Console {
 public:
  explicit Console(std::ostream& err) : err_(err) {}

  /// Messages below this level are dropped.
  void set_level(LogLevel level);
  void say(LogLevel level, std::string_view message);
  /// Draws the status line over the last one; messages go above it. Only for terminals.
  void show_status(const std::string& line);
  void clear_status();

 private:
  std::ostream& err_;
  std::mutex mutex_{};
  LogLevel level_ = LogLevel::kInfo;
  std::string status_{};
};

}  // namespace loadline::cli
