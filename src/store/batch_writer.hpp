/// Writes rows inside an open transaction and keeps the index beside it: what the transaction has
/// changed becomes the store's index only once it is committed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "loadline/store/profile_store.hpp"
#include "store/row_checksum.hpp"
#include "store/statements.hpp"
#include "store/store_index.hpp"

namespace loadline {

class BatchWriter {
 public:
  /// `before` is the index at the beginning of the transaction; all three outlive the writer.
  BatchWriter(const SQLite::Database& db, Statements& statements, const StoreIndex& before)
      : db_(db), statements_(statements), before_(before), tally_(before.tally) {}

  void write(const StateBatch& batch);
  void drop(std::int32_t first_day, const std::vector<RunId>& runs,
            const std::vector<WorkloadKey>& workloads);
  /// The last statements of the transaction: the counts that have changed.
  void write_tally();
  /// After the commit.
  void apply_to(StoreIndex& index) &&;

 private:
  void write_meta(std::string_view name, const std::string& data);
  void write_day(const TouchedDay& touched);
  void write_run(const RunEntry& entry);
  void write_mark(const std::string& namespace_name, TimePoint up_to);
  void write_workload(const KnownWorkloads::value_type& entry);
  /// The row of a container that a day or a run is about to name.
  void need_container(const ContainerEntry& entry, std::int32_t day);
  void write_container(const ContainerEntry& entry);
  [[nodiscard]] const KnownContainer* find(std::uint32_t id) const;

  void drop_days(std::int32_t first_day);
  void drop_marks(std::int32_t first_day);
  void drop_workload(const WorkloadKey& key);
  void drop_containers(std::int32_t first_day);
  [[nodiscard]] std::unordered_set<std::uint32_t> containers_with_runs() const;
  void count(Table table, int rows, std::int32_t day = 0);

  const SQLite::Database& db_;
  Statements& statements_;
  const StoreIndex& before_;
  Tally tally_;
  KnownContainers changed_{};
  std::vector<std::uint32_t> dropped_{};
};

}  // namespace loadline
