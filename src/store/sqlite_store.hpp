/// The SQLite form of ProfileStore: one file, write-ahead log, held exclusively.
#pragma once

#include <SQLiteCpp/Database.h>

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "loadline/store/profile_store.hpp"
#include "store/batch_writer.hpp"
#include "store/schema.hpp"
#include "store/statements.hpp"
#include "store/store_index.hpp"

namespace loadline {

class SqliteStore : public ProfileStore {
 public:
  /// Opens the file, made with its tables where it is missing, migrates it and reads it whole.
  /// kCorrupt and kUnsupported: its content cannot be used (damaged, newer); else as open_store.
  static Result<OpenedStore> open(const std::string& path,
                                  std::span<const SchemaStep> steps = schema_steps());

  SqliteStore(std::string path, SQLite::Database db);
  Result<StoredState> load() override;
  Result<void> save(const StateBatch& batch) override;
  Result<void> drop(std::int32_t first_day, const std::vector<RunId>& runs,
                    const std::vector<WorkloadKey>& workloads) override;
  Result<void> clear() override;
  [[nodiscard]] StoreSize size() const override;

  /// For tests: a disk that is full is a file that may not grow.
  [[nodiscard]] SQLite::Database& database() { return db_; }

 private:
  /// load() that throws what SQLite throws.
  Result<StoredState> read();
  Result<void> commit(const char* doing, const std::function<void(BatchWriter&)>& write);
  [[nodiscard]] std::uint64_t rows_of(Table table) const;

  std::string path_;
  SQLite::Database db_;
  Statements statements_;
  StoreIndex index_{};
};

}  // namespace loadline
