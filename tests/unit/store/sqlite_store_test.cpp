// What the disk and other processes do to an open store.
#include "store/sqlite_store.hpp"

#include <sys/resource.h>

#include <csignal>

#include "processes.hpp"
#include "states.hpp"
#include "support/catch.hpp"
#include "support/matchers.hpp"
#include "support/temp_dir.hpp"

namespace loadline {
namespace {

using test::Everything;
using test::RandomStates;
using test::TempDir;

OpenedStore open_at(const std::string& path) {
  auto opened = SqliteStore::open(path);
  if (!opened) FAIL(opened.error().message);
  return std::move(*opened);
}

SQLite::Database& database_of(const OpenedStore& opened) {
  return static_cast<SqliteStore&>(*opened.store).database();
}

void let_grow(const OpenedStore& opened, const char* pages) {
  database_of(opened).execAndGet(std::string("PRAGMA max_page_count = ") + pages);
}

/// No file of this process may grow beyond `bytes`: what a quota or a full disk is like.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{.rlim_cur = bytes, .rlim_max = before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &before_); }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
};

}  // namespace

TEST_CASE("a full disk is an error, stores nothing, and the same batch is taken later") {
  const TempDir dir;
  RandomStates random(1);
  Everything first = random.state(3);
  const OpenedStore opened = open_at(dir.path("loadline.db"));
  REQUIRE(opened.store->save(test::batch_of(first)).has_value());
  const Everything big = random.state(400);
  REQUIRE(opened.store->clear().has_value());
  REQUIRE(opened.store->save(test::batch_of(first)).has_value());
  let_grow(opened, "20");
  for (int tries = 0; tries < 3; ++tries) {
    const auto saved = opened.store->save(test::batch_of(big));
    REQUIRE_FALSE(saved.has_value());
    CHECK(saved.error().kind == ErrorKind::kInternal);
    CHECK_THAT(saved.error().message, test::contains("loadline.db: database or disk is full"));
    CHECK_THAT(saved.error().message, test::contains("free space"));
    CHECK(test::same(first, *opened.store->load()));
  }
  let_grow(opened, "100000");
  REQUIRE(opened.store->clear().has_value());
  REQUIRE(opened.store->save(test::batch_of(big)).has_value());
  CHECK(test::same(big, *opened.store->load()));
}

TEST_CASE("a failed batch leaves nothing behind, so that a part of it may come later") {
  const TempDir dir;
  Everything all = RandomStates(2).state(300);
  {
    const OpenedStore opened = open_at(dir.path("loadline.db"));
    let_grow(opened, "12");
    REQUIRE_FALSE(opened.store->save(test::batch_of(all)).has_value());
    CHECK(opened.store->size().containers == 0);
    let_grow(opened, "100000");
    // Containers of the failed batch were not stored: they must be written with their runs now.
    StateBatch runs;
    runs.touched.runs = test::runs_of(all.usage);
    REQUIRE(opened.store->save(runs).has_value());
  }
  const OpenedStore again = open_at(dir.path("loadline.db"));
  CHECK(again.state.usage.runs.size() == all.usage.runs.size());
  CHECK(again.state.usage.profiles.size() == all.usage.profiles.size());
}

TEST_CASE("a write that the system refuses is an error, and the store goes on afterwards") {
  const TempDir dir;
  RandomStates random(3);
  const Everything first = random.state(3);
  const Everything both = random.state(400);
  const OpenedStore opened = open_at(dir.path("loadline.db"));
  REQUIRE(opened.store->save(test::batch_of(first)).has_value());
  {
    const FileSizeLimit limit(opened.store->size().file_bytes);
    const auto saved = opened.store->save(test::batch_of(both));
    REQUIRE_FALSE(saved.has_value());
    CHECK(saved.error().kind == ErrorKind::kInternal);
    CHECK_THAT(saved.error().message, test::contains("look at the volume"));
    CHECK(test::same(first, *opened.store->load()));
  }
  REQUIRE(opened.store->clear().has_value());
  REQUIRE(opened.store->save(test::batch_of(both)).has_value());
  CHECK(test::same(both, *opened.store->load()));
}

TEST_CASE("a store that has become read-only says so, and goes on once it is not") {
  const TempDir dir;
  const Everything all = RandomStates(4).state(2);
  const OpenedStore opened = open_at(dir.path("loadline.db"));
  database_of(opened).exec("PRAGMA query_only = ON");
  const auto saved = opened.store->save(test::batch_of(all));
  REQUIRE_FALSE(saved.has_value());
  CHECK(saved.error().kind == ErrorKind::kInternal);
  CHECK_THAT(saved.error().message, test::contains("make the volume and the file writable"));
  CHECK_FALSE(opened.store->clear().has_value());
  database_of(opened).exec("PRAGMA query_only = OFF");
  CHECK(opened.store->save(test::batch_of(all)).has_value());
}

TEST_CASE("a second process is told who has the store, and once that one is gone it gets it") {
  const TempDir dir;
  const auto open_elsewhere = [&] {
    return test::Child([&](int fd) {
             const auto opened = open_store(dir.path(""), TimePoint{});
             test::tell(fd, opened ? "opened" : opened.error().message);
           })
        .read_all();
  };
  {
    const OpenedStore opened = open_at(dir.path("loadline.db"));
    const std::string message = open_elsewhere();
    CHECK_THAT(message, test::contains("loadline.db"));
    CHECK_THAT(message, test::contains("used by another process, probably another loadline serve"));
    CHECK_THAT(message, test::contains("--state-dir"));
    const auto again = open_store(dir.path(""), TimePoint{});
    REQUIRE_FALSE(again.has_value());
    CHECK(again.error().kind == ErrorKind::kInvalidInput);
    CHECK(opened.store->save(test::batch_of(RandomStates(5).state(2))).has_value());
  }
  CHECK(open_elsewhere() == "opened");
}

TEST_CASE("no memory is shared with other processes: no -shm file stands beside the store") {
  const TempDir dir;
  const OpenedStore opened = open_at(dir.path("loadline.db"));
  REQUIRE(opened.store->save(test::batch_of(RandomStates(6).state(2))).has_value());
  CHECK(std::filesystem::exists(dir.path("loadline.db-wal")));
  CHECK_FALSE(std::filesystem::exists(dir.path("loadline.db-shm")));
  CHECK_FALSE(std::filesystem::exists(dir.path("loadline.db-journal")));
}

TEST_CASE("the write-ahead log stays bounded however much is written") {
  const TempDir dir;
  Everything all = RandomStates(7).state(200);
  const OpenedStore opened = open_at(dir.path("loadline.db"));
  database_of(opened).execAndGet("PRAGMA wal_autocheckpoint = 16");
  std::uintmax_t largest = 0;
  for (int i = 0; i < 20; ++i) {
    REQUIRE(opened.store->save(test::batch_of(all)).has_value());
    largest = std::max(largest, std::filesystem::file_size(dir.path("loadline.db-wal")));
  }
  CHECK(largest < 3'000'000);
}

}  // namespace loadline
