#include "cli/console.hpp"

#include <ostream>

#include "loadline/model/labels.hpp"

namespace loadline::cli {
namespace {

constexpr std::string_view kEraseLine = "\r\033[K";

}  // namespace

void Console::set_level(LogLevel level) {
  const std::lock_guard lock(mutex_);
  level_ = level;
}

void Console::say(LogLevel level, std::string_view message) {
  const std::lock_guard lock(mutex_);
  if (level < level_) return;
  if (!status_.empty()) err_ << kEraseLine;
  err_ << "loadline: " << to_string(level) << ": " << printable(message, 4000) << '\n' << status_;
  err_.flush();
}

void Console::show_status(const std::string& line) {
  const std::lock_guard lock(mutex_);
  status_ = line;
  err_ << kEraseLine << status_;
  err_.flush();
}

void Console::clear_status() {
  const std::lock_guard lock(mutex_);
  if (status_.empty()) return;
  status_.clear();
  err_ << kEraseLine;
  err_.flush();
}

}  // namespace loadline::cli
