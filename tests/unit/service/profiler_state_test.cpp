#include "service/profiler_state.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/temp_dir.hpp"

namespace loadline {
namespace {

const TimePoint kNow = from_unix_ms(1'764'000'000'000);
constexpr std::int32_t kDay = 20'400;

/// A store whose file was damaged under it.
class DamagedStore final : public ProfileStore {
 public:
  Result<StoredState> load() override { return StoredState{}; }
  Result<void> save(const StateBatch&) override {
    return fail(ErrorKind::kCorrupt, "database disk image is malformed");
  }
  Result<void> drop(std::int32_t, const std::vector<RunId>&,
                    const std::vector<WorkloadKey>&) override {
    return {};
  }
  Result<void> clear() override { return {}; }
  [[nodiscard]] StoreSize size() const override { return {}; }
};

/// What a state needs around it; the log's lines are kept.
struct World {
  explicit World(std::string directory) { config.serve.state_dir = std::move(directory); }

  Profiler::State state() {
    OpenedStore opened;
    opened.store = std::make_unique<DamagedStore>();
    ContainerEntry& web = opened.state.usage.container({{"", "shop", "Pod", "web"}, "app"});
    DayUsage day{.day = kDay, .scrapes_seen = 1, .scrapes_expected = 1};
    day.first_ms = day.last_ms = to_unix_ms(start_of_day(kDay));
    day.sketch.add(0.25);
    web.second.resources[Resource::kCpu].days.push_back(day);
    opened.state.marks.emplace("shop", kNow);
    opened.state.workloads[web.first.workload].live_pods = 3;
    opened.state.header.fingerprint = "as before";
    return Profiler::State(
        config, {}, std::move(opened),
        {.board = board, .metrics = metrics, .log = log, .now = [] { return kNow; }});
  }

  Config config{};
  Board board{};
  SelfMetrics metrics{};
  std::vector<std::string> lines{};
  Log log{LogFormat::kLogfmt, LogLevel::kInfo, [] { return kNow; },
          [this](LogLevel, std::string_view line) { lines.emplace_back(line); }};
};

}  // namespace

TEST_CASE("a store found damaged is replaced by one that holds all there is in memory") {
  const test::TempDir directory;
  World world(directory.path("state"));
  {
    Profiler::State state = world.state();
    state.save({.header = state.header});
    CHECK_FALSE(state.is_store_lost);
    CHECK(world.board.status().store_error.empty());
    CHECK(world.board.status().store.days == 1);
    REQUIRE(world.lines.size() == 1);
  }
  const auto again = open_store(directory.path("state"), kNow);
  REQUIRE(again);
  CHECK(again->state.header.fingerprint == "as before");
  CHECK(again->state.marks.at("shop") == kNow);
  CHECK(again->state.workloads.begin()->second.live_pods == 3);
  REQUIRE(again->state.usage.profiles.size() == 1);
  const ContainerProfile& profile = again->state.usage.profiles.begin()->second;
  CHECK(profile.resources[Resource::kCpu].days.front().sketch.max() == 0.25);
}

TEST_CASE("while no new store can be opened the error stays, and each save tries again") {
  const test::TempDir directory;
  const std::string path = directory.write("state", "a file where the directory should be");
  World world(path);
  Profiler::State state = world.state();
  state.save({});
  CHECK(state.is_store_lost);
  CHECK_FALSE(world.board.status().store_error.empty());
  std::filesystem::remove(path);
  state.save({});
  CHECK_FALSE(state.is_store_lost);
  CHECK(world.board.status().store_error.empty());
  CHECK(world.board.status().store.days == 1);
}

}  // namespace loadline
