#include "loadline/service/board.hpp"

#include <thread>

#include "support/catch.hpp"
#include "support/matchers.hpp"

namespace loadline {
namespace {

const TimePoint kNow = TimePoint(Milliseconds(1'795'536'057'000));

ServiceStatus steady() {
  return {.phase = Phase::kSteady,
          .max_age = std::chrono::minutes(15),
          .last_success = kNow - std::chrono::minutes(15)};
}

TEST_CASE("a fresh and complete snapshot is ready, up to its greatest age") {
  CHECK(readiness_of(steady(), true, kNow).ready);
  CHECK_THAT(readiness_of(steady(), true, kNow).why, test::contains("2026-11-24T15:45:57Z"));
  CHECK_FALSE(readiness_of(steady(), true, kNow + Milliseconds(1)).ready);
  CHECK(readiness_of(steady(), true, kNow - std::chrono::hours(1)).ready);
}

TEST_CASE("whoever is not ready says why") {
  struct Case {
    ServiceStatus status{};
    bool has_snapshot = false;
    const char* why = "";
  };
  const std::vector<Case> cases{
      {{.phase = Phase::kStarting}, false, "stored profiles are being read"},
      {{.phase = Phase::kBackfill}, false, "has not begun"},
      {{.phase = Phase::kBackfill, .groups_done = 12, .groups_total = 32}, false, "12 of 32"},
      {{.phase = Phase::kBackfill, .last_error = "refused"}, false, "cycle failed: refused"},
      {{.phase = Phase::kSteady, .last_error = "refused"}, true, "no cycle has succeeded yet"},
      {{.phase = Phase::kSteady, .last_error = "refused", .last_success = TimePoint{}},
       true,
       "1970-01-01T00:00:00Z, more than 0s ago; the last cycle failed: refused"},
      {{.phase = Phase::kStopping, .last_success = kNow}, true, "stopping"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.why);
    const Readiness readiness = readiness_of(one.status, one.has_snapshot, kNow);
    CHECK_FALSE(readiness.ready);
    CHECK_THAT(readiness.why, test::contains(one.why));
  }
}

TEST_CASE("phases have names") {
  CHECK(to_string(Phase::kStarting) == "starting");
  CHECK(to_string(Phase::kBackfill) == "backfill");
  CHECK(to_string(Phase::kSteady) == "steady");
  CHECK(to_string(Phase::kStopping) == "stopping");
}

TEST_CASE("the board shows the latest snapshot, and a reader keeps the one it has") {
  Board board;
  CHECK(board.snapshot() == nullptr);
  board.publish(std::make_shared<const Snapshot>(Snapshot{.generation = 1}));
  const auto first = board.snapshot();
  board.publish(std::make_shared<const Snapshot>(Snapshot{.generation = 2}));
  CHECK(first->generation == 1);
  CHECK(board.snapshot()->generation == 2);
}

TEST_CASE("readers see whole states while the writer changes them") {
  Board board;
  std::jthread writer([&board] {
    for (std::uint64_t i = 1; i <= 1000; ++i) {
      board.update([i](ServiceStatus& status) {
        status.cycles = i;
        status.samples_read = 2 * i;
      });
      board.publish(std::make_shared<const Snapshot>(Snapshot{.generation = i}));
    }
  });
  std::uint64_t last = 0;
  while (last < 1000) {
    const ServiceStatus status = board.status();
    REQUIRE(status.samples_read == 2 * status.cycles);
    const auto snapshot = board.snapshot();
    if (!snapshot) continue;
    REQUIRE(snapshot->generation >= last);
    last = snapshot->generation;
  }
}

}  // namespace
}  // namespace loadline
