#include "store/day_row.hpp"

#include "loadline/model/time.hpp"
#include "store/row_checksum.hpp"

namespace loadline {
namespace {

constexpr std::uint8_t kBothResources = 3;

std::int64_t start_ms(std::int32_t day) {
  return day * kMillisecondsPerDay;
}

void write_day(ByteWriter& out, const DayUsage& day) {
  out.varint(day.scrapes_seen).varint(day.scrapes_expected).varint(day.scrapes_carried);
  out.delta(start_ms(day.day), day.first_ms).delta(day.first_ms, day.last_ms);
  out.text(day.sketch.serialise());
}

bool is_count(std::uint64_t value) {
  return value <= UINT32_MAX;
}

Result<DayUsage> read_day(ByteReader& in, std::int32_t day) {
  const std::uint64_t seen = in.varint();
  const std::uint64_t expected = in.varint();
  const std::uint64_t carried = in.varint();
  const std::int64_t first_ms = in.delta(start_ms(day));
  const std::int64_t last_ms = in.delta(first_ms);
  const std::string_view stored = in.text();
  if (!in.ok() || !is_count(seen) || !is_count(expected) || !is_count(carried))
    return fail(ErrorKind::kCorrupt, "its fields do not fit");
  auto sketch = UsageSketch::deserialise(stored);
  if (!sketch) return tl::unexpected(std::move(sketch.error()));
  DayUsage usage{.day = day,
                 .scrapes_seen = static_cast<std::uint32_t>(seen),
                 .scrapes_expected = static_cast<std::uint32_t>(expected),
                 .scrapes_carried = static_cast<std::uint32_t>(carried),
                 .first_ms = first_ms,
                 .last_ms = last_ms};
  usage.sketch = std::move(*sketch);
  return usage;
}

unsigned bit_of(Resource resource) {
  return 1U << static_cast<unsigned>(resource);
}

}  // namespace

std::int64_t row_key(const DayKey& key) {
  constexpr std::int64_t kContainers = std::int64_t{1} << 32;
  return key.day * kContainers + std::int64_t{key.container_id};
}

DayKey day_key(std::int64_t row_key) {
  return {.day = static_cast<std::int32_t>(row_key >> 32),
          .container_id = static_cast<std::uint32_t>(row_key)};
}

std::string write_day_row(const DayKey& key, const DayPair& days) {
  ByteWriter out;
  unsigned present = 0;
  for (const Resource resource : kResources)
    if (days[resource] != nullptr) present |= bit_of(resource);
  out.byte(static_cast<std::uint8_t>(present));
  for (const Resource resource : kResources)
    if (days[resource] != nullptr) write_day(out, *days[resource]);
  return sealed(RowChecksum(Table::kUsageDay).add(row_key(key)), out);
}

Result<StoredDays> read_day_row(const DayKey& key, std::string_view data) {
  const auto payload = unsealed(RowChecksum(Table::kUsageDay).add(row_key(key)), data);
  if (!payload) return fail(ErrorKind::kCorrupt, "its checksum is wrong");
  ByteReader in(*payload);
  const unsigned present = in.byte();
  if (present == 0 || present > kBothResources)
    return fail(ErrorKind::kCorrupt, "it holds no resource");
  StoredDays days;
  for (const Resource resource : kResources) {
    if ((present & bit_of(resource)) == 0) continue;
    auto day = read_day(in, key.day);
    if (!day) return tl::unexpected(std::move(day.error()));
    days[resource] = std::move(*day);
  }
  if (!in.done()) return fail(ErrorKind::kCorrupt, "bytes are left over");
  return days;
}

}  // namespace loadline
