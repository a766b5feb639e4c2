#include "inventory/kills.hpp"

#include <limits>

#include "support/catch.hpp"

using namespace loadline;

namespace {

constexpr double kStart = 1'700'000'000;  // of the window, seconds
const TimePoint kSince = from_unix_ms(1'700'000'000'000);
constexpr double kMiB = 1024.0 * 1024.0;

const WorkloadKey kImporter{"", "data", "Deployment", "importer"};

Labels app(const std::string& pod) {
  return {{"namespace", "data"}, {"pod", pod}, {"container", "app"}};
}

Inventory two_pods() {
  Inventory inventory;
  inventory.owners_[{"", "data", "importer-a"}] = kImporter;
  inventory.owners_[{"", "data", "importer-b"}] = kImporter;
  inventory.workloads_[kImporter] = {.live_pods = 2, .containers = {{"app", {}}}};
  return inventory;
}

OomKills told(const KillTable& table) {
  Inventory inventory = two_pods();
  table.tell(inventory);
  return inventory.workloads_.at(kImporter).containers.at("app").oom_kills;
}

KillTable table() {
  return {"", kSince, kSince};
}

std::int64_t ms(double seconds) {
  return static_cast<std::int64_t>(seconds * 1'000);
}

}  // namespace

TEST_CASE("the reason alone is no kill: it may be older than the window") {
  KillTable kills = table();
  kills.add_suspect(app("importer-a"));
  CHECK(kills.suspects() == std::vector<PodKey>{{"", "data", "importer-a"}});
  CHECK(kills.lacks_ends());
  CHECK(kills.killed().empty());
  CHECK(told(kills) == OomKills{});
}

TEST_CASE("an end inside the window is a kill, one before it is not") {
  struct Row {
    double end = 0;
    OomKills expected{};
  };
  for (const Row& row :
       {Row{kStart - 1, {}}, Row{kStart, {.count = 1, .last_ms = ms(kStart)}},
        Row{kStart + 60, {.count = 1, .last_ms = ms(kStart + 60)}}, Row{0, {}}, Row{-5, {}},
        Row{1e300, {}}, Row{std::numeric_limits<double>::quiet_NaN(), {}}}) {
    CAPTURE(row.end);
    KillTable kills = table();
    kills.add_suspect(app("importer-a"));
    kills.add_end(app("importer-a"), row.end);
    CHECK(told(kills) == row.expected);
    CHECK(kills.killed().size() == row.expected.count);
  }
}

TEST_CASE("restarts while killed count the kills of a pod, and the pods of a container add up") {
  KillTable kills = table();
  kills.add_end(app("importer-a"), kStart + 50);
  kills.add_restarts(app("importer-a"), 3);
  kills.add_limit(app("importer-a"), 256 * kMiB);
  kills.add_end(app("importer-b"), kStart + 20);
  kills.add_limit(app("importer-b"), 512 * kMiB);
  CHECK(told(kills) == OomKills{.count = 4, .last_ms = ms(kStart + 50), .limit_bytes = 512 * kMiB});
  CHECK_FALSE(kills.lacks_ends());
}

TEST_CASE("without the end the restart tells the time, beside it it does not") {
  KillTable kills = table();
  kills.add_suspect(app("importer-a"));
  kills.add_restarts(app("importer-a"), 2);
  kills.add_restart(app("importer-a"), kStart + 300);
  CHECK(told(kills) == OomKills{.count = 2, .last_ms = ms(kStart + 300)});
  kills.add_end(app("importer-a"), kStart + 17);
  CHECK(told(kills) == OomKills{.count = 2, .last_ms = ms(kStart + 17)});
}

TEST_CASE("a kill that two witnesses saw counts once") {
  KillTable kills = table();
  kills.add_end(app("importer-a"), kStart + 17);
  kills.add_restarts(app("importer-a"), 2);
  kills.add_event(app("importer-a"), kStart + 300);
  kills.add_events(app("importer-a"), 5);
  CHECK(told(kills) == OomKills{.count = 5, .last_ms = ms(kStart + 300)});
}

TEST_CASE("events alone are evidence, as of processes beside the first of a container") {
  KillTable kills = table();
  kills.add_event(app("importer-b"), kStart + 300);
  kills.add_events(app("importer-b"), 1);
  CHECK(kills.suspects().empty());
  CHECK(kills.killed() == std::vector<PodKey>{{"", "data", "importer-b"}});
  CHECK(told(kills) == OomKills{.count = 1, .last_ms = ms(kStart + 300)});
}

TEST_CASE("a kill before the counting begins is told with its time and counts nothing") {
  KillTable kills("", kSince, kSince + Milliseconds(60'000));
  kills.add_end(app("importer-a"), kStart + 59);
  kills.add_limit(app("importer-a"), kMiB);
  CHECK(told(kills) == OomKills{.count = 0, .last_ms = ms(kStart + 59), .limit_bytes = kMiB});
  CHECK(kills.killed().empty());
  kills.add_restarts(app("importer-a"), 1);
  CHECK(told(kills).count == 1);
}

TEST_CASE("counts and limits that are none are passed over, counts beyond measure are cut") {
  KillTable kills = table();
  kills.add_end(app("importer-a"), kStart + 1);
  kills.add_restarts(app("importer-a"), -3);
  kills.add_restarts(app("importer-a"), std::numeric_limits<double>::quiet_NaN());
  kills.add_limit(app("importer-a"), 0);
  kills.add_limit(app("importer-a"), std::numeric_limits<double>::infinity());
  CHECK(told(kills) == OomKills{.count = 1, .last_ms = ms(kStart + 1)});
  kills.add_events(app("importer-a"), 1e30);
  CHECK(told(kills).count == UINT32_MAX);
}

TEST_CASE("kills go to the known workload that owns the pod, and to no other") {
  KillTable kills = table();
  kills.add_end({{"namespace", "data"}, {"pod", "stranger"}, {"container", "app"}}, kStart + 1);
  kills.add_end({{"namespace", "data"}, {"pod", "importer-a"}}, kStart + 1);
  kills.add_end({{"namespace", "monitoring"},
                 {"pod", "ksm"},
                 {"exported_namespace", "data"},
                 {"exported_pod", "importer-a"},
                 {"exported_container", "late"}},
                kStart + 1);
  Inventory inventory = two_pods();
  kills.tell(inventory);
  CHECK(inventory.workloads_.size() == 1);
  const WorkloadFacts& facts = inventory.workloads_.at(kImporter);
  CHECK(facts.containers.at("app").oom_kills == OomKills{});
  CHECK(facts.containers.at("late").oom_kills.count == 1);
}

TEST_CASE("kills told together add up and keep the latest time and the highest limit") {
  const OomKills a{.count = 2, .last_ms = 5, .limit_bytes = 100.0};
  const OomKills b{.count = 1, .last_ms = 9};
  CHECK(together(a, b) == OomKills{.count = 3, .last_ms = 9, .limit_bytes = 100.0});
  CHECK(together(b, a) == together(a, b));
  CHECK(together({.count = UINT32_MAX}, a).count == UINT32_MAX);
}
