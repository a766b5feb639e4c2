// Files that a disk has damaged: set aside or as they were, never a wrong number.
#include <fstream>
#include <iterator>

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

const TimePoint kNow = from_unix_ms(1'764'001'257'123);

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A file of many pages, some of them free, and what is in it.
struct Stored {
  Everything all{};
  std::string bytes{};
};

Stored stored(std::uint64_t seed) {
  const TempDir dir;
  RandomStates random(seed);
  Stored made{.all = random.state(60)};
  {
    auto opened = SqliteStore::open(dir.path("loadline.db"));
    REQUIRE(opened.has_value());
    REQUIRE(opened->store->save(test::batch_of(made.all)).has_value());
    const auto runs = made.all.drop_before(test::kFirstDay + 2);
    REQUIRE(opened->store->drop(test::kFirstDay + 2, runs, {}).has_value());
    REQUIRE(opened->store->save(random.read_on(made.all)).has_value());
  }
  made.bytes = bytes_of(dir.path("loadline.db"));
  return made;
}

bool is_refused(const Error& error) {
  return error.kind == ErrorKind::kCorrupt || error.kind == ErrorKind::kUnsupported;
}

/// Opens the bytes as a store: refused, or what was stored; and the same again after writing on.
void check_never_wrong(const TempDir& dir, const std::string& bytes, Stored& truth) {
  const std::string path = dir.write("loadline.db", bytes);
  std::filesystem::remove(path + "-wal");
  {
    auto opened = SqliteStore::open(path);
    if (!opened) {
      CHECK(is_refused(opened.error()));
      return;
    }
    REQUIRE(test::same(truth.all, opened->state));
    const auto saved = opened->store->save(test::batch_of(truth.all));
    if (!saved) {
      CHECK(is_refused(saved.error()));
      return;
    }
  }
  auto again = SqliteStore::open(path);
  if (again) {
    CHECK(test::same(truth.all, again->state));
  } else {
    CHECK(is_refused(again.error()));
  }
}

std::size_t files_like(const TempDir& dir, const std::string& part) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(dir.path("")))
    count += entry.path().filename().string().find(part) != std::string::npos ? 1 : 0;
  return count;
}

}  // namespace

TEST_CASE("a bit flipped anywhere is noticed or of no consequence") {
  const TempDir dir;
  Stored truth = stored(1);
  REQUIRE(truth.bytes.size() > 10 * 16'384);
  RandomStates chance(2);
  // All of SQLite's header, then a byte here and there.
  for (std::size_t at = 0; at < truth.bytes.size(); at += at < 100 ? 1 : 1 + chance.below(2'500)) {
    CAPTURE(at);
    std::string bytes = truth.bytes;
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << chance.below(8)));
    check_never_wrong(dir, bytes, truth);
  }
}

TEST_CASE("bytes overwritten at the head of each page are noticed") {
  const TempDir dir;
  Stored truth = stored(3);
  RandomStates chance(4);
  for (std::size_t page = 0; page < truth.bytes.size(); page += 16'384) {
    for (std::size_t at = page; at < page + 48; at += 1 + chance.below(12)) {
      CAPTURE(at);
      std::string bytes = truth.bytes;
      bytes[at] = static_cast<char>(chance.below(256));
      check_never_wrong(dir, bytes, truth);
    }
  }
}

TEST_CASE("two pages that have changed places, or one zeroed, are noticed") {
  const TempDir dir;
  Stored truth = stored(5);
  constexpr std::size_t kPage = 16'384;
  for (std::size_t page = kPage; page + kPage < truth.bytes.size(); page += kPage) {
    CAPTURE(page);
    std::string swapped = truth.bytes;
    std::swap_ranges(swapped.begin() + static_cast<std::ptrdiff_t>(page),
                     swapped.begin() + static_cast<std::ptrdiff_t>(page + kPage),
                     swapped.end() - static_cast<std::ptrdiff_t>(kPage));
    check_never_wrong(dir, swapped, truth);
    std::string zeroed = truth.bytes;
    zeroed.replace(page, kPage, kPage, '\0');
    check_never_wrong(dir, zeroed, truth);
  }
}

TEST_CASE("a file cut anywhere is noticed, and an empty one is a new one") {
  const TempDir dir;
  Stored truth = stored(6);
  RandomStates chance(7);
  for (std::size_t size = 1; size < truth.bytes.size(); size += 1 + chance.below(5'000)) {
    CAPTURE(size);
    const std::string path = dir.write("loadline.db", truth.bytes.substr(0, size));
    const auto opened = SqliteStore::open(path);
    if (opened) {
      CHECK(test::same(truth.all, opened->state));
    } else {
      CHECK(is_refused(opened.error()));
    }
  }
  const auto opened = SqliteStore::open(dir.write("loadline.db", ""));
  REQUIRE(opened.has_value());
  CHECK(test::same(Everything{}, opened->state));
}

TEST_CASE("a log cut or damaged gives a state that was once stored") {
  const TempDir dir;
  Everything first = RandomStates(8).state(8);
  RandomStates random(9);
  std::string file;
  std::string log;
  {
    auto opened = SqliteStore::open(dir.path("loadline.db"));
    REQUIRE(opened->store->save(test::batch_of(first)).has_value());
  }
  Everything second = RandomStates(8).state(8);
  {
    auto opened = SqliteStore::open(dir.path("loadline.db"));
    REQUIRE(opened->store->save(random.read_on(second)).has_value());
    file = bytes_of(dir.path("loadline.db"));
    log = bytes_of(dir.path("loadline.db-wal"));
  }
  REQUIRE(log.size() > 16'384);
  const TempDir copy;
  for (std::size_t at = 0; at < log.size(); at += 1 + random.below(3'000)) {
    CAPTURE(at);
    copy.write("loadline.db", file);
    std::string damaged = random.below(2) == 0 ? log.substr(0, at) : log;
    if (damaged.size() > at) damaged[at] = static_cast<char>(damaged[at] ^ 4);
    copy.write("loadline.db-wal", damaged);
    const auto opened = SqliteStore::open(copy.path("loadline.db"));
    REQUIRE(opened.has_value());
    CHECK((test::same(first, opened->state) || test::same(second, opened->state)));
  }
}

TEST_CASE("a log that a kill has left is replayed") {
  const TempDir dir;
  const Everything all = RandomStates(10).state(8);
  std::string file;
  std::string log;
  {
    auto opened = SqliteStore::open(dir.path("loadline.db"));
    REQUIRE(opened->store->save(test::batch_of(all)).has_value());
    file = bytes_of(dir.path("loadline.db"));
    log = bytes_of(dir.path("loadline.db-wal"));
  }
  dir.write("loadline.db", file);
  dir.write("loadline.db-wal", log);
  CHECK(test::same(all, SqliteStore::open(dir.path("loadline.db"))->state));
}

TEST_CASE("a damaged file is set aside with its log, and a new one begun") {
  const TempDir dir;
  dir.write("loadline.db",
            "this is no database, but long enough to be taken for one" + std::string(1'000, 'x'));
  dir.write("loadline.db-wal", "its log");
  const auto opened = open_store(dir.path(""), kNow);
  REQUIRE(opened.has_value());
  CHECK(test::same(Everything{}, opened->state));
  const std::string aside = dir.path("loadline.db.damaged-20251124T162057Z");
  CHECK_THAT(opened->set_aside, test::contains(aside));
  CHECK_THAT(opened->set_aside, test::contains("file is not a database"));
  CHECK_THAT(bytes_of(aside), test::starts_with("this is no database"));
  CHECK(bytes_of(aside + "-wal") == "its log");
  CHECK(opened->store->save(test::batch_of(RandomStates(11).state(2))).has_value());
}

TEST_CASE("a newer file is set aside under a name of its own") {
  const TempDir dir;
  REQUIRE(open_store(dir.path(""), kNow).has_value());
  SQLite::Database(dir.path("loadline.db"), SQLite::OPEN_READWRITE).exec("PRAGMA user_version=99");
  const auto opened = open_store(dir.path(""), kNow);
  REQUIRE(opened.has_value());
  CHECK_THAT(opened->set_aside, test::contains("loadline.db.newer-20251124T162057Z"));
  CHECK_THAT(opened->set_aside, test::contains("schema version 99 is newer"));
  CHECK(open_store(dir.path("other"), kNow)->set_aside.empty());
}

TEST_CASE("rows that do not fit together are set aside, each by name") {
  struct Case {
    const char* sql;
    const char* says;
  };
  for (const Case& damage :
       {Case{"DELETE FROM usage_day WHERE key = (SELECT max(key) FROM usage_day)", "missing"},
        Case{"DELETE FROM run", "rows of run"}, Case{"DELETE FROM tally", "row counts"},
        Case{"DELETE FROM meta", "rows of meta"}, Case{"DELETE FROM mark", "rows of mark"},
        Case{"DELETE FROM workload", "rows of workload"},
        Case{"DELETE FROM container WHERE id = 3", "its container is missing"},
        Case{"UPDATE container SET workload = x'00' WHERE id = 2", "row 2 of container"},
        Case{"UPDATE container SET id = -4 WHERE id = 1", "row -4 of container"},
        Case{"UPDATE container SET owner_source = 1 - owner_source", "checksum"},
        Case{"UPDATE usage_day SET key = key + 4294967296 * 50", "checksum"},
        Case{"UPDATE run SET container_id = 1 + container_id % 5", "of run is damaged"},
        Case{"UPDATE mark SET up_to_ms = up_to_ms + 1", "of mark is damaged"},
        Case{"UPDATE workload SET data = zeroblob(8)", "of workload is damaged"},
        Case{"UPDATE meta SET data = x'' WHERE name = 'header'", "row header of meta"},
        Case{"UPDATE meta SET data = x'' WHERE name = 'bounds'", "row bounds of meta"},
        Case{"UPDATE meta SET name = 'other' WHERE name = 'bounds'", "of meta is damaged"},
        Case{"DROP TABLE run", "no such table"}}) {
    CAPTURE(damage.sql);
    const TempDir dir;
    {
      const auto opened = open_store(dir.path(""), kNow);
      REQUIRE(opened->store->save(test::batch_of(RandomStates(12).state(6))).has_value());
    }
    SQLite::Database(dir.path("loadline.db"), SQLite::OPEN_READWRITE).exec(damage.sql);
    const auto opened = open_store(dir.path(""), kNow);
    REQUIRE(opened.has_value());
    CHECK_THAT(opened->set_aside, test::contains(damage.says));
    CHECK(test::same(Everything{}, opened->state));
  }
}

TEST_CASE("three files that were set aside are kept, the latest") {
  const TempDir dir;
  for (int day = 0; day < 6; ++day) {
    dir.write("loadline.db", "damaged on day " + std::to_string(day) + std::string(600, ' '));
    dir.write("loadline.db-wal", "log");
    const auto opened = open_store(dir.path(""), kNow + std::chrono::days(day));
    REQUIRE(opened.has_value());
  }
  CHECK(files_like(dir, "damaged-") == 6);  // three files, three logs
  CHECK_FALSE(std::filesystem::exists(dir.path("loadline.db.damaged-20251126T162057Z")));
  CHECK_THAT(bytes_of(dir.path("loadline.db.damaged-20251127T162057Z")),
             test::contains("damaged on day 3"));
}

TEST_CASE("two files set aside in one second are two") {
  const TempDir dir;
  for (const char* content : {"first", "second"}) {
    dir.write("loadline.db", content + std::string(600, ' '));
    REQUIRE(open_store(dir.path(""), kNow).has_value());
  }
  CHECK_THAT(bytes_of(dir.path("loadline.db.damaged-20251124T162057Z")), test::contains("first"));
  CHECK_THAT(bytes_of(dir.path("loadline.db.damaged-20251124T162057Z.2")),
             test::contains("second"));
}

}  // namespace loadline
