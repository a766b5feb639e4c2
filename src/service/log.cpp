#include "loadline/service/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <utility>

#include "service/json_text.hpp"

namespace loadline {
namespace {

/// Always with milliseconds, so that lines sort and columns align.
std::string stamp(TimePoint now) {
  std::string text = format_rfc3339(now);
  if (text.find('.') == std::string::npos) text.replace(text.size() - 1, 1, ".000Z");
  return text;
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_-./:+@%,*()[]{}#~^!?;&$|<>").find(c) != std::string_view::npos;
}

/// logfmt has no standard of its own; its readers unquote as Go and JSON do.
std::string logfmt_value(std::string_view text) {
  const bool is_bare = !text.empty() && std::all_of(text.begin(), text.end(), is_plain);
  return is_bare ? std::string(text) : service::json_string(text);
}

struct Line {
  LogFormat format = LogFormat::kLogfmt;
  std::string text{};
  service::JsonObject json{};

  void add(std::string_view name, std::string_view value, bool is_number) {
    if (format == LogFormat::kJson) {
      json.raw(name, is_number ? std::string(value) : service::json_string(value));
      return;
    }
    if (!text.empty()) text += ' ';
    text += name;
    text += '=';
    text += is_number ? std::string(value) : logfmt_value(value);
  }
  [[nodiscard]] std::string str() const { return format == LogFormat::kJson ? json.str() : text; }
};

LogFormat resolved(LogFormat format) {
  if (format != LogFormat::kAuto) return format;
  return ::isatty(STDERR_FILENO) == 1 ? LogFormat::kLogfmt : LogFormat::kJson;
}

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

}  // namespace

// What is no number to JSON ("nan", "inf") is written as a text.
Field::Field(std::string_view key, double number)
    : name(key),
      value(std::isfinite(number) ? service::json_number(number) : std::to_string(number)),
      is_number(std::isfinite(number)) {}
Field::Field(std::string_view key, std::uint64_t number)
    : name(key), value(std::to_string(number)), is_number(true) {}
Field::Field(std::string_view key, int number)
    : name(key), value(std::to_string(number)), is_number(true) {}

struct Log::State {
  LogFormat format = LogFormat::kLogfmt;
  std::function<TimePoint()> now{};
  std::function<void(LogLevel, std::string_view)> write{};
  std::atomic<LogLevel> level{LogLevel::kInfo};
  std::atomic<std::uint64_t> cycle{0};
  std::mutex mutex{};  ///< of `write`
};

Log::Log(LogFormat format, LogLevel level, std::function<TimePoint()> now,
         std::function<void(LogLevel, std::string_view)> write)
    : state_(std::make_unique<State>()) {
  state_->format = resolved(format);
  state_->level = level;
  state_->now = std::move(now);
  state_->write = std::move(write);
}

Log::~Log() = default;

void Log::event(LogLevel level, std::string_view what, std::initializer_list<Field> fields) {
  if (level < state_->level.load()) return;
  Line line{.format = state_->format};
  line.add("time", stamp(state_->now()), false);
  line.add("level", to_string(level), false);
  const std::uint64_t cycle = state_->cycle.load();
  if (cycle != 0) line.add("cycle", std::to_string(cycle), true);
  line.add("event", what, false);
  for (const Field& field : fields) line.add(field.name, field.value, field.is_number);
  const std::scoped_lock lock(state_->mutex);
  state_->write(level, line.str());
}

void Log::set_level(LogLevel level) {
  state_->level = level;
}

void Log::set_cycle(std::uint64_t cycle) {
  state_->cycle = cycle;
}

std::function<void(LogLevel, std::string_view)> standard_error_lines() {
  // Not in spdlog's registry: that is a global.
  const auto logger =
      std::make_shared<spdlog::logger>("", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern("%v");
  logger->set_level(spdlog::level::trace);
  return [logger](LogLevel level, std::string_view line) {
    logger->log(spdlog_level(level), spdlog::string_view_t(line.data(), line.size()));
  };
}

}  // namespace loadline
