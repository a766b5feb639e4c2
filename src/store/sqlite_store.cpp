#include "store/sqlite_store.hpp"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <utility>

#include "loadline/model/labels.hpp"
#include "store/sqlite_error.hpp"
#include "store/state_loader.hpp"

namespace loadline {
namespace {

// 16 KiB pages: a row of a day (300 bytes) is read with 50 others by one call; 8 MiB of cache; the
// log is copied into the file once it has 16 MiB.
constexpr const char* kBeforeFirstAccess =
    "PRAGMA locking_mode = EXCLUSIVE; PRAGMA page_size = 16384; PRAGMA cache_size = -8192; "
    "PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;";
constexpr const char* kAfterwards =
    "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 1024; "
    "PRAGMA journal_size_limit = 67108864;";

constexpr std::uint64_t kLeastFileBytes = 512;  // SQLite's smallest page

bool is_read_only(const SQLite::Database& db) {
  return sqlite3_db_readonly(db.getHandle(), "main") != 0;
}

Result<void> prepare(SQLite::Database& db, std::span<const SchemaStep> steps) {
  if (is_read_only(db))
    return fail(ErrorKind::kInvalidInput,
                "it can only be read; make the file and its volume writable for this user");
  db.exec(kBeforeFirstAccess);
  if (auto done = bring_up_to_date(db, steps); !done) return done;
  // A header that claims a vacuum of its own would have SQLite write over pages of ours; one that
  // asks for a later format to be written lets us only read.
  if (db.execAndGet("PRAGMA auto_vacuum").getInt() != 0 || is_read_only(db))
    return fail(ErrorKind::kCorrupt, "its header is damaged");
  if (db.execAndGet("PRAGMA journal_mode = WAL").getString() != "wal")
    return fail(ErrorKind::kInternal, "the volume allows no write-ahead log; choose another");
  db.exec(kAfterwards);
  return {};
}

/// Leaves file and log as they are when the connection ends: what is set aside shall be what was
/// found.
enum class AtEnd { kLeave, kTidy };
void set_end(const SQLite::Database& db, AtEnd end) {
  const int leave = end == AtEnd::kLeave ? 1 : 0;
  sqlite3_db_config(db.getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, leave, nullptr);
}

std::uint64_t bytes_of(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 ? static_cast<std::uint64_t>(info.st_size) : 0;
}

/// What makes a file be set aside is said beside its name already.
tl::unexpected<Error> named(const std::string& path, Error error) {
  if (error.kind == ErrorKind::kCorrupt || error.kind == ErrorKind::kUnsupported)
    return tl::unexpected(std::move(error));
  return fail_while("opening the state in " + printable(path), std::move(error));
}

}  // namespace

SqliteStore::SqliteStore(std::string path, SQLite::Database db)
    : path_(std::move(path)), db_(std::move(db)), statements_(db_) {}

Result<OpenedStore> SqliteStore::open(const std::string& path, std::span<const SchemaStep> steps) {
  // SQLite takes the first bytes of a file for none.
  if (const std::uint64_t bytes = bytes_of(path); bytes > 0 && bytes < kLeastFileBytes)
    return fail(ErrorKind::kCorrupt, "it is cut off after " + std::to_string(bytes) + " bytes");
  try {
    // One thread at a time is the port's rule; locks of SQLite's own cost a fifteenth of a start.
    SQLite::Database db(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX);
    set_end(db, AtEnd::kLeave);
    if (auto done = prepare(db, steps); !done) return named(path, std::move(done.error()));
    auto store = std::make_unique<SqliteStore>(path, std::move(db));
    auto state = store->read();
    if (!state) return tl::unexpected(std::move(state.error()));
    set_end(store->db_, AtEnd::kTidy);
    OpenedStore opened;
    opened.store = std::move(store);
    opened.state = std::move(*state);
    return opened;
  } catch (const SQLite::Exception& exception) {
    if (is_damage(exception)) return fail(ErrorKind::kCorrupt, exception.what());
    return tl::unexpected(sqlite_error(path, "opening the state", exception));
  }
}

Result<StoredState> SqliteStore::read() {
  auto loaded = load_state(db_);
  if (!loaded) return tl::unexpected(std::move(loaded.error()));
  index_ = std::move(loaded->index);
  return std::move(loaded->state);
}

Result<StoredState> SqliteStore::load() {
  try {
    return read();
  } catch (const SQLite::Exception& exception) {
    return tl::unexpected(sqlite_error(path_, "reading the state", exception));
  }
}

Result<void> SqliteStore::save(const StateBatch& batch) {
  return commit("saving the state", [&](BatchWriter& writer) { writer.write(batch); });
}

Result<void> SqliteStore::drop(std::int32_t first_day, const std::vector<RunId>& runs,
                               const std::vector<WorkloadKey>& workloads) {
  return commit("dropping old days",
                [&](BatchWriter& writer) { writer.drop(first_day, runs, workloads); });
}

Result<void> SqliteStore::commit(const char* doing,
                                 const std::function<void(BatchWriter&)>& write) {
  try {
    BatchWriter writer(db_, statements_, index_);
    SQLite::Transaction transaction(db_);  // rolls back unless committed
    write(writer);
    writer.write_tally();
    transaction.commit();
    std::move(writer).apply_to(index_);
    return {};
  } catch (const SQLite::Exception& exception) {
    return tl::unexpected(sqlite_error(path_, doing, exception));
  }
}

Result<void> SqliteStore::clear() {
  try {
    SQLite::Transaction transaction(db_);
    db_.exec(
        "DELETE FROM meta; DELETE FROM container; DELETE FROM usage_day; DELETE FROM run; "
        "DELETE FROM mark; DELETE FROM workload; DELETE FROM tally;");
    transaction.commit();
    index_ = StoreIndex{};
    return {};
  } catch (const SQLite::Exception& exception) {
    return tl::unexpected(sqlite_error(path_, "clearing the state", exception));
  }
}

std::uint64_t SqliteStore::rows_of(Table table) const {
  std::uint64_t rows = 0;
  for (const auto& [key, count] : index_.tally)
    if (key.part == to_string(table)) rows += count;
  return rows;
}

StoreSize SqliteStore::size() const {
  return {.file_bytes = bytes_of(path_) + bytes_of(path_ + "-wal"),
          .containers = rows_of(Table::kContainer),
          .runs = rows_of(Table::kRun),
          .days = rows_of(Table::kUsageDay)};
}

}  // namespace loadline
