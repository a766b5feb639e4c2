#include "store/schema.hpp"

#include <SQLiteCpp/Transaction.h>

#include <array>
#include <string>

namespace loadline {
namespace {

// Names of a cluster are BLOBs: label values may hold any byte.
constexpr std::array<SchemaStep, 3> kSteps{{{R"sql(
CREATE TABLE meta (name TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE container (
  id INTEGER PRIMARY KEY, cluster BLOB NOT NULL, namespace BLOB NOT NULL, kind BLOB NOT NULL,
  workload BLOB NOT NULL, container BLOB NOT NULL, owner_source INTEGER NOT NULL,
  crc INTEGER NOT NULL);
CREATE TABLE usage_day (key INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE run (id BLOB PRIMARY KEY, container_id INTEGER NOT NULL, data BLOB NOT NULL)
  WITHOUT ROWID;
CREATE TABLE mark (namespace BLOB PRIMARY KEY, up_to_ms INTEGER NOT NULL, crc INTEGER NOT NULL)
  WITHOUT ROWID;
CREATE TABLE workload (
  cluster BLOB NOT NULL, namespace BLOB NOT NULL, kind BLOB NOT NULL, name BLOB NOT NULL,
  data BLOB NOT NULL, PRIMARY KEY (cluster, namespace, kind, name)) WITHOUT ROWID;
CREATE TABLE tally (
  part TEXT NOT NULL, day INTEGER NOT NULL, rows INTEGER NOT NULL, PRIMARY KEY (part, day))
  WITHOUT ROWID;
)sql"},
                                            // Evidence in the rows of workload, bounds in meta:
                                            // version 1 cannot read them, we read its rows.
                                            {"SELECT 1;"},
                                            // Pods that have a profile each.
                                            {"ALTER TABLE container ADD COLUMN pod BLOB NOT NULL "
                                             "DEFAULT x'';"}}};

struct Identity {
  std::int32_t application_id = 0;
  std::int32_t version = 0;
  bool is_empty = true;
};

Identity identity_of(SQLite::Database& db) {
  return {.application_id = db.execAndGet("PRAGMA application_id").getInt(),
          .version = db.execAndGet("PRAGMA user_version").getInt(),
          .is_empty = db.execAndGet("SELECT count(*) FROM sqlite_master").getInt() == 0};
}

void stamp(SQLite::Database& db, std::size_t version) {
  db.exec("PRAGMA application_id = " + std::to_string(kApplicationId));
  db.exec("PRAGMA user_version = " + std::to_string(version));
}

}  // namespace

std::span<const SchemaStep> schema_steps() {
  return kSteps;
}

Result<void> bring_up_to_date(SQLite::Database& db, std::span<const SchemaStep> steps) {
  // Exclusive from the first access on: of two processes that begin together one wins at once.
  SQLite::Transaction transaction(db, SQLite::TransactionBehavior::EXCLUSIVE);
  const Identity found = identity_of(db);
  const bool is_new = found.is_empty && found.version == 0 && found.application_id == 0;
  if (!is_new && found.application_id != kApplicationId)
    return fail(ErrorKind::kCorrupt, "it is no database of loadline");
  if (!is_new && found.version <= 0) return fail(ErrorKind::kCorrupt, "its schema has no version");
  const auto from = static_cast<std::size_t>(found.version);
  if (from > steps.size())
    return fail(ErrorKind::kUnsupported, "its schema version " + std::to_string(from) +
                                             " is newer than this loadline's " +
                                             std::to_string(steps.size()));
  if (from == steps.size()) return {};
  for (const SchemaStep& step : steps.subspan(from)) db.exec(step.sql);
  stamp(db, steps.size());
  transaction.commit();
  return {};
}

}  // namespace loadline
