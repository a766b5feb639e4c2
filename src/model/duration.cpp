#include <array>
#include <charconv>
#include <limits>
#include <optional>

#include "loadline/model/labels.hpp"
#include "loadline/model/time.hpp"

namespace loadline {
namespace {

constexpr std::int64_t kMaxMs = std::numeric_limits<std::int64_t>::max();

struct Unit {
  std::string_view name{};
  std::int64_t ms = 0;
};
/// Prometheus' years have 365 days.
constexpr std::array<Unit, 7> kUnits{{{"y", 365 * kMillisecondsPerDay},
                                      {"w", 7 * kMillisecondsPerDay},
                                      {"d", kMillisecondsPerDay},
                                      {"h", 3'600'000},
                                      {"m", 60'000},
                                      {"s", 1'000},
                                      {"ms", 1}}};
constexpr std::size_t kDays = 2;  ///< written durations start here: "14d", never "2w"

struct Part {
  std::int64_t ms = 0;
  std::size_t unit = 0;  ///< index into kUnits
  std::string_view rest{};
};

/// One `<digits><unit>` from the front; nullopt where there is none or it overflows.
std::optional<Part> take_part(std::string_view text) {
  std::int64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [after, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc{} || text.front() == '-') return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(after - text.data()));
  const std::string_view name = text.substr(0, text.find_first_of("0123456789"));
  for (std::size_t unit = 0; unit < kUnits.size(); ++unit) {
    if (kUnits[unit].name != name) continue;
    if (count > kMaxMs / kUnits[unit].ms) return std::nullopt;
    return Part{count * kUnits[unit].ms, unit, text.substr(name.size())};
  }
  return std::nullopt;
}

std::optional<std::int64_t> sum_parts(std::string_view text) {
  std::int64_t total = 0;
  std::size_t next_unit = 0;
  while (!text.empty()) {
    const std::optional<Part> part = take_part(text);
    if (!part || part->unit < next_unit || part->ms > kMaxMs - total) return std::nullopt;
    total += part->ms;
    next_unit = part->unit + 1;
    text = part->rest;
  }
  return total;
}

}  // namespace

Result<Milliseconds> parse_duration(std::string_view text) {
  if (text == "0") return Milliseconds(0);  // Prometheus lets zero go without a unit
  const std::optional<std::int64_t> ms = text.empty() ? std::nullopt : sum_parts(text);
  if (ms) return Milliseconds(*ms);
  return fail(ErrorKind::kInvalidInput,
              "not a duration: \"" + printable(text, 80) +
                  "\"; write it like 14d, 1h30m or 500ms (units y w d h m s ms, largest first)");
}

std::string format_duration(Milliseconds duration) {
  if (duration.count() == 0) return "0s";
  // Unsigned, because the smallest negative count has no positive counterpart.
  std::uint64_t left = static_cast<std::uint64_t>(duration.count());
  std::string text;
  if (duration.count() < 0) {
    text = "-";
    left = 0 - left;
  }
  for (std::size_t unit = kDays; unit < kUnits.size(); ++unit) {
    const auto unit_ms = static_cast<std::uint64_t>(kUnits[unit].ms);
    if (left < unit_ms) continue;
    text += std::to_string(left / unit_ms);
    text += kUnits[unit].name;
    left %= unit_ms;
  }
  return text;
}

}  // namespace loadline
