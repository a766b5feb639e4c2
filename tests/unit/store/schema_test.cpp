#include "store/schema.hpp"

#include <SQLiteCpp/Statement.h>

#include <string>
#include <vector>

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
std::vector<SchemaStep> with_one_more(const char* sql) {
  std::vector<SchemaStep> steps(schema_steps().begin(), schema_steps().end());
  steps.push_back(SchemaStep{sql});
  return steps;
}

const int kVersion = static_cast<int>(schema_steps().size());

/// Takes from the file what this version has beyond an older one.
void make_older(const std::string& path, int version) {
  SQLite::Database db(path, SQLite::OPEN_READWRITE);
  db.exec("ALTER TABLE container DROP COLUMN pod");
  db.exec("PRAGMA user_version = " + std::to_string(version));
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
  CHECK(version_of(path) == kVersion + 1);
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
  {
    const auto old = SqliteStore::open(path);
    REQUIRE(old.has_value());
    REQUIRE(old->store->save(batch).has_value());
  }
  make_older(path, 1);
  {
    const auto opened = SqliteStore::open(path);
    REQUIRE(opened.has_value());
    CHECK(test::same(all, opened->state));
  }
  CHECK(version_of(path) == kVersion);
}

TEST_CASE("a file of version 2 knows no pods that are kept apart, and is read whole") {
  const TempDir dir;
  const std::string path = dir.path("loadline.db");
  const Everything all = stored_at(path);
  make_older(path, 2);
  {
    const auto opened = SqliteStore::open(path);
    REQUIRE(opened.has_value());
    CHECK(test::same(all, opened->state));
  }
  CHECK(version_of(path) == kVersion);
}

TEST_CASE("pods that are kept apart come back as they were") {
  const TempDir dir;
  const std::string path = dir.path("loadline.db");
  Everything all = RandomStates(3).state(2);
  const ContainerKey key = all.usage.profiles.begin()->first;
  for (const char* pod : {"web-0", "web-1"}) {
    ContainerEntry& entry = all.usage.container({key.workload, key.container, pod});
    entry.second.resources = all.usage.profiles.at(key).resources;
  }
  {
    const auto fresh = SqliteStore::open(path);
    REQUIRE(fresh.has_value());
    REQUIRE(fresh->store->save(test::batch_of(all)).has_value());
  }
  const auto opened = SqliteStore::open(path);
  REQUIRE(opened.has_value());
  CHECK(test::same(all, opened->state));
  CHECK(opened->state.usage.profiles.contains({key.workload, key.container, "web-1"}));
}

TEST_CASE("a step that fails leaves the file as it was") {
  const TempDir dir;
  const std::string path = dir.path("loadline.db");
  const Everything all = stored_at(path);
  const auto steps = with_one_more("CREATE TABLE extra (x); INSERT INTO absent VALUES (1);");
  CHECK_FALSE(SqliteStore::open(path, steps).has_value());
  CHECK(version_of(path) == kVersion);
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
  CHECK_THAT(opened.error().message,
             test::contains("version " + std::to_string(kVersion + 1) +
                            " is newer than this loadline's " + std::to_string(kVersion)));
  CHECK(version_of(path) == kVersion + 1);
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
