#include "service/known_cluster.hpp"

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
