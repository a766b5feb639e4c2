#include "loadline/store/profile_store.hpp"

#include <sys/stat.h>

#include "states.hpp"
#include "support/catch.hpp"
#include "support/matchers.hpp"
#include "support/temp_dir.hpp"

namespace loadline {
namespace {

using test::Everything;
using test::kFirstDay;
using test::RandomStates;
using test::TempDir;

const TimePoint kNow = from_unix_ms(1'764'001'257'123);  // 2025-11-24T16:20:57.123Z

OpenedStore open_at(const TempDir& dir) {
  auto opened = open_store(dir.path("state"), kNow);
  if (!opened) FAIL(opened.error().message);
  return std::move(*opened);
}

mode_t mode_of(const std::string& path) {
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  return info.st_mode & 0777U;
}

void must(const Result<void>& result) {
  if (!result) FAIL(result.error().message);
}

/// A day more for each of 300 containers.
StateBatch next_day(UsageState& state, std::int32_t day) {
  StateBatch batch;
  for (int i = 0; i < 300; ++i) {
    ContainerEntry& entry = state.container({.container = std::to_string(i)});
    auto& days = entry.second.resources[Resource::kCpu].days;
    days.push_back({.day = day, .scrapes_seen = 1});
    for (int n = 0; n < 20; ++n) days.back().sketch.add(1 + 0.1 * n);
    batch.touched.days.push_back({.container = &entry, .day = day});
  }
  return batch;
}

}  // namespace

TEST_CASE("an empty store gives an empty state, in files for this user alone") {
  const TempDir dir;
  const OpenedStore opened = open_at(dir);
  CHECK(opened.set_aside.empty());
  CHECK(test::same(Everything{}, opened.state));
  CHECK(opened.state.usage.next_container_id == 1);
  CHECK(mode_of(dir.path("state")) == 0700);
  CHECK(mode_of(dir.path("state/loadline.db")) == 0600);
  CHECK(mode_of(dir.path("state/loadline.db-wal")) == 0600);
}

TEST_CASE("what is saved comes back bit for bit, hostile names included") {
  for (std::uint64_t seed = 0; seed < 15; ++seed) {
    CAPTURE(seed);
    const TempDir dir;
    RandomStates random(seed);
    const Everything all = random.state(random.below(12));
    must(open_at(dir).store->save(test::batch_of(all)));
    const OpenedStore again = open_at(dir);
    CHECK(again.set_aside.empty());
    CHECK(test::same(all, again.state));
    CHECK(again.state.usage.next_container_id == all.usage.next_container_id);
  }
}

TEST_CASE("save after save, the store holds what is in memory") {
  for (std::uint64_t seed = 100; seed < 105; ++seed) {
    CAPTURE(seed);
    const TempDir dir;
    RandomStates random(seed);
    Everything all = random.state(5);
    for (int reopened = 0; reopened < 3; ++reopened) {
      const OpenedStore opened = open_at(dir);
      if (reopened == 0) must(opened.store->save(test::batch_of(all)));
      for (int saves = 0; saves < 4; ++saves) must(opened.store->save(random.read_on(all)));
      const auto loaded = opened.store->load();
      REQUIRE(loaded.has_value());
      CHECK(test::same(all, *loaded));
    }
    CHECK(test::same(all, open_at(dir).state));
  }
}

TEST_CASE("a batch writes what it names and leaves the rest") {
  const TempDir dir;
  RandomStates random(7);
  Everything all = random.state(6);
  const OpenedStore opened = open_at(dir);
  must(opened.store->save(test::batch_of(all)));
  const std::string name = all.marks.begin()->first;
  all.marks[name] += Milliseconds(5);
  must(opened.store->save({.marks = {{name, all.marks[name]}}}));
  all.header.fingerprint = "other";
  must(opened.store->save({.header = all.header}));
  CHECK(test::same(all, *opened.store->load()));
}

TEST_CASE("a container whose owner becomes known is written anew") {
  const TempDir dir;
  Everything all = RandomStates(8).state(1);
  const OpenedStore opened = open_at(dir);
  ContainerEntry& entry = *all.usage.profiles.begin();
  entry.second.owner_source = OwnerSource::kPodName;
  must(opened.store->save(test::batch_of(all)));
  entry.second.owner_source = OwnerSource::kKubeStateMetrics;
  must(opened.store->save(test::batch_of(all)));
  CHECK(test::same(all, *opened.store->load()));
  CHECK(opened.store->size().containers == 1);
}

TEST_CASE("a day that is in neither resource is not written, nor its container") {
  const TempDir dir;
  UsageState state;
  const ContainerEntry& entry = state.container({.container = "app"});
  const OpenedStore opened = open_at(dir);
  StateBatch batch;
  batch.touched.days.push_back({.container = &entry, .day = kFirstDay});
  must(opened.store->save(batch));
  CHECK(opened.store->size().containers == 0);
  CHECK(opened.store->load()->usage.profiles.empty());
}

TEST_CASE("dropping days leaves in the store what it leaves in memory") {
  for (std::uint64_t seed = 200; seed < 210; ++seed) {
    CAPTURE(seed);
    const TempDir dir;
    RandomStates random(seed);
    Everything all = random.state(10);
    const OpenedStore opened = open_at(dir);
    must(opened.store->save(test::batch_of(all)));
    const std::int32_t first_day = kFirstDay + static_cast<std::int32_t>(random.below(8));
    const auto runs = all.drop_before(first_day);
    const WorkloadKey gone = all.workloads.begin()->first;
    all.workloads.erase(gone);
    must(opened.store->drop(first_day, runs, {gone}));
    CHECK(test::same(all, *opened.store->load()));
    must(opened.store->save(random.read_on(all)));
    CHECK(test::same(all, *opened.store->load()));
  }
}

TEST_CASE("clearing forgets everything, and what follows is stored") {
  const TempDir dir;
  RandomStates random(9);
  const OpenedStore opened = open_at(dir);
  must(opened.store->save(test::batch_of(random.state(5))));
  must(opened.store->clear());
  CHECK(test::same(Everything{}, *opened.store->load()));
  CHECK(opened.store->size().days == 0);
  const Everything other = random.state(3);
  must(opened.store->save(test::batch_of(other)));
  CHECK(test::same(other, *opened.store->load()));
}

TEST_CASE("the size counts rows and the bytes of file and log") {
  const TempDir dir;
  const Everything all = RandomStates(10).state(20);
  const OpenedStore opened = open_at(dir);
  must(opened.store->save(test::batch_of(all)));
  const StoreSize size = opened.store->size();
  CHECK(size.containers == all.usage.profiles.size());
  CHECK(size.runs == all.usage.runs.size());
  CHECK(size.days == test::batch_of(all).touched.days.size());
  CHECK(size.file_bytes == std::filesystem::file_size(dir.path("state/loadline.db")) +
                               std::filesystem::file_size(dir.path("state/loadline.db-wal")));
}

TEST_CASE("space that a day has left is used again") {
  const TempDir dir;
  const std::string path = dir.path("state/loadline.db");
  UsageState state;
  std::uintmax_t after_five_days = 0;
  for (std::int32_t day = 0; day < 16; ++day) {
    const OpenedStore opened = open_at(dir);  // closed at the end: the log is in the file then
    must(opened.store->save(next_day(state, day)));
    must(opened.store->drop(day - 2, state.drop_before(day - 2), {}));
    if (day == 5) after_five_days = std::filesystem::file_size(path);
  }
  CHECK(open_at(dir).store->size().days == 3U * 300U);
  CHECK(after_five_days > 60'000);
  CHECK(std::filesystem::file_size(path) <= after_five_days * 5 / 4);
}

TEST_CASE("the store in memory keeps nothing and never fails") {
  const OpenedStore opened = memory_store();
  const Everything all = RandomStates(11).state(2);
  must(opened.store->save(test::batch_of(all)));
  must(opened.store->drop(kFirstDay, {}, {}));
  must(opened.store->clear());
  CHECK(test::same(Everything{}, *opened.store->load()));
  CHECK(opened.store->size().file_bytes == 0);
}

}  // namespace loadline
