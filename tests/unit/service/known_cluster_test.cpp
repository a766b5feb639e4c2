#include "service/known_cluster.hpp"

#include <optional>
#include <string>

#include "support/catch.hpp"

namespace loadline::service {
namespace {

const WorkloadKey kWeb{"", "shop", "Deployment", "web"};
const WorkloadKey kJob{"", "shop", "CronJob", "report"};

ContainerFacts asking(double cores) {
  ContainerFacts facts{.current_known = true};
  facts.current[Resource::kCpu].request = cores;
  return facts;
}

/// kube-state-metrics is there; nothing more is told.
Inventory told() {
  Inventory inventory;
  inventory.owners_[{"", "shop", "some-pod"}] = kWeb;
  return inventory;
}

Inventory told(const WorkloadKey& key, std::uint32_t live_pods, ContainerFacts app) {
  Inventory inventory = told();
  inventory.workloads_[key] = {.live_pods = live_pods, .containers = {{"app", app}}};
  return inventory;
}

}  // namespace

TEST_CASE("what is told replaces what was known, and only changes are told on") {
  Inventory known;
  CHECK(absorb(known, told(kWeb, 3, asking(1)), {}, {}) == std::vector{kWeb});
  CHECK(absorb(known, told(kWeb, 3, asking(1)), {}, {}).empty());
  CHECK(absorb(known, told(kWeb, 3, asking(2)), {}, {}) == std::vector{kWeb});
  CHECK(known.find(kWeb)->containers.at("app") == asking(2));
}

TEST_CASE("a workload that is not told of any more has no pods and keeps its last facts") {
  Inventory known;
  absorb(known, told(kJob, 1, asking(1)), {}, {});
  CHECK(absorb(known, told(kWeb, 1, asking(1)), {}, {}) == std::vector{kJob, kWeb});
  CHECK(known.find(kJob)->live_pods == 0);
  CHECK(known.find(kJob)->containers.at("app") == asking(1));
  CHECK(absorb(known, told(kWeb, 1, asking(1)), {}, {}).empty());
}

TEST_CASE("facts of which nothing is known now do not wipe out those that were") {
  Inventory known;
  absorb(known, told(kJob, 1, asking(1)), {}, {});
  for (const bool is_known : {false, true}) {
    Inventory fresh = told(kWeb, 1, asking(1));
    const ContainerFacts nothing{.current_known = is_known};
    fresh.workloads_[kJob] = {.live_pods = 0, .containers = {{"app", nothing}}};
    absorb(known, std::move(fresh), {}, {});
    CHECK(known.find(kJob)->containers.at("app") == asking(1));
  }
}

TEST_CASE("a run between two cycles leaves what it asked for, a living pod what it does not") {
  Inventory known;
  absorb(known, told(kJob, 1, asking(1)), {}, {});
  Inventory fresh = told(kWeb, 1, asking(1));
  fresh.workloads_[kJob] = {.live_pods = 0, .containers = {{"app", asking(2)}}};
  absorb(known, std::move(fresh), {}, {});
  CHECK(known.find(kJob)->containers.at("app") == asking(2));
  absorb(known, told(kJob, 1, {.current_known = true}), {}, {});
  CHECK(known.find(kJob)->containers.at("app") == ContainerFacts{.current_known = true});
}

TEST_CASE("a container that left a living workload's spec is forgotten") {
  Inventory known;
  Inventory first = told(kWeb, 1, asking(1));
  first.workloads_[kWeb].containers["sidecar"] = asking(0.1);
  absorb(known, std::move(first), {}, {});
  absorb(known, told(kWeb, 1, asking(1)), {}, {});
  CHECK(known.find(kWeb)->containers.size() == 1);
}

TEST_CASE("while kube-state-metrics is away everything stays as it was") {
  // Its series are still in the index for some minutes, but no pod is alive any more.
  for (Inventory away : {Inventory{}, told(), told(kWeb, 0, asking(7))}) {
    CHECK_FALSE(is_current(away));
    Inventory known;
    absorb(known, told(kWeb, 3, asking(1)), {}, {});
    CHECK(absorb(known, std::move(away), {}, {}).empty());
    CHECK(known.find(kWeb)->live_pods == 3);
    CHECK(known.find(kWeb)->containers.at("app") == asking(1));
  }
}

namespace {

const KillTimes kTimes{.window_start = from_unix_ms(1'000), .counted_from = from_unix_ms(5'000)};

ContainerFacts killed(std::uint32_t count, std::int64_t last_ms, std::optional<double> limit = {}) {
  ContainerFacts facts = asking(1);
  facts.oom_kills = {.count = count, .last_ms = last_ms, .limit_bytes = limit};
  return facts;
}

OomKills kills_of_web(const Inventory& known) {
  return known.find(kWeb)->containers.at("app").oom_kills;
}

}  // namespace

TEST_CASE("kills known and kills read now become one") {
  struct Row {
    std::string what{};
    OomKills known{};
    OomKills fresh{};
    OomKills expected{};
  };
  for (const Row& row :
       {Row{"nothing", {}, {}, {}}, Row{"the first", {}, {2, 6'000, 10.0}, {2, 6'000, 10.0}},
        Row{"the same again", {2, 6'000, 10.0}, {1, 6'000, {}}, {2, 6'000, 10.0}},
        Row{"a later one", {2, 6'000, 10.0}, {1, 7'000, 20.0}, {3, 7'000, 20.0}},
        Row{"a later one under less", {2, 6'000, 10.0}, {1, 7'000, 5.0}, {3, 7'000, 10.0}},
        Row{"a later one that was not counted", {2, 6'000, {}}, {0, 7'000, {}}, {3, 7'000, {}}},
        Row{"one seen late", {2, 6'000, {}}, {1, 5'500, 10.0}, {2, 6'000, 10.0}},
        Row{"one that has left the window", {9, 999, 50.0}, {1, 6'000, {}}, {1, 6'000, {}}},
        Row{"none since it left", {9, 999, 50.0}, {}, {}},
        Row{"more than there are numbers",
            {UINT32_MAX, 6'000, {}},
            {5, 7'000, {}},
            {UINT32_MAX, 7'000, {}}}}) {
    CAPTURE(row.what);
    CHECK(merged(row.known, row.fresh, kTimes) == row.expected);
  }
}

TEST_CASE("a read of the whole window knows all kills: its count replaces what was known") {
  const KillTimes whole{.window_start = kTimes.window_start, .counted_from = kTimes.window_start};
  CHECK(merged({3, 6'000, {}}, {4, 7'000, {}}, whole) == OomKills{4, 7'000, {}});
  CHECK(merged({9, 7'000, 10.0}, {4, 7'000, {}}, whole) == OomKills{4, 7'000, 10.0});
  CHECK(merged({9, 7'000, {}}, {4, 6'000, {}}, whole) == OomKills{9, 7'000, {}});
  CHECK(merged({}, {}, whole) == OomKills{});
}

TEST_CASE("kills are remembered over cycles that tell of none, until they leave the window") {
  Inventory known;
  absorb(known, told(kWeb, 1, killed(1, 6'000, 10.0)), {}, kTimes);
  for (int cycle = 0; cycle < 2; ++cycle)
    CHECK(absorb(known, told(kWeb, 1, asking(1)), {}, kTimes).empty());
  CHECK(kills_of_web(known) == OomKills{1, 6'000, 10.0});
  absorb(known, told(kWeb, 1, killed(1, 7'000)), {}, kTimes);
  CHECK(kills_of_web(known) == OomKills{2, 7'000, 10.0});
  const KillTimes later{.window_start = from_unix_ms(7'001), .counted_from = from_unix_ms(9'000)};
  CHECK(absorb(known, told(kWeb, 1, asking(1)), {}, later) == std::vector{kWeb});
  CHECK(kills_of_web(known) == OomKills{});
}

TEST_CASE(
    "kills are remembered of workloads that are gone, and forgotten in time though nothing is "
    "told") {
  Inventory known;
  absorb(known, told(kWeb, 1, killed(1, 6'000)), {}, kTimes);
  absorb(known, told(kJob, 1, asking(1)), {}, kTimes);
  CHECK(kills_of_web(known).count == 1);
  const KillTimes later{.window_start = from_unix_ms(6'001), .counted_from = from_unix_ms(9'000)};
  CHECK(absorb(known, told(), {}, later) == std::vector{kWeb});
  CHECK(kills_of_web(known) == OomKills{});
}

TEST_CASE("a kill is told of a container of which nothing else is known now") {
  Inventory known;
  absorb(known, told(kWeb, 1, asking(2)), {}, kTimes);
  Inventory fresh = told(kJob, 1, asking(1));
  fresh.workloads_[kWeb] = {.containers = {{"app", {.oom_kills = {1, 6'000, 10.0}}}}};
  absorb(known, std::move(fresh), {}, kTimes);
  CHECK(kills_of_web(known) == OomKills{1, 6'000, 10.0});
  CHECK(known.find(kWeb)->containers.at("app").current == asking(2).current);
}

TEST_CASE("restarts are those of living pods, throttling and the autoscaler what was read last") {
  Inventory known;
  ContainerFacts facts = asking(1);
  facts.restarts = 3;
  facts.throttled_ratio = 0.4;
  Inventory first = told(kWeb, 1, facts);
  first.workloads_[kWeb].autoscaler = "web";
  first.workloads_[kWeb].autoscaled[Resource::kCpu] = true;
  absorb(known, std::move(first), {}, kTimes);
  SECTION("a workload that is gone keeps what is no count of pods") {
    absorb(known, told(kJob, 1, asking(1)), {}, kTimes);
    facts.restarts = 0;
    CHECK(known.find(kWeb)->containers.at("app") == facts);
    CHECK(known.find(kWeb)->autoscaler == "web");
  }
  SECTION("a living one has what is read now") {
    absorb(known, told(kWeb, 1, asking(1)), {}, kTimes);
    CHECK(known.find(kWeb)->containers.at("app") == asking(1));
    CHECK(known.find(kWeb)->autoscaler.empty());
    CHECK(known.find(kWeb)->autoscaled == PerResource<bool>{});
  }
}

TEST_CASE("what bounds from outside is replaced while the cluster is current, else kept") {
  Inventory known;
  Inventory fresh = told(kWeb, 1, asking(1));
  fresh.cluster_.largest_nodes[""] = {{16.0, 1e11}};
  CHECK(absorb_bounds(known, fresh));
  CHECK_FALSE(absorb_bounds(known, fresh));
  CHECK_FALSE(absorb_bounds(known, told()));
  CHECK(known.cluster_ == fresh.cluster_);
  CHECK(absorb_bounds(known, told(kWeb, 1, asking(1))));
  CHECK(known.cluster_ == ClusterFacts{});
}

TEST_CASE("workloads of other shards are not known") {
  for (const int index : {0, 1}) {
    Inventory known;
    const Shard shard{.index = index, .total = 2};
    absorb(known, told(kWeb, 3, asking(1)), shard, {});
    CHECK((known.find(kWeb) != nullptr) == shard.holds(kWeb));
  }
}

TEST_CASE("a workload with neither pods nor a profile is forgotten") {
  Inventory known;
  Inventory fresh = told(kWeb, 1, asking(1));
  fresh.workloads_[kJob] = {.live_pods = 0, .containers = {{"app", asking(1)}}};
  fresh.workloads_[{"", "shop", "CronJob", "old"}] = {};
  absorb(known, std::move(fresh), {}, {});
  ProfileSet profiles;
  profiles[{kJob, "app"}] = {};
  CHECK(forget_unused(known, profiles) == std::vector<WorkloadKey>{{"", "shop", "CronJob", "old"}});
  CHECK(known.workloads_.size() == 2);
}

}  // namespace loadline::service
