/// A row of `usage_day`: one day of one container, both resources.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "loadline/model/resources.hpp"
#include "loadline/model/result.hpp"
#include "loadline/usage/profile.hpp"

namespace loadline {

/// Day-major, so that the rows of today lie together: the only ones a steady cycle writes.
struct DayKey {
  std::int32_t day = 0;
  std::uint32_t container_id = 0;

  bool operator==(const DayKey&) const = default;
};

/// The integer primary key: the day in the upper half, the container in the lower.
std::int64_t row_key(const DayKey& key);
DayKey day_key(std::int64_t row_key);

/// Null where the resource has no such day.
using DayPair = PerResource<const DayUsage*>;
using StoredDays = PerResource<std::optional<DayUsage>>;

std::string write_day_row(const DayKey& key, const DayPair& days);
/// kCorrupt on any bytes that write_day_row did not make under this key.
Result<StoredDays> read_day_row(const DayKey& key, std::string_view data);

}  // namespace loadline
