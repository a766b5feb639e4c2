#include "store/day_decoder.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"

namespace loadline {
namespace {

constexpr std::int32_t kFirst = 20'400;
constexpr std::int32_t kDays = 6;
constexpr std::uint32_t kContainers = 2'000;

/// Some 3,000 buckets: a few rows of it fill a batch.
UsageSketch wide_sketch(std::uint32_t seed) {
  UsageSketch sketch;
  for (double value = 1e-6 * (seed + 1); value < 1e9; value *= 4) sketch.add(value);
  return sketch;
}

/// Containers with ids from 1 and no days.
struct Fleet {
  explicit Fleet(std::uint32_t size) {
    for (std::uint32_t id = 1; id <= size; ++id) {
      ContainerKey key{.workload = {.name = std::to_string(id)}, .container = "c"};
      placed.push_back({.id = id, .entry = &*profiles.try_emplace(std::move(key)).first});
    }
  }
  const ResourceProfile& profile(std::size_t position, Resource resource) const {
    return placed[position].entry->second.resources[resource];
  }

  ProfileSet profiles{};
  std::vector<PlacedContainer> placed{};
};

std::string row_of(const DayKey& key, std::uint32_t seed) {
  const DayUsage cpu{.day = key.day, .scrapes_seen = seed, .sketch = wide_sketch(seed)};
  return write_day_row(key, {{&cpu, nullptr}});
}

void add(DayDecoder& decoder, const DayKey& key, std::string_view data) {
  decoder.add({.key = key,
               .position = key.container_id - 1,
               .days_left = static_cast<std::size_t>(kFirst + kDays - key.day)},
              data);
}

}  // namespace

TEST_CASE("days arrive whole and in order, however many threads decode them") {
  Fleet fleet(kContainers);
  DayDecoder decoder(fleet.placed);
  std::size_t bytes = 0;
  for (std::int32_t day = kFirst; day < kFirst + kDays; ++day)
    for (std::uint32_t id = 1; id <= kContainers; ++id) {
      const std::string row = row_of({day, id}, id % 7);
      bytes += row.size();
      add(decoder, {day, id}, row);
    }
  REQUIRE(bytes > std::size_t{8} << 20);  // several batches a thread
  REQUIRE(decoder.finish().has_value());
  for (std::uint32_t i = 0; i < kContainers; ++i) {
    const auto& days = fleet.profile(i, Resource::kCpu).days;
    REQUIRE(days.size() == kDays);
    for (std::int32_t day = 0; day < kDays; ++day) {
      const DayUsage& usage = days[static_cast<std::size_t>(day)];
      REQUIRE(usage.day == kFirst + day);
      REQUIRE(usage.scrapes_seen == (i + 1) % 7);
      REQUIRE(usage.sketch == wide_sketch((i + 1) % 7));
    }
    REQUIRE(fleet.profile(i, Resource::kMemory).days.empty());
  }
}

TEST_CASE("of several damaged rows the first is named, whichever thread met it") {
  Fleet fleet(kContainers);
  DayDecoder decoder(fleet.placed);
  for (std::int32_t day = kFirst; day < kFirst + 2; ++day)
    for (std::uint32_t id = 1; id <= kContainers; ++id) {
      std::string row = row_of({day, id}, id % 7);
      const bool is_damaged = (day == kFirst && id == 1'990) || (day > kFirst && id < 5);
      if (is_damaged) row[row.size() / 2] ^= 1;
      add(decoder, {day, id}, row);
    }
  const Result<void> done = decoder.finish();
  REQUIRE_FALSE(done.has_value());
  CHECK(done.error().kind == ErrorKind::kCorrupt);
  CHECK(done.error().message == "row 20400/1990 of usage_day is damaged: its checksum is wrong");
}

TEST_CASE("a decoder that is given up, or gets nothing, ends its threads") {
  Fleet fleet(kContainers);
  DayDecoder decoder(fleet.placed);
  const std::string row = row_of({kFirst, 1}, 1);
  for (int i = 0; i < 3'000; ++i) add(decoder, {kFirst, kContainers}, row);
  DayDecoder idle(fleet.placed);
  CHECK(idle.finish().has_value());
}

}  // namespace loadline
