#include "loadline/service/log.hpp"

#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>
#include <vector>

#include "support/catch.hpp"

namespace loadline {
namespace {

struct Lines {
  std::vector<std::string> lines{};
  std::vector<LogLevel> levels{};

  Log log(LogFormat format, LogLevel level = LogLevel::kDebug) {
    return Log(
        format, level, [] { return TimePoint(Milliseconds(1'795'536'057'000)); },
        [this](LogLevel line_level, std::string_view line) {
          levels.push_back(line_level);
          lines.emplace_back(line);
        });
  }
};

const std::vector<std::string>& hostile_texts() {
  static const std::vector<std::string> texts{
      "",
      " ",
      "a b",
      "a=b",
      "\"quoted\" and \\ backslash",
      "line\nlevel=error event=\"forged\"",
      "carriage\rreturn\ttab",
      std::string("nul\0byte", 8),
      "\x1b[31mred\x1b[0m \x7f",
      "caf\xc3\xa9 \xe6\x97\xa5 \xf0\x9f\x9a\xa2",
      "\xe2\x80\xa8line separator\xe2\x80\xae reversed",
      "{\"level\":\"error\"}",
  };
  return texts;
}

/// The value of `name` in a logfmt line that this program wrote: bare, or quoted as JSON has it.
std::string logfmt_value(const std::string& line, const std::string& name) {
  const std::size_t at = line.find(" " + name + "=") + name.size() + 2;
  if (line[at] != '"') return line.substr(at, line.find(' ', at) - at);
  std::size_t end = at + 1;
  while (line[end] != '"') end += line[end] == '\\' ? 2 : 1;
  return nlohmann::json::parse(line.substr(at, end + 1 - at)).get<std::string>();
}

TEST_CASE("a line of logfmt") {
  Lines lines;
  Log log = lines.log(LogFormat::kLogfmt);
  log.event(LogLevel::kInfo, "start");
  log.set_cycle(42);
  log.event(
      LogLevel::kWarning, "cycle done",
      {{"samples", std::uint64_t{12345}}, {"seconds", 0.8}, {"shard", -1}, {"url", "http://a"}});
  CHECK(lines.lines == std::vector<std::string>{
                           "time=2026-11-24T16:00:57.000Z level=info event=start",
                           "time=2026-11-24T16:00:57.000Z level=warning cycle=42 "
                           "event=\"cycle done\" samples=12345 seconds=0.8 shard=-1 url=http://a"});
  CHECK(lines.levels == std::vector<LogLevel>{LogLevel::kInfo, LogLevel::kWarning});
}

TEST_CASE("a line of JSON") {
  Lines lines;
  Log log = lines.log(LogFormat::kJson);
  log.set_cycle(7);
  log.event(LogLevel::kError, "cycle failed", {{"seconds", 1e-7}, {"n", std::uint64_t{0}}});
  CHECK(
      lines.lines.at(0) ==
      R"({"time":"2026-11-24T16:00:57.000Z","level":"error","cycle":7,"event":"cycle failed","seconds":1e-07,"n":0})");
}

TEST_CASE("whatever bytes a text holds, a line stays one line and gives it back") {
  for (const std::string& text : hostile_texts()) {
    CAPTURE(text);
    for (const LogFormat format : {LogFormat::kLogfmt, LogFormat::kJson}) {
      Lines lines;
      lines.log(format).event(LogLevel::kInfo, text, {{"text", text}, {"after", 1}});
      const std::string& line = lines.lines.at(0);
      for (const char c : line) REQUIRE((c >= 0x20 && c < 0x7f));
      if (format == LogFormat::kJson) {
        const auto json = nlohmann::json::parse(line);
        CHECK(json.at("event") == text);
        CHECK(json.at("text") == text);
        CHECK(json.at("after") == 1);
      } else {
        CHECK(logfmt_value(line, "event") == text);
        CHECK(logfmt_value(line, "text") == text);
        CHECK(logfmt_value(line, "after") == "1");
      }
    }
  }
}

TEST_CASE("bytes that are no UTF-8 become U+FFFD") {
  Lines lines;
  lines.log(LogFormat::kJson).event(LogLevel::kInfo, "\xff\xc3(\xed\xa0\x80");
  CHECK(nlohmann::json::parse(lines.lines.at(0)).at("event") ==
        "\xef\xbf\xbd\xef\xbf\xbd(\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

TEST_CASE("a number that JSON cannot spell is a text") {
  Lines lines;
  Log log = lines.log(LogFormat::kJson);
  log.event(LogLevel::kInfo, "x",
            {{"a", std::numeric_limits<double>::quiet_NaN()},
             {"b", -std::numeric_limits<double>::infinity()}});
  const auto json = nlohmann::json::parse(lines.lines.at(0));
  CHECK(json.at("a") == "nan");
  CHECK(json.at("b") == "-inf");
}

TEST_CASE("levels below the set one are not written, and the level can change") {
  Lines lines;
  Log log = lines.log(LogFormat::kLogfmt, LogLevel::kWarning);
  log.event(LogLevel::kInfo, "quiet");
  log.event(LogLevel::kWarning, "loud");
  log.set_level(LogLevel::kDebug);
  log.event(LogLevel::kDebug, "all");
  REQUIRE(lines.lines.size() == 2);
  CHECK(logfmt_value(lines.lines[0], "event") == "loud");
  CHECK(logfmt_value(lines.lines[1], "event") == "all");
}

TEST_CASE("events of several threads come whole") {
  Lines lines;
  Log log = lines.log(LogFormat::kJson);
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&log, t] {
        for (int i = 0; i < 200; ++i) {
          log.set_cycle(static_cast<std::uint64_t>(i));
          log.event(LogLevel::kInfo, "tick", {{"thread", t}, {"i", i}});
        }
      });
    }
  }
  std::set<std::pair<int, int>> seen;
  for (const std::string& line : lines.lines) {
    const auto json = nlohmann::json::parse(line);
    seen.insert({json.at("thread").get<int>(), json.at("i").get<int>()});
  }
  CHECK(seen.size() == 800);
}

}  // namespace
}  // namespace loadline
