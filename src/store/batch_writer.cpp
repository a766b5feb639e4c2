#include "store/batch_writer.hpp"

#include <algorithm>
#include <utility>

#include "store/bounds_row.hpp"
#include "store/container_row.hpp"
#include "store/day_row.hpp"
#include "store/facts_row.hpp"
#include "store/run_row.hpp"

namespace loadline {
namespace {

std::string_view bytes_of(const RunId& id) {
  return {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()};
}

const DayUsage* find_day(const ResourceProfile& profile, std::int32_t day) {
  const auto found = std::ranges::lower_bound(profile.days, day, {}, &DayUsage::day);
  return found == profile.days.end() || found->day != day ? nullptr : &*found;
}

void bind_workload(SQLite::Statement& row, int first, const WorkloadKey& key) {
  bind_bytes(row, first, key.cluster);
  bind_bytes(row, first + 1, key.namespace_name);
  bind_bytes(row, first + 2, key.kind);
  bind_bytes(row, first + 3, key.name);
}

void bind_tally(SQLite::Statement& row, const TallyKey& key) {
  row.bind(1, key.part);
  row.bind(2, key.day);
}

}  // namespace

void BatchWriter::write(const StateBatch& batch) {
  if (batch.header) write_meta(kHeaderName, write_header_row(*batch.header));
  if (batch.cluster) write_meta(kBoundsName, write_bounds_row(*batch.cluster));
  for (const TouchedDay& day : batch.touched.days) write_day(day);
  for (const RunEntry* run : batch.touched.runs) write_run(*run);
  for (const auto& mark : batch.marks) write_mark(mark.first, mark.second);
  for (const auto* workload : batch.workloads) write_workload(*workload);
}

void BatchWriter::write_meta(std::string_view name, const std::string& data) {
  const bool is_new = statements_.meta.write([&](SQLite::Statement& row) {
    row.bind(1, std::string(name));
    bind_bytes(row, 2, data);
  });
  count(Table::kMeta, is_new ? 1 : 0);
}

void BatchWriter::write_day(const TouchedDay& touched) {
  const ContainerProfile& profile = touched.container->second;
  DayPair days;
  for (const Resource resource : kResources)
    days[resource] = find_day(profile.resources[resource], touched.day);
  if (days[Resource::kCpu] == nullptr && days[Resource::kMemory] == nullptr) return;
  need_container(*touched.container, touched.day);
  const DayKey key{.day = touched.day, .container_id = profile.id};
  const std::string data = write_day_row(key, days);
  const bool is_new = statements_.day.write([&](SQLite::Statement& row) {
    row.bind(1, row_key(key));
    bind_bytes(row, 2, data);
  });
  count(Table::kUsageDay, is_new ? 1 : 0, touched.day);
}

void BatchWriter::write_run(const RunEntry& entry) {
  need_container(*entry.second.container, INT32_MIN);
  const RunKey key{.id = entry.first, .container_id = entry.second.container->second.id};
  const std::string data = write_run_row(key, entry.second);
  const bool is_new = statements_.run.write([&](SQLite::Statement& row) {
    bind_bytes(row, 1, bytes_of(key.id));
    row.bind(2, key.container_id);
    bind_bytes(row, 3, data);
  });
  count(Table::kRun, is_new ? 1 : 0);
}

void BatchWriter::write_mark(const std::string& namespace_name, TimePoint up_to) {
  const std::int64_t up_to_ms = to_unix_ms(up_to);
  const bool is_new = statements_.mark.write([&](SQLite::Statement& row) {
    bind_bytes(row, 1, namespace_name);
    row.bind(2, up_to_ms);
    row.bind(3, mark_crc(namespace_name, up_to_ms));
  });
  count(Table::kMark, is_new ? 1 : 0);
}

void BatchWriter::write_workload(const KnownWorkloads::value_type& entry) {
  const std::string data = write_facts_row(entry.first, entry.second);
  const bool is_new = statements_.workload.write([&](SQLite::Statement& row) {
    bind_workload(row, 1, entry.first);
    bind_bytes(row, 5, data);
  });
  count(Table::kWorkload, is_new ? 1 : 0);
}

const KnownContainer* BatchWriter::find(std::uint32_t id) const {
  if (const auto found = changed_.find(id); found != changed_.end()) return &found->second;
  const auto found = before_.containers.find(id);
  return found == before_.containers.end() ? nullptr : &found->second;
}

void BatchWriter::need_container(const ContainerEntry& entry, std::int32_t day) {
  const ContainerProfile& profile = entry.second;
  const KnownContainer* known = find(profile.id);
  const bool is_stored = known != nullptr && known->owner_source == profile.owner_source;
  if (is_stored && known->last_day >= day) return;
  const std::int32_t last_day = known == nullptr ? day : std::max(day, known->last_day);
  if (!is_stored) write_container(entry);
  changed_[profile.id] = {.owner_source = profile.owner_source, .last_day = last_day};
}

void BatchWriter::write_container(const ContainerEntry& entry) {
  const ContainerKey& key = entry.first;
  const ContainerProfile& profile = entry.second;
  const bool is_new = statements_.container.write([&](SQLite::Statement& row) {
    row.bind(1, profile.id);
    bind_workload(row, 2, key.workload);
    bind_bytes(row, 6, key.container);
    row.bind(7, static_cast<std::int32_t>(profile.owner_source));
    row.bind(8, container_crc(profile.id, key, profile.owner_source));
    bind_bytes(row, 9, key.pod);
  });
  count(Table::kContainer, is_new ? 1 : 0);
}

void BatchWriter::drop(std::int32_t first_day, const std::vector<RunId>& runs,
                       const std::vector<WorkloadKey>& workloads) {
  drop_days(first_day);
  drop_marks(first_day);
  for (const RunId& id : runs) {
    bind_bytes(statements_.delete_run, 1, bytes_of(id));
    count(Table::kRun, -run_once(statements_.delete_run));
  }
  for (const WorkloadKey& key : workloads) drop_workload(key);
  drop_containers(first_day);
}

void BatchWriter::drop_days(std::int32_t first_day) {
  statements_.delete_days.bind(1, row_key({.day = first_day, .container_id = 0}));
  run_once(statements_.delete_days);
  const std::string part(to_string(Table::kUsageDay));
  std::erase_if(tally_, [&](const Tally::value_type& entry) {
    return entry.first.part == part && entry.first.day < first_day;
  });
}

void BatchWriter::drop_marks(std::int32_t first_day) {
  statements_.delete_marks.bind(1, to_unix_ms(start_of_day(first_day)));
  count(Table::kMark, -run_once(statements_.delete_marks));
}

void BatchWriter::drop_workload(const WorkloadKey& key) {
  bind_workload(statements_.delete_workload, 1, key);
  count(Table::kWorkload, -run_once(statements_.delete_workload));
}

std::unordered_set<std::uint32_t> BatchWriter::containers_with_runs() const {
  std::unordered_set<std::uint32_t> ids;
  SQLite::Statement rows(db_, "SELECT container_id FROM run");
  while (rows.executeStep()) ids.insert(rows.getColumn(0).getUInt());
  return ids;
}

void BatchWriter::drop_containers(std::int32_t first_day) {
  const auto in_use = containers_with_runs();
  for (const auto& [id, known] : before_.containers) {
    if (known.last_day >= first_day || in_use.contains(id)) continue;
    statements_.delete_container.bind(1, id);
    count(Table::kContainer, -run_once(statements_.delete_container));
    dropped_.push_back(id);
  }
}

void BatchWriter::count(Table table, int rows, std::int32_t day) {
  if (rows == 0) return;
  const auto at = tally_.try_emplace({.part = std::string(to_string(table)), .day = day}).first;
  at->second += static_cast<std::uint64_t>(static_cast<std::int64_t>(rows));
  if (at->second == 0) tally_.erase(at);
}

void BatchWriter::write_tally() {
  for (const auto& [key, rows] : before_.tally) {
    if (tally_.contains(key)) continue;
    bind_tally(statements_.delete_tally, key);
    run_once(statements_.delete_tally);
  }
  for (const auto& entry : tally_) {
    const auto found = before_.tally.find(entry.first);
    if (found != before_.tally.end() && found->second == entry.second) continue;
    statements_.tally.write([&](SQLite::Statement& row) {
      bind_tally(row, entry.first);
      row.bind(3, static_cast<std::int64_t>(entry.second));
    });
  }
}

void BatchWriter::apply_to(StoreIndex& index) && {
  index.tally = std::move(tally_);
  for (const auto& [id, known] : changed_) index.containers.insert_or_assign(id, known);
  for (const std::uint32_t id : dropped_) index.containers.erase(id);
}

}  // namespace loadline
