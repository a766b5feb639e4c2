/// The prepared statements of an open store, made once.
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <string_view>

namespace loadline {

/// Binds without a copy: `bytes` must live until the statement has run.
inline void bind_bytes(SQLite::Statement& statement, int index, std::string_view bytes) {
  statement.bindNoCopy(index, bytes.data() == nullptr ? "" : bytes.data(),
                       static_cast<int>(bytes.size()));
}

/// Runs a statement that gives no rows; how many rows it changed. Reset whether or not it throws.
int run_once(SQLite::Statement& statement);

/// Writes a row in place of the one with its key, and tells whether there was one: what SQLite's
/// own INSERT ... ON CONFLICT does not. Nearly always there is, so the update comes first.
class Upsert {
 public:
  Upsert(const SQLite::Database& db, const char* update, const char* insert)
      : update_(db, update), insert_(db, insert) {}

  /// bind(statement) gives both the same parameters. True where the row is new.
  template <typename Bind>
  bool write(Bind bind) {
    bind(update_);
    if (run_once(update_) > 0) return false;
    bind(insert_);
    run_once(insert_);
    return true;
  }

 private:
  SQLite::Statement update_;
  SQLite::Statement insert_;
};

struct Statements {
  explicit Statements(const SQLite::Database& db);

  Upsert meta;
  Upsert container;
  Upsert day;
  Upsert run;
  Upsert mark;
  Upsert workload;
  Upsert tally;
  SQLite::Statement delete_days;
  SQLite::Statement delete_marks;
  SQLite::Statement delete_run;
  SQLite::Statement delete_container;
  SQLite::Statement delete_workload;
  SQLite::Statement delete_tally;
};

}  // namespace loadline
