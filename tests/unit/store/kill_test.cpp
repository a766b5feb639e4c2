// SIGKILL at any moment: what is found afterwards is the state before or after a batch.
#include <time.h>

#include "processes.hpp"
#include "states.hpp"
#include "store/sqlite_store.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

namespace loadline {
namespace {

using test::Everything;
using test::RandomStates;
using test::TempDir;

constexpr int kRounds = 30;
constexpr int kMostSteps = 200;

/// The same sequence of states in the child that stores them and in the parent that compares.
class Story {
 public:
  explicit Story(std::uint64_t seed) : random_(seed) {}

  /// Every fourth step drops a day, the others read on.
  Result<void> step(ProfileStore* store) {
    if (++steps_ == 1) {
      all_ = random_.state(25);
      return store == nullptr ? Result<void>{} : store->save(test::batch_of(all_));
    }
    if (steps_ % 4 != 0) {
      const StateBatch batch = random_.read_on(all_);
      return store == nullptr ? Result<void>{} : store->save(batch);
    }
    const std::int32_t first_day = test::kFirstDay + steps_ / 4;
    const auto runs = all_.drop_before(first_day);
    return store == nullptr ? Result<void>{} : store->drop(first_day, runs, {});
  }
  [[nodiscard]] bool is(const StoredState& state) const { return test::same(all_, state); }

 private:
  RandomStates random_;
  Everything all_{};
  int steps_ = 0;
};

void tell_story(const std::string& path, std::uint64_t seed, int fd) {
  auto opened = SqliteStore::open(path);
  if (!opened) return;
  // Half of the rounds copy the log into the file all the time, so that kills fall there too.
  if (seed % 2 == 0)
    static_cast<SqliteStore&>(*opened->store).database().execAndGet("PRAGMA wal_autocheckpoint=2");
  Story story(seed);
  for (int i = 0; i < kMostSteps; ++i)
    if (story.step(opened->store.get())) test::tell(fd, ".");
}

void wait_a_little(std::uint64_t microseconds) {
  const timespec time{.tv_sec = 0, .tv_nsec = static_cast<long>(microseconds * 1000)};
  ::nanosleep(&time, nullptr);
}

/// Steps that were acknowledged before the kill.
int run_and_kill(const std::string& path, std::uint64_t seed) {
  RandomStates chance(seed + 1000);
  test::Child child([&](int fd) { tell_story(path, seed, fd); });
  int steps = 0;
  for (std::uint64_t n = chance.below(8); n > 0 && child.wait_for_byte(); --n) ++steps;
  wait_a_little(chance.below(12'000));
  return steps + static_cast<int>(child.kill_now().size());
}

}  // namespace

TEST_CASE("a kill in the middle of saving leaves the state before or after a batch") {
  for (std::uint64_t seed = 0; seed < kRounds; ++seed) {
    CAPTURE(seed);
    const TempDir dir;
    const std::string path = dir.path("loadline.db");
    const int acknowledged = run_and_kill(path, seed);
    const auto opened = SqliteStore::open(path);
    REQUIRE(opened.has_value());
    Story story(seed);
    for (int i = 0; i < acknowledged; ++i) REQUIRE(story.step(nullptr).has_value());
    const bool is_before = story.is(opened->state);
    REQUIRE(story.step(nullptr).has_value());
    CHECK((is_before || story.is(opened->state)));
  }
}

}  // namespace loadline
