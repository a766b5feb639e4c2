/// The log of the service: one event a line, logfmt or JSON, on standard error. Thread-safe.
///
///   time=2026-11-24T20:00:00.123Z level=info cycle=42 event="cycle done" samples=12345 seconds=0.8
///   {"time":"2026-11-24T20:00:00.123Z","level":"info","cycle":42,"event":"cycle done",...}
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "loadline/config/config.hpp"

namespace loadline {

/// One name and value. Numbers are written bare, texts quoted and escaped as the format asks for:
/// whatever bytes a text holds, a line stays one line and parses back.
struct Field {
  std::string_view name{};
  std::string value{};
  bool is_number = false;

  Field(std::string_view key, std::string_view text) : name(key), value(text) {}
  Field(std::string_view key, const char* text) : name(key), value(text) {}
  Field(std::string_view key, const std::string& text) : name(key), value(text) {}
  Field(std::string_view key, double number);
  Field(std::string_view key, std::uint64_t number);
  Field(std::string_view key, int number);
};

class Log {
 public:
  /// Each line, without its end, is given to `write`; `now` stamps it.
  Log(LogFormat format, LogLevel level, std::function<TimePoint()> now,
      std::function<void(LogLevel, std::string_view)> write);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  void event(LogLevel level, std::string_view what, std::initializer_list<Field> fields = {});
  void set_level(LogLevel level);
  /// The cycle named on each line from now on; 0: none yet.
  void set_cycle(std::uint64_t cycle);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Lines to standard error, by spdlog, whole lines even from several threads.
std::function<void(LogLevel, std::string_view)> standard_error_lines();

}  // namespace loadline
