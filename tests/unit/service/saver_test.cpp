#include "service/saver.hpp"

#include "support/catch.hpp"

namespace loadline::service {
namespace {

const TimePoint kNoon = from_unix_ms(1'700'000'000'000);

/// Records what is written; fails as often as it is told to.
class RecordingStore final : public ProfileStore {
 public:
  struct Record {
    std::vector<StateBatch> batches{};
    int failures = 0;
    bool is_cleared = false;
  };
  explicit RecordingStore(Record& record) : record_(record) {}

  Result<StoredState> load() override { return StoredState{}; }
  Result<void> save(const StateBatch& batch) override {
    if (record_.failures-- > 0) return fail(ErrorKind::kInternal, "the disk is full");
    record_.batches.push_back(batch);
    return {};
  }
  Result<void> drop(std::int32_t, const std::vector<RunId>&,
                    const std::vector<WorkloadKey>&) override {
    return {};
  }
  Result<void> clear() override {
    record_.is_cleared = true;
    return {};
  }
  [[nodiscard]] StoreSize size() const override { return {}; }

 private:
  Record& record_;
};

struct World {
  /// A run whose last sample lies on `day`, of a container with that day.
  void touch(UsageState& state, std::uint8_t number, std::int32_t day, Changes& changes) {
    ContainerEntry& container = state.container({{"", "shop", "Pod", std::to_string(number)}, "a"});
    RunId id;
    id.bytes[0] = number;
    RunEntry& run = *state.runs.try_emplace(id).first;
    run.second.container = &container;
    run.second.tracks[Resource::kCpu].last_ms = to_unix_ms(start_of_day(day)) + 5;
    changes.touched.add({.runs = {&run}, .days = {{&container, day}}});
  }

  RecordingStore::Record record{};
  KnownWorkloads known{};
  Saver saver{std::make_unique<RecordingStore>(record), known};
};

}  // namespace

TEST_CASE("what could not be saved goes out together with what comes next") {
  World world;
  UsageState state;
  Changes first{.marks = {{"shop", kNoon}, {"web", kNoon}}};
  world.touch(state, 1, 100, first);
  Changes second{.marks = {{"shop", kNoon + Milliseconds(1)}}};
  world.touch(state, 2, 101, second);
  world.record.failures = 1;
  CHECK_FALSE(world.saver.save(first));
  CHECK(world.saver.save(second));
  REQUIRE(world.record.batches.size() == 1);
  const StateBatch& batch = world.record.batches.front();
  CHECK(batch.touched.runs.size() == 2);
  CHECK(batch.touched.days.size() == 2);
  CHECK(batch.marks == Marks{{"shop", kNoon + Milliseconds(1)}, {"web", kNoon}});
  CHECK(world.saver.save({}));
  CHECK(world.record.batches.back().touched.empty());
}

TEST_CASE("what leaves the window no longer waits") {
  World world;
  UsageState state;
  Changes changes;
  world.touch(state, 1, 100, changes);
  world.touch(state, 2, 101, changes);
  world.record.failures = 1;
  CHECK_FALSE(world.saver.save(changes));
  world.saver.forget_before(101);
  state.drop_before(101);
  CHECK(world.saver.save({}));
  const StateBatch& batch = world.record.batches.back();
  REQUIRE(batch.touched.runs.size() == 1);
  CHECK(batch.touched.runs.front()->first.bytes[0] == 2);
  REQUIRE(batch.touched.days.size() == 1);
  CHECK(batch.touched.days.front().day == 101);
}

TEST_CASE("workloads are written as they are known at the time, forgotten ones not at all") {
  World world;
  const WorkloadKey web{"", "shop", "Deployment", "web"};
  world.known[web].live_pods = 2;
  world.record.failures = 1;
  CHECK_FALSE(world.saver.save({.workloads = {web, {"", "shop", "Job", "gone"}}}));
  world.known[web].live_pods = 3;
  CHECK(world.saver.save({}));
  REQUIRE(world.record.batches.back().workloads.size() == 1);
  CHECK(world.record.batches.back().workloads.front()->second.live_pods == 3);
}

TEST_CASE("clearing forgets what waits as well") {
  World world;
  UsageState state;
  Changes changes;
  world.touch(state, 1, 100, changes);
  world.record.failures = 1;
  CHECK_FALSE(world.saver.save(changes));
  CHECK(world.saver.clear());
  CHECK(world.record.is_cleared);
  CHECK(world.saver.save({}));
  CHECK(world.record.batches.back().touched.empty());
}

}  // namespace loadline::service
