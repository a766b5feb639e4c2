#include <cmath>
#include <limits>

#include "loadline/inventory/build.hpp"
#include "support/catch.hpp"
#include "support/cluster_builder.hpp"

using namespace loadline;
using test::ClusterBuilder;

namespace {

constexpr double kMebibyte = 1'048'576;

/// The facts of a container of the StatefulSet db.
ContainerFacts facts_of(ClusterBuilder& cluster, std::string_view container = "app") {
  const Inventory inventory = build_inventory(cluster.series(), "");
  const ContainerFacts* facts =
      inventory.find(ContainerKey{{"", "shop", "StatefulSet", "db"}, std::string(container)});
  REQUIRE(facts != nullptr);
  return *facts;
}

/// Pods db-0, db-1, ... and another workload that sets requests, as every cluster has.
ClusterBuilder database(int pods) {
  ClusterBuilder cluster;
  for (int i = 0; i < pods; ++i) cluster.owner("db-" + std::to_string(i), "StatefulSet", "db");
  cluster.owner("other", "", "", "").live("other", 1).request("other", "other", "cpu", 1);
  return cluster;
}

}  // namespace

TEST_CASE("requests and limits of both resources are taken") {
  ClusterBuilder cluster = database(1);
  cluster.live("db-0", 100);
  cluster.request("db-0", "app", "cpu", 0.25).limit("db-0", "app", "cpu", 1);
  cluster.request("db-0", "app", "memory", 512 * kMebibyte);
  cluster.limit("db-0", "app", "memory", 1024 * kMebibyte);
  const ContainerFacts facts = facts_of(cluster);
  CHECK(facts.current_known);
  CHECK(facts.type == ContainerType::kContainer);
  CHECK(facts.current[Resource::kCpu] == Requirement{.request = 0.25, .limit = 1.0});
  CHECK(facts.current[Resource::kMemory] ==
        Requirement{.request = 512 * kMebibyte, .limit = 1024 * kMebibyte});
}

TEST_CASE("the newest living pod is believed, and it alone") {
  struct Row {
    std::string_view what{};
    double created_0 = 0;
    double created_1 = 0;
    bool live_0 = false;
    bool live_1 = false;
    double request = 0;  ///< db-0 asks for 1 core, db-1 for 2
  };
  const Row row = GENERATE(values<Row>({
      {"the newer", 100, 200, true, true, 2},
      {"the newer, whatever its name", 200, 100, true, true, 1},
      {"the living, though older", 100, 200, true, false, 1},
      {"the newer of the dead", 200, 100, false, false, 1},
      {"the last name, where both are equally old", 100, 100, true, true, 2},
  }));
  CAPTURE(row.what);
  ClusterBuilder cluster = database(2);
  row.live_0 ? cluster.live("db-0", row.created_0) : cluster.created("db-0", row.created_0);
  row.live_1 ? cluster.live("db-1", row.created_1) : cluster.created("db-1", row.created_1);
  cluster.request("db-0", "app", "cpu", 1).request("db-1", "app", "cpu", 2);
  CHECK(facts_of(cluster).current[Resource::kCpu].request == row.request);
}

TEST_CASE("what the newest pod does not set is not set, though an older one did") {
  ClusterBuilder cluster = database(2);
  cluster.live("db-0", 100).live("db-1", 200);
  cluster.request("db-0", "app", "cpu", 1).limit("db-0", "app", "cpu", 2);
  cluster.request("db-1", "app", "cpu", 3);
  CHECK(facts_of(cluster).current[Resource::kCpu] ==
        Requirement{.request = 3.0, .limit = std::nullopt});
}

TEST_CASE("a container that the newest pod lacks keeps the facts of the last pod that had it") {
  ClusterBuilder cluster = database(2);
  cluster.live("db-0", 100).live("db-1", 200);
  cluster.request("db-0", "sidecar", "cpu", 0.1).request("db-1", "app", "cpu", 1);
  CHECK(facts_of(cluster, "sidecar").current[Resource::kCpu].request == 0.1);
}

TEST_CASE("a name that was given again means the newer pod of that name") {
  ClusterBuilder cluster = database(1);
  cluster.created("db-0", 200, "new").created("db-0", 100, "old");
  cluster.request("db-0", "app", "cpu", 1, "new").request("db-0", "app", "cpu", 2, "old");
  cluster.limit("db-0", "app", "cpu", 4, "old");
  CHECK(facts_of(cluster).current[Resource::kCpu] ==
        Requirement{.request = 1.0, .limit = std::nullopt});
}

TEST_CASE("of two replicas that differ the larger value counts") {
  ClusterBuilder cluster = database(1);
  cluster.live("db-0", 100).request("db-0", "app", "cpu", 2).request("db-0", "app", "cpu", 1);
  CHECK(facts_of(cluster).current[Resource::kCpu].request == 2);
}

TEST_CASE("a container with nothing set is known to have nothing set") {
  ClusterBuilder cluster = database(1);
  cluster.live("db-0", 100).container("db-0", "app");
  const ContainerFacts facts = facts_of(cluster);
  CHECK(facts.current_known);
  CHECK(facts.current == Requirements{});
}

TEST_CASE("nothing is known where no request was ever told: the metric is missing") {
  ClusterBuilder cluster;
  cluster.owner("db-0", "StatefulSet", "db").live("db-0", 100).container("db-0", "app");
  cluster.limit("db-0", "limited", "cpu", 1);
  CHECK_FALSE(facts_of(cluster).current_known);
  CHECK(facts_of(cluster, "limited").current_known);
}

TEST_CASE("values that cannot be are passed over") {
  const double value = GENERATE(std::nan(""), -1.0, std::numeric_limits<double>::infinity());
  ClusterBuilder cluster = database(1);
  cluster.live("db-0", 100).container("db-0", "app");
  cluster.request("db-0", "app", "cpu", value).limit("db-0", "app", "memory", value);
  CHECK(facts_of(cluster).current == Requirements{});
}

TEST_CASE("a request of zero is a request") {
  ClusterBuilder cluster = database(1);
  cluster.live("db-0", 100).request("db-0", "app", "cpu", 0);
  CHECK(facts_of(cluster).current[Resource::kCpu].request == 0);
}

TEST_CASE("other resources are passed over") {
  ClusterBuilder cluster = database(1);
  cluster.live("db-0", 100).container("db-0", "app");
  cluster.request("db-0", "app", "ephemeral_storage", 5).limit("db-0", "app", "nvidia_com_gpu", 1);
  CHECK(facts_of(cluster).current == Requirements{});
}

TEST_CASE("init containers and native sidecars are told apart") {
  ClusterBuilder cluster = database(1);
  cluster.live("db-0", 100).container("db-0", "app");
  cluster.init("db-0", "migrate").init("db-0", "proxy", "Always").init("db-0", "odd", "Never");
  cluster.request("db-0", "proxy", "cpu", 0.1);
  CHECK(facts_of(cluster).type == ContainerType::kContainer);
  CHECK(facts_of(cluster, "migrate").type == ContainerType::kInit);
  CHECK(facts_of(cluster, "migrate").current_known);
  CHECK(facts_of(cluster, "odd").type == ContainerType::kInit);
  const ContainerFacts proxy = facts_of(cluster, "proxy");
  CHECK(proxy.type == ContainerType::kSidecar);
  CHECK(proxy.current[Resource::kCpu].request == 0.1);
}

TEST_CASE("a container is what the newest pod makes of it") {
  ClusterBuilder cluster = database(2);
  cluster.live("db-0", 100).live("db-1", 200);
  cluster.init("db-0", "proxy").init("db-1", "proxy", "Always");
  cluster.init("db-0", "app").container("db-1", "app");
  CHECK(facts_of(cluster, "proxy").type == ContainerType::kSidecar);
  CHECK(facts_of(cluster, "app").type == ContainerType::kContainer);
}

TEST_CASE("the init container of a pod that was not asked has unknown requirements") {
  ClusterBuilder cluster = database(1);
  cluster.init("db-0", "migrate");
  const ContainerFacts facts = facts_of(cluster, "migrate");
  CHECK(facts.type == ContainerType::kInit);
  CHECK_FALSE(facts.current_known);
}

TEST_CASE("an init container without an info series is known by its metric's name") {
  ClusterBuilder cluster = database(1);
  cluster.live("db-0", 100);
  cluster.with({{"__name__", "kube_pod_init_container_resource_requests"}});
  cluster.request("db-0", "migrate", "cpu", 1);
  CHECK(facts_of(cluster, "migrate").type == ContainerType::kInit);
}

TEST_CASE("the container's exported name is preferred") {
  ClusterBuilder cluster = database(1);
  cluster.live("db-0", 100);
  cluster.with({{"exported_container", "app"}});
  cluster.request("db-0", "kube-state-metrics", "cpu", 1);
  CHECK(facts_of(cluster).current[Resource::kCpu].request == 1);
}

TEST_CASE("live pods are counted once each, Pending and Running alike") {
  ClusterBuilder cluster = database(3);
  cluster.live("db-0", 100).live("db-0", 100, "Pending").live("db-1", 100, "Pending");
  cluster.created("db-2", 100);
  cluster.series().live_pods.push_back(
      {Labels{{"namespace", "shop"}, {"pod", "db-2"}, {"phase", "Running"}}, 0});
  const Inventory inventory = build_inventory(cluster.series(), "");
  CHECK(inventory.find(WorkloadKey{"", "shop", "StatefulSet", "db"})->live_pods == 2);
}

TEST_CASE("facts of one cluster say nothing of another") {
  ClusterBuilder cluster;
  cluster.with({{"cluster", "eu"}}).owner("db-0", "StatefulSet", "db").live("db-0", 1);
  cluster.request("db-0", "app", "cpu", 1);
  cluster.with({{"cluster", "us"}}).owner("db-0", "StatefulSet", "db").live("db-0", 1);
  cluster.container("db-0", "app");
  const Inventory inventory = build_inventory(cluster.series(), "cluster");
  CHECK(inventory.find(ContainerKey{{"eu", "shop", "StatefulSet", "db"}, "app"})->current_known);
  const ContainerFacts* us =
      inventory.find(ContainerKey{{"us", "shop", "StatefulSet", "db"}, "app"});
  REQUIRE(us != nullptr);
  CHECK_FALSE(us->current_known);
}

TEST_CASE("restarts are those of the living pods together, whichever of them is believed") {
  ClusterBuilder cluster = database(3);
  cluster.live("db-0", 100).live("db-1", 200).created("db-2", 300);
  cluster.request("db-0", "app", "cpu", 1).request("db-1", "app", "cpu", 2);
  cluster.restarts("db-1", "app", 4).restarts("db-0", "app", 3).restarts("db-2", "app", 50);
  cluster.restarts("db-0", "app", -1).restarts("db-0", "", 9).restarts("db-0", "late", 1);
  const ContainerFacts facts = facts_of(cluster);
  CHECK(facts.restarts == 7);
  CHECK(facts.current[Resource::kCpu].request == 2.0);
  CHECK(facts_of(cluster, "late") == ContainerFacts{.restarts = 1});
}

TEST_CASE("restarts stay where an init container is told of later") {
  ClusterBuilder cluster = database(2);
  cluster.live("db-0", 100).live("db-1", 200);
  cluster.restarts("db-0", "app", 3).init("db-1", "app", "Always");
  const ContainerFacts facts = facts_of(cluster);
  CHECK(facts.restarts == 3);
  CHECK(facts.type == ContainerType::kSidecar);
}

TEST_CASE("restarts beyond measure are cut") {
  ClusterBuilder cluster = database(1);
  cluster.live("db-0", 100).restarts("db-0", "app", 1e30);
  CHECK(facts_of(cluster).restarts == UINT32_MAX);
}
