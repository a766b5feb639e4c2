#include "store/schema.hpp"

#include <SQLiteCpp/Statement.h>

#include <array>

#include "states.hpp"
#include "store/sqlite_store.hpp"
#include "support/catch.hpp"
#include "support/matchers.hpp"
#include "support/temp_dir.hpp"

namespace loadline {
namespace {

using test::Everything;
using test::RandomStates;
using test::TempDir;

/// The steps of today and one of tomorrow.
std::array<SchemaStep, 3> with_one_more(const char* sql) {
  return {schema_steps()[0], schema_steps()[1], SchemaStep{sql}};
}

Everything stored_at(const std::string& path) {
  Everything all = RandomStates(1).state(4);
  auto opened = SqliteStore::open(path);
  REQUIRE(opened.has_value());
  REQUIRE(opened->store->save(test::batch_of(all)).has_value());
  return all;
}

int version_of(const std::string& path) {
  SQLite::Database db(path);
  return db.execAndGet("PRAGMA user_version").getInt();
}

}  // namespace

TEST_CASE("a new file has this version and our application's id") {
  const TempDir dir;
  const std::string path = dir.path("loadline.db");
  stored_at(path);
  SQLite::Database db(path);
  CHECK(db.execAndGet("PRAGMA user_version").getInt() == static_cast<int>(schema_steps().size()));
  CHECK(db.execAndGet("PRAGMA application_id").getInt() == kApplicationId);
  CHECK(db.execAndGet("PRAGMA page_size").getInt() == 16'384);
}

TEST_CASE("an older file goes through the steps that it lacks and keeps what it holds") {
  const TempDir dir;
  const std::string path = dir.path("loadline.db");
  const Everything all = stored_at(path);
  const auto steps = with_one_more("CREATE TABLE extra (x); INSERT INTO extra VALUES (42);");
  for (int again = 0; again < 2; ++again) {
    const auto opened = SqliteStore::open(path, steps);
    REQUIRE(opened.has_value());
    CHECK(test::same(all, opened->state));
  }
  CHECK(version_of(path) == 3);
  SQLite::Database db(path);
  CHECK(db.execAndGet("SELECT sum(x) FROM extra").getInt() == 42);
}

TEST_CASE("a file of version 1 is brought up to date, its rows are read as they are") {
  const TempDir dir;
  const std::string path = dir.path("loadline.db");
  Everything all = RandomStates(2).state(4);
  test::forget_evidence(all);  // version 1 had none
  all.cluster = {};
  StateBatch batch = test::batch_of(all);
  batch.cluster.reset();
  const std::span<const SchemaStep> first = schema_steps().first(1);
  {
    const auto old = SqliteStore::open(path, first);
    REQUIRE(old.has_value());
    REQUIRE(old->store->save(batch).has_value());
  }
  CHECK(version_of(path) == 1);
  {
    const auto opened = SqliteStore::open(path);
    REQUIRE(opened.has_value());
    CHECK(test::same(all, opened->state));
  }
  CHECK(version_of(path) == 2);
}

TEST_CASE("a step that fails leaves the file as it was") {
  const TempDir dir;
  const std::string path = dir.path("loadline.db");
  const Everything all = stored_at(path);
  const auto steps = with_one_more("CREATE TABLE extra (x); INSERT INTO absent VALUES (1);");
  CHECK_FALSE(SqliteStore::open(path, steps).has_value());
  CHECK(version_of(path) == 2);
  const auto opened = SqliteStore::open(path);
  REQUIRE(opened.has_value());
  CHECK(test::same(all, opened->state));
}

TEST_CASE("a newer file is named as such and not changed") {
  const TempDir dir;
  const std::string path = dir.path("loadline.db");
  stored_at(path);
  REQUIRE(SqliteStore::open(path, with_one_more("CREATE TABLE extra (x);")).has_value());
  const auto opened = SqliteStore::open(path);
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().kind == ErrorKind::kUnsupported);
  CHECK_THAT(opened.error().message, test::contains("version 3 is newer than this loadline's 2"));
  CHECK(version_of(path) == 3);
}

TEST_CASE("another program's database is none of ours") {
  struct Case {
    const char* sql;
    const char* says;
  };
  for (const Case& other :
       {Case{"CREATE TABLE photos (x)", "no database of loadline"},
        Case{"PRAGMA user_version = 1", "no database of loadline"},
        Case{"PRAGMA application_id = 5", "no database of loadline"},
        Case{"PRAGMA application_id = 1280074850; CREATE TABLE run (x)", "has no version"},
        Case{"PRAGMA application_id = 1280074850; PRAGMA user_version = -4", "has no version"},
        Case{"PRAGMA application_id = 1280074850; PRAGMA user_version = 1", "no such table"}}) {
    CAPTURE(other.sql);
    const TempDir dir;
    const std::string path = dir.path("loadline.db");
    SQLite::Database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(other.sql);
    const auto opened = SqliteStore::open(path);
    REQUIRE_FALSE(opened.has_value());
    CHECK(opened.error().kind == ErrorKind::kCorrupt);
    CHECK_THAT(opened.error().message, test::contains(other.says));
  }
}

}  // namespace loadline
