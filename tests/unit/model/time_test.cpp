#include "loadline/model/time.hpp"

#include <limits>

#include "support/catch.hpp"

using namespace loadline;

TEST_CASE("utc_day rounds down, before 1970 too") {
  CHECK(utc_day(from_unix_ms(0)) == 0);
  CHECK(utc_day(from_unix_ms(kMillisecondsPerDay - 1)) == 0);
  CHECK(utc_day(from_unix_ms(kMillisecondsPerDay)) == 1);
  CHECK(utc_day(from_unix_ms(-1)) == -1);
  CHECK(utc_day(from_unix_ms(-kMillisecondsPerDay)) == -1);
  CHECK(utc_day(from_unix_ms(-kMillisecondsPerDay - 1)) == -2);
}

TEST_CASE("start_of_day is the inverse of utc_day at midnight") {
  for (const std::int32_t day : {-800, -1, 0, 1, 20'781}) {
    CHECK(utc_day(start_of_day(day)) == day);
    CHECK(utc_day(start_of_day(day) - Milliseconds(1)) == day - 1);
  }
}

TEST_CASE("the profiling window begins at midnight so many days before and ends now") {
  const TimePoint now = *parse_time("2026-11-24T16:20:57Z");
  const TimeRange window = profiling_window(now, std::chrono::days(14));
  CHECK(format_rfc3339(window.start) == "2026-11-10T00:00:00Z");
  CHECK(window.end == now);
  CHECK(format_rfc3339(profiling_window(now, std::chrono::days(0)).start) ==
        "2026-11-24T00:00:00Z");
  CHECK(profiling_window(now, std::chrono::days(-3)).start == start_of_day(utc_day(now)));
}

TEST_CASE("durations are read as Prometheus reads them") {
  struct Row {
    std::string_view text{};
    std::int64_t ms = 0;
  };
  const Row row = GENERATE(values<Row>({{"0", 0},
                                        {"0s", 0},
                                        {"500ms", 500},
                                        {"30s", 30'000},
                                        {"5m", 300'000},
                                        {"1h30m", 5'400'000},
                                        {"14d", 14 * kMillisecondsPerDay},
                                        {"2w", 14 * kMillisecondsPerDay},
                                        {"1y", 365 * kMillisecondsPerDay},
                                        {"1y2w3d4h5m6s7ms", 33'019'506'007},
                                        {"90m", 5'400'000},
                                        {"007s", 7'000},
                                        {"9223372036854775807ms", 9'223'372'036'854'775'807}}));
  CAPTURE(row.text);
  const auto duration = parse_duration(row.text);
  REQUIRE(duration);
  CHECK(duration->count() == row.ms);
}

TEST_CASE("what is no duration is refused and quoted") {
  const std::string_view text = GENERATE(
      values<std::string_view>({"", "5", "d", "1.5h", "-1h", "+1h", "1h ", " 1h", "1m1h", "1h1h",
                                "1H", "1hour", "1ms1s", "9223372036854775808ms", "1h\n",
                                "106751991168d", "9223372036854775807ms1s", "292471209y", "--1d"}));
  CAPTURE(text);
  const auto duration = parse_duration(text);
  REQUIRE_FALSE(duration);
  CHECK(duration.error().kind == ErrorKind::kInvalidInput);
  CHECK(duration.error().message.find("14d") != std::string::npos);
}

TEST_CASE("a hostile duration is quoted safely") {
  CHECK(parse_duration("1\"\x1b[31m").error().message.find("\"1\\\"\\x1b[31m\"") !=
        std::string::npos);
}

TEST_CASE("durations are written short and read back the same") {
  struct Row {
    std::int64_t ms = 0;
    std::string_view text{};
  };
  const Row row = GENERATE(
      values<Row>({{0, "0s"},
                   {1, "1ms"},
                   {1'500, "1s500ms"},
                   {90'000, "1m30s"},
                   {5'400'000, "1h30m"},
                   {14 * kMillisecondsPerDay, "14d"},
                   {400 * kMillisecondsPerDay, "400d"},
                   {kMillisecondsPerDay + 3'600'000, "1d1h"},
                   {std::numeric_limits<std::int64_t>::max(), "106751991167d7h12m55s807ms"}}));
  CAPTURE(row.ms);
  CHECK(format_duration(Milliseconds(row.ms)) == row.text);
  CHECK(parse_duration(row.text)->count() == row.ms);
}

TEST_CASE("a negative duration is written with a sign, the smallest too") {
  CHECK(format_duration(Milliseconds(-5'400'000)) == "-1h30m");
  CHECK(format_duration(Milliseconds(std::numeric_limits<std::int64_t>::min())) ==
        "-106751991167d7h12m55s808ms");
}

TEST_CASE("times are read as RFC 3339 or Unix seconds") {
  struct Row {
    std::string_view text{};
    std::int64_t ms = 0;
  };
  const Row row = GENERATE(values<Row>({{"1970-01-01T00:00:00Z", 0},
                                        {"2026-11-24T16:20:57Z", 1'795'537'257'000},
                                        {"2026-11-24t16:20:57z", 1'795'537'257'000},
                                        {"2026-11-24 16:20:57Z", 1'795'537'257'000},
                                        {"2026-11-24T16:20:57.5Z", 1'795'537'257'500},
                                        {"2026-11-24T16:20:57.123999Z", 1'795'537'257'123},
                                        {"2026-11-24T18:20:57+02:00", 1'795'537'257'000},
                                        {"2026-11-24T10:50:57-05:30", 1'795'537'257'000},
                                        {"2024-02-29T00:00:00Z", 1'709'164'800'000},
                                        {"1969-12-31T23:59:59.999Z", -1},
                                        {"1700000000", 1'700'000'000'000},
                                        {"1700000000.5", 1'700'000'000'500},
                                        {"-1.5", -1'500},
                                        {"0", 0}}));
  CAPTURE(row.text);
  const auto time = parse_time(row.text);
  REQUIRE(time);
  CHECK(to_unix_ms(*time) == row.ms);
}

TEST_CASE("what is no time is refused") {
  const std::string_view text = GENERATE(values<std::string_view>({"",
                                                                   "now",
                                                                   "2026-11-24",
                                                                   "2026-11-24T16:20Z",
                                                                   "2026-11-24T16:20:57",
                                                                   "2026-13-01T00:00:00Z",
                                                                   "2026-02-29T00:00:00Z",
                                                                   "2026-00-10T00:00:00Z",
                                                                   "2026-11-24T24:00:00Z",
                                                                   "2026-11-24T16:60:00Z",
                                                                   "2026-11-24T16:20:60Z",
                                                                   "2026-11-24T16:20:57.Z",
                                                                   "2026-11-24T16:20:57+0200",
                                                                   "2026-11-24T16:20:57+24:00",
                                                                   "2026-11-24T16:20:57Zx",
                                                                   "1e9",
                                                                   "12.",
                                                                   ".5",
                                                                   "1700000000 ",
                                                                   "253402300800",
                                                                   "99999999999999999999",
                                                                   "-62167219201",
                                                                   "0000-01-01T00:00:00+01:00",
                                                                   "-",
                                                                   "inf",
                                                                   "nan"}));
  CAPTURE(text);
  const auto time = parse_time(text);
  REQUIRE_FALSE(time);
  CHECK(time.error().kind == ErrorKind::kInvalidInput);
}

TEST_CASE("times are written in UTC, milliseconds only where there are some") {
  CHECK(format_rfc3339(from_unix_ms(1'795'537'257'000)) == "2026-11-24T16:20:57Z");
  CHECK(format_rfc3339(from_unix_ms(1'795'537'257'007)) == "2026-11-24T16:20:57.007Z");
  CHECK(format_rfc3339(from_unix_ms(-1)) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("an instant beyond four-digit years is written as the nearest one within") {
  CHECK(format_rfc3339(from_unix_ms(std::numeric_limits<std::int64_t>::max())) ==
        "9999-12-31T23:59:59.999Z");
  CHECK(format_rfc3339(from_unix_ms(std::numeric_limits<std::int64_t>::min())) ==
        "0000-01-01T00:00:00Z");
}
