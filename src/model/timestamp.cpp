#include <algorithm>
#include <optional>

#include "loadline/model/labels.hpp"
#include "loadline/model/time.hpp"

namespace loadline {
namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

/// RFC 3339 has years of four digits.
constexpr TimePoint kEarliest = sys_days(year(0) / month(1) / day(1));
constexpr TimePoint kLatest =
    sys_days(year(9999) / month(12) / day(31)) + Milliseconds(kMillisecondsPerDay - 1);

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Reads a text from the front; what does not fit leaves it where it is.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  std::optional<int> digits(std::size_t count) {
    if (rest_.size() < count) return std::nullopt;
    int value = 0;
    for (const char c : rest_.substr(0, count)) {
      if (!is_digit(c)) return std::nullopt;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  /// Any of these characters; '\0' where the next is none of them.
  char any_of(std::string_view chars) {
    if (rest_.empty() || chars.find(rest_.front()) == std::string_view::npos) return '\0';
    const char taken = rest_.front();
    rest_.remove_prefix(1);
    return taken;
  }
  /// ".5" as 500; digits beyond the third are dropped. 0 where there is no fraction, nullopt for a
  /// dot without digits.
  std::optional<int> fraction_ms() {
    if (any_of(".") == '\0') return 0;
    if (rest_.empty() || !is_digit(rest_.front())) return std::nullopt;
    int ms = 0;
    for (int scale = 100; !rest_.empty() && is_digit(rest_.front()); scale /= 10) {
      ms += (rest_.front() - '0') * scale;
      rest_.remove_prefix(1);
    }
    return ms;
  }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_{};
};

std::optional<sys_days> scan_date(Scanner& scanner) {
  const auto y = scanner.digits(4);
  const bool first_dash = scanner.any_of("-") != '\0';
  const auto m = scanner.digits(2);
  const bool second_dash = scanner.any_of("-") != '\0';
  const auto d = scanner.digits(2);
  if (!y || !m || !d || !first_dash || !second_dash) return std::nullopt;
  const year_month_day date(year(*y), month(static_cast<unsigned>(*m)),
                            day(static_cast<unsigned>(*d)));
  if (!date.ok()) return std::nullopt;
  return sys_days(date);
}

/// "16:20", as minutes of the day.
std::optional<std::chrono::minutes> scan_hours_minutes(Scanner& scanner) {
  const auto hour = scanner.digits(2);
  const bool colon = scanner.any_of(":") != '\0';
  const auto minute = scanner.digits(2);
  if (!hour || !colon || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  return std::chrono::minutes(*hour * 60 + *minute);
}

std::optional<Milliseconds> scan_time_of_day(Scanner& scanner) {
  const auto minutes = scan_hours_minutes(scanner);
  const bool colon = scanner.any_of(":") != '\0';
  const auto second = scanner.digits(2);
  const auto fraction = scanner.fraction_ms();
  if (!minutes || !colon || !second || !fraction || *second > 59) return std::nullopt;
  return Milliseconds(*minutes) + std::chrono::seconds(*second) + Milliseconds(*fraction);
}

/// "Z" or "+02:00": what the local time is ahead of UTC.
std::optional<std::chrono::minutes> scan_offset(Scanner& scanner) {
  if (scanner.any_of("Zz") != '\0') return std::chrono::minutes(0);
  const char sign = scanner.any_of("+-");
  if (sign == '\0') return std::nullopt;
  const auto offset = scan_hours_minutes(scanner);
  if (!offset || sign == '+') return offset;
  return -*offset;
}

std::optional<TimePoint> scan_rfc3339(std::string_view text) {
  Scanner scanner(text);
  const auto date = scan_date(scanner);
  if (!date || scanner.any_of("Tt ") == '\0') return std::nullopt;
  const auto time = scan_time_of_day(scanner);
  const auto offset = scan_offset(scanner);
  if (!time || !offset || !scanner.at_end()) return std::nullopt;
  return TimePoint(*date) + *time - *offset;
}

/// "1700000000.5"; up to twelve digits before the dot, which covers every year of four digits.
std::optional<TimePoint> scan_unix_seconds(std::string_view text) {
  Scanner scanner(text);
  const bool negative = scanner.any_of("-") != '\0';
  std::int64_t seconds = 0;
  int count = 0;
  for (; const auto digit = scanner.digits(1); ++count) {
    if (count == 12) return std::nullopt;
    seconds = seconds * 10 + *digit;
  }
  const auto fraction = scanner.fraction_ms();
  if (count == 0 || !fraction || !scanner.at_end()) return std::nullopt;
  const std::int64_t ms = seconds * 1'000 + *fraction;
  return from_unix_ms(negative ? -ms : ms);
}

/// Decimal, with zeros before it.
std::string padded(std::int64_t value, std::size_t width) {
  const std::string digits = std::to_string(value);
  return std::string(width - std::min(width, digits.size()), '0') + digits;
}

}  // namespace

std::string format_rfc3339(TimePoint t) {
  const TimePoint shown = std::clamp(t, kEarliest, kLatest);
  const sys_days date = std::chrono::floor<std::chrono::days>(shown);
  const year_month_day ymd(date);
  const std::chrono::hh_mm_ss<Milliseconds> time(shown - date);
  std::string text = padded(static_cast<int>(ymd.year()), 4) + "-" +
                     padded(static_cast<unsigned>(ymd.month()), 2) + "-" +
                     padded(static_cast<unsigned>(ymd.day()), 2) + "T" +
                     padded(time.hours().count(), 2) + ":" + padded(time.minutes().count(), 2) +
                     ":" + padded(time.seconds().count(), 2);
  const auto ms = time.subseconds().count();
  if (ms != 0) text += "." + padded(ms, 3);
  return text + "Z";
}

Result<TimePoint> parse_time(std::string_view text) {
  std::optional<TimePoint> time = scan_rfc3339(text);
  if (!time) time = scan_unix_seconds(text);
  if (time && *time >= kEarliest && *time <= kLatest) return *time;
  return fail(ErrorKind::kInvalidInput,
              "not a time: \"" + printable(text, 80) +
                  "\"; write it like 2026-11-24T16:20:57Z or as Unix seconds");
}

}  // namespace loadline
