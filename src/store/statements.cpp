#include "store/statements.hpp"

#include <cstddef>

namespace loadline {
namespace {

class ResetAtEnd {
 public:
  explicit ResetAtEnd(SQLite::Statement& statement) : statement_(statement) {}
  ~ResetAtEnd() { statement_.tryReset(); }
  ResetAtEnd(const ResetAtEnd&) = delete;
  ResetAtEnd& operator=(const ResetAtEnd&) = delete;

 private:
  SQLite::Statement& statement_;
};

}  // namespace

int run_once(SQLite::Statement& statement) {
  const ResetAtEnd reset(statement);
  return statement.exec();
}

Statements::Statements(const SQLite::Database& db)
    : meta(db, "UPDATE meta SET data = ?2 WHERE name = ?1",
           "INSERT INTO meta (name, data) VALUES (?1, ?2)"),
      container(db,
                "UPDATE container SET cluster = ?2, namespace = ?3, kind = ?4, workload = ?5, "
                "container = ?6, owner_source = ?7, crc = ?8, pod = ?9 WHERE id = ?1",
                "INSERT INTO container (id, cluster, namespace, kind, workload, container, "
                "owner_source, crc, pod) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"),
      day(db, "UPDATE usage_day SET data = ?2 WHERE key = ?1",
          "INSERT INTO usage_day (key, data) VALUES (?1, ?2)"),
      run(db, "UPDATE run SET container_id = ?2, data = ?3 WHERE id = ?1",
          "INSERT INTO run (id, container_id, data) VALUES (?1, ?2, ?3)"),
      mark(db, "UPDATE mark SET up_to_ms = ?2, crc = ?3 WHERE namespace = ?1",
           "INSERT INTO mark (namespace, up_to_ms, crc) VALUES (?1, ?2, ?3)"),
      workload(db,
               "UPDATE workload SET data = ?5 WHERE cluster = ?1 AND namespace = ?2 AND kind = ?3 "
               "AND name = ?4",
               "INSERT INTO workload (cluster, namespace, kind, name, data) VALUES (?1, ?2, ?3, "
               "?4, ?5)"),
      tally(db, "UPDATE tally SET rows = ?3 WHERE part = ?1 AND day = ?2",
            "INSERT INTO tally (part, day, rows) VALUES (?1, ?2, ?3)"),
      delete_days(db, "DELETE FROM usage_day WHERE key < ?1"),
      delete_marks(db, "DELETE FROM mark WHERE up_to_ms < ?1"),
      delete_run(db, "DELETE FROM run WHERE id = ?1"),
      delete_container(db, "DELETE FROM container WHERE id = ?1"),
      delete_workload(db,
                      "DELETE FROM workload WHERE cluster = ?1 AND namespace = ?2 AND kind = ?3 "
                      "AND name = ?4"),
      delete_tally(db, "DELETE FROM tally WHERE part = ?1 AND day = ?2") {}

}  // namespace loadline
