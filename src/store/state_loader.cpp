#include "store/state_loader.hpp"

#include <SQLiteCpp/Statement.h>

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "store/bounds_row.hpp"
#include "store/container_row.hpp"
#include "store/day_decoder.hpp"
#include "store/facts_row.hpp"
#include "store/run_row.hpp"

namespace loadline {
namespace {

std::string_view bytes_in(const SQLite::Statement& row, int column) {
  const SQLite::Column value = row.getColumn(column);
  const void* data = value.getBlob();
  return {static_cast<const char*>(data), static_cast<std::size_t>(value.getBytes())};
}

std::string text_in(const SQLite::Statement& row, int column) {
  return std::string(bytes_in(row, column));
}

tl::unexpected<Error> damaged(Table table, const std::string& key, std::string_view why) {
  return fail(ErrorKind::kCorrupt, "row " + key + " of " + std::string(to_string(table)) +
                                       " is damaged: " + std::string(why));
}

class StateLoader {
 public:
  explicit StateLoader(const SQLite::Database& db) : db_(db) {}

  Result<LoadedState> load() {
    using Step = Result<void> (StateLoader::*)();
    read_tally();
    for (const Step step :
         {&StateLoader::read_meta, &StateLoader::read_containers, &StateLoader::read_days,
          &StateLoader::read_runs, &StateLoader::read_marks, &StateLoader::read_workloads,
          &StateLoader::check_tally})
      if (Result<void> done = (this->*step)(); !done)
        return tl::unexpected(std::move(done.error()));
    return std::move(loaded_);
  }

 private:
  /// Calls use(row) -> Result<void> for each row until one fails; counts them.
  template <typename Use>
  Result<void> for_each_row(Table table, const char* sql, Use use) {
    SQLite::Statement rows(db_, sql);
    std::uint64_t count = 0;
    for (; rows.executeStep(); ++count)
      if (Result<void> used = use(rows); !used) return used;
    if (count > 0) loaded_.index.tally[{.part = std::string(to_string(table))}] = count;
    return {};
  }

  void read_tally() {
    SQLite::Statement rows(db_, "SELECT part, day, rows FROM tally");
    while (rows.executeStep())
      stored_tally_[{.part = text_in(rows, 0), .day = rows.getColumn(1).getInt()}] =
          static_cast<std::uint64_t>(rows.getColumn(2).getInt64());
  }

  Result<void> check_tally() {
    if (stored_tally_ == loaded_.index.tally) return {};
    for (const auto& [key, rows] : stored_tally_)
      if (const auto found = loaded_.index.tally.find(key);
          found == loaded_.index.tally.end() || found->second != rows)
        return fail(ErrorKind::kCorrupt, "rows of " + key.part + " are missing or too many");
    return fail(ErrorKind::kCorrupt, "the row counts are incomplete");
  }

  std::uint64_t expected_rows(Table table) const {
    const auto found = stored_tally_.find({.part = std::string(to_string(table))});
    // A damaged count must not make us ask for all memory there is.
    constexpr std::uint64_t kMostReserved = 1'000'000;
    return found == stored_tally_.end() ? 0 : std::min(found->second, kMostReserved);
  }

  Result<void> read_meta() {
    return for_each_row(Table::kMeta, "SELECT name, data FROM meta",
                        [this](const SQLite::Statement& row) {
                          const std::string_view name = bytes_in(row, 0);
                          return name == kBoundsName ? take_bounds(bytes_in(row, 1))
                                                     : take_header(name, bytes_in(row, 1));
                        });
  }

  Result<void> take_header(std::string_view name, std::string_view data) {
    auto header = read_header_row(name, data);
    if (!header) return damaged(Table::kMeta, "header", header.error().message);
    loaded_.state.header = std::move(*header);
    return {};
  }

  Result<void> take_bounds(std::string_view data) {
    auto cluster = read_bounds_row(kBoundsName, data);
    if (!cluster) return damaged(Table::kMeta, "bounds", cluster.error().message);
    loaded_.state.cluster = std::move(*cluster);
    return {};
  }

  Result<void> read_containers() {
    const std::uint64_t rows = expected_rows(Table::kContainer);
    loaded_.state.usage.profiles.reserve(rows);
    loaded_.index.containers.reserve(rows);
    placed_.reserve(rows);
    return for_each_row(
        Table::kContainer,
        "SELECT id, cluster, namespace, kind, workload, container, owner_source, crc, pod FROM "
        "container ORDER BY id",
        [this](const SQLite::Statement& row) { return take_container(row); });
  }

  Result<void> take_container(const SQLite::Statement& row) {
    const std::int64_t id = row.getColumn(0).getInt64();
    const std::int64_t last = placed_.empty() ? 0 : placed_.back().id;
    const auto source = static_cast<OwnerSource>(row.getColumn(6).getInt());
    ContainerKey key{.workload = {.cluster = text_in(row, 1),
                                  .namespace_name = text_in(row, 2),
                                  .kind = text_in(row, 3),
                                  .name = text_in(row, 4)},
                     .container = text_in(row, 5),
                     .pod = text_in(row, 8)};
    if (id <= last || id >= UINT32_MAX)
      return damaged(Table::kContainer, std::to_string(id), "its id is out of order");
    const auto id32 = static_cast<std::uint32_t>(id);
    if (container_crc(id32, key, source) != row.getColumn(7).getInt64())
      return damaged(Table::kContainer, std::to_string(id), "its checksum is wrong");
    return place(id32, std::move(key), source);
  }

  Result<void> place(std::uint32_t id, ContainerKey key, OwnerSource source) {
    const auto [at, is_new] = loaded_.state.usage.profiles.try_emplace(std::move(key));
    if (!is_new) return damaged(Table::kContainer, std::to_string(id), "it is there twice");
    at->second.id = id;
    at->second.owner_source = source;
    loaded_.state.usage.next_container_id = id + 1;
    loaded_.index.containers[id].owner_source = source;
    placed_.push_back({.id = id, .entry = &*at});
    return {};
  }

  /// Rows come by day, then by container: the cursor runs along the containers once a day.
  Result<void> read_days() {
    SQLite::Statement rows(db_, "SELECT key, data FROM usage_day ORDER BY key");
    DayDecoder decoder(placed_);
    std::uint64_t* count = nullptr;
    std::size_t cursor = 0;
    std::size_t days_left = 0;
    DayKey before;
    while (rows.executeStep()) {
      const DayKey key = day_key(rows.getColumn(0).getInt64());
      if (count == nullptr || key.day != before.day) {
        if (count != nullptr && key.day < before.day) return out_of_order(key);
        count = &loaded_.index
                     .tally[{.part = std::string(to_string(Table::kUsageDay)), .day = key.day}];
        days_left = days_from(key.day);
        cursor = 0;
      } else if (key.container_id <= before.container_id) {
        return out_of_order(key);
      }
      ++*count;
      before = key;
      while (cursor < placed_.size() && placed_[cursor].id < key.container_id) ++cursor;
      if (cursor == placed_.size() || placed_[cursor].id != key.container_id)
        return damaged(Table::kUsageDay, name_of(key), "its container is missing");
      decoder.add({.key = key, .position = cursor, .days_left = days_left}, bytes_in(rows, 1));
    }
    if (Result<void> decoded = decoder.finish(); !decoded) return decoded;
    settle_days();
    return {};
  }

  /// As many as a container that has a row today and every day after may get.
  std::size_t days_from(std::int32_t day) const {
    const std::string part(to_string(Table::kUsageDay));
    return static_cast<std::size_t>(
        std::ranges::count_if(stored_tally_, [&](const Tally::value_type& entry) {
          return entry.first.part == part && entry.first.day >= day;
        }));
  }

  static tl::unexpected<Error> out_of_order(const DayKey& key) {
    return damaged(Table::kUsageDay, name_of(key), "it is out of order");
  }

  void settle_days() {
    for (const PlacedContainer& placed : placed_)
      for (const Resource resource : kResources) {
        auto& days = placed.entry->second.resources[resource].days;
        if (days.empty()) continue;
        std::int32_t& last = loaded_.index.containers[placed.id].last_day;
        last = std::max(last, days.back().day);
        // Few containers come and go within the window: theirs is the room worth giving back.
        if (days.capacity() >= 2 * days.size()) days.shrink_to_fit();
      }
  }

  Result<void> read_runs() {
    loaded_.state.usage.runs.reserve(expected_rows(Table::kRun));
    return for_each_row(Table::kRun, "SELECT id, container_id, data FROM run",
                        [this](const SQLite::Statement& row) { return take_run(row); });
  }

  Result<void> take_run(const SQLite::Statement& row) {
    const std::string_view id = bytes_in(row, 0);
    const std::int64_t container_id = row.getColumn(1).getInt64();
    RunKey key{.container_id = static_cast<std::uint32_t>(container_id)};
    ContainerEntry* const container = find_container(container_id);
    if (id.size() != key.id.bytes.size() || container == nullptr)
      return damaged(Table::kRun, "of container " + std::to_string(container_id),
                     "its id is none or its container is missing");
    std::memcpy(key.id.bytes.data(), id.data(), id.size());
    auto run = read_run_row(key, bytes_in(row, 2));
    if (!run)
      return damaged(Table::kRun, "of container " + std::to_string(container_id),
                     run.error().message);
    run->container = container;
    if (!loaded_.state.usage.runs.try_emplace(key.id, std::move(*run)).second)
      return damaged(Table::kRun, "of container " + std::to_string(container_id),
                     "it is there twice");
    return {};
  }

  ContainerEntry* find_container(std::int64_t id) const {
    const auto found = std::ranges::lower_bound(
        placed_, id, {}, [](const PlacedContainer& placed) { return std::int64_t{placed.id}; });
    return found == placed_.end() || found->id != id ? nullptr : found->entry;
  }

  Result<void> read_marks() {
    return for_each_row(Table::kMark, "SELECT namespace, up_to_ms, crc FROM mark",
                        [this](const SQLite::Statement& row) -> Result<void> {
                          const std::string_view name = bytes_in(row, 0);
                          const std::int64_t up_to_ms = row.getColumn(1).getInt64();
                          if (mark_crc(name, up_to_ms) != row.getColumn(2).getInt64() ||
                              !loaded_.state.marks.emplace(name, from_unix_ms(up_to_ms)).second)
                            return damaged(Table::kMark, std::to_string(up_to_ms),
                                           "its checksum is wrong");
                          return {};
                        });
  }

  Result<void> read_workloads() {
    loaded_.state.workloads.reserve(expected_rows(Table::kWorkload));
    return for_each_row(
        Table::kWorkload, "SELECT cluster, namespace, kind, name, data FROM workload",
        [this](const SQLite::Statement& row) -> Result<void> {
          WorkloadKey key{.cluster = text_in(row, 0),
                          .namespace_name = text_in(row, 1),
                          .kind = text_in(row, 2),
                          .name = text_in(row, 3)};
          auto facts = read_facts_row(key, bytes_in(row, 4));
          if (!facts) return damaged(Table::kWorkload, key.name, facts.error().message);
          loaded_.state.workloads.insert_or_assign(std::move(key), std::move(*facts));
          return {};
        });
  }

  const SQLite::Database& db_;
  LoadedState loaded_{};
  Tally stored_tally_{};
  std::vector<PlacedContainer> placed_{};  ///< by id
};

}  // namespace

Result<LoadedState> load_state(const SQLite::Database& db) {
  return StateLoader(db).load();
}

}  // namespace loadline
