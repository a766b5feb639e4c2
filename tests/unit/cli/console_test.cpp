#include "cli/console.hpp"

#include <sstream>

#include "support/catch.hpp"

namespace loadline::cli {

TEST_CASE("a message is one line with its level, control bytes escaped") {
  std::ostringstream err;
  Console console(err);
  console.say(LogLevel::kError, "a\x1b[31m\nb");
  const std::string text = err.str();
  CHECK(text.starts_with("loadline: error: a"));
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find('\n') == text.size() - 1);
}

TEST_CASE("messages below the level are dropped") {
  std::ostringstream err;
  Console console(err);
  console.say(LogLevel::kDebug, "x");
  CHECK(err.str().empty());
  console.set_level(LogLevel::kError);
  console.say(LogLevel::kWarning, "x");
  CHECK(err.str().empty());
  console.set_level(LogLevel::kDebug);
  console.say(LogLevel::kDebug, "x");
  CHECK(err.str() == "loadline: debug: x\n");
}

TEST_CASE("messages stand above the status line, which vanishes at the end") {
  std::ostringstream err;
  Console console(err);
  console.clear_status();
  CHECK(err.str().empty());
  console.show_status("[##]");
  console.say(LogLevel::kWarning, "slow");
  console.clear_status();
  CHECK(err.str() == "\r\033[K[##]\r\033[Kloadline: warning: slow\n[##]\r\033[K");
}

}  // namespace loadline::cli
