#include "loadline/inventory/build.hpp"
#include "support/catch.hpp"
#include "support/cluster_builder.hpp"

using namespace loadline;
using test::ClusterBuilder;

namespace {

struct OwnerRow {
  std::string_view kind{};
  std::string_view name{};
  std::string_view is_controller = "true";
};

std::string owner_in(const Inventory& inventory, std::string_view pod) {
  const PodOwner owner = inventory.owner_of({"", "shop", std::string(pod)});
  CHECK(owner.source == OwnerSource::kKubeStateMetrics);
  CHECK(inventory.find(owner.workload) != nullptr);
  return owner.workload.kind + "/" + owner.workload.name;
}

}  // namespace

TEST_CASE("each kind of owner leads to its workload") {
  struct Row {
    std::string_view pod{};
    OwnerRow owner{};
    OwnerRow above{};  ///< of the ReplicaSet or Job; no row where it has no kind and no name
    std::string_view workload{};
  };
  const Row row = GENERATE(values<Row>({
      {"web-7b5f8d98c6-x2z4q",
       {"ReplicaSet", "web-7b5f8d98c6"},
       {"Deployment", "web"},
       "Deployment/web"},
      {"web-7b5f8d98c6-x2z4q", {"ReplicaSet", "web-7b5f8d98c6"}, {"Rollout", "web"}, "Rollout/web"},
      {"web-7b5f8d98c6-x2z4q",
       {"ReplicaSet", "web-7b5f8d98c6"},
       {"Strange", "thing"},
       "Strange/thing"},
      // A ReplicaSet without owner is itself the workload, whatever its name looks like.
      {"web-7b5f8d98c6-x2z4q",
       {"ReplicaSet", "web-7b5f8d98c6"},
       {"<none>", "<none>", "<none>"},
       "ReplicaSet/web-7b5f8d98c6"},
      // Nothing told of it: judged by its name.
      {"web-7b5f8d98c6-x2z4q", {"ReplicaSet", "web-7b5f8d98c6"}, {}, "Deployment/web"},
      {"web-x2z4q", {"ReplicaSet", "web"}, {}, "ReplicaSet/web"},
      {"web-blue-x2z4q", {"ReplicaSet", "web-blue"}, {}, "ReplicaSet/web-blue"},
      {"backup-29925620-x2z4q",
       {"Job", "backup-29925620"},
       {"CronJob", "backup"},
       "CronJob/backup"},
      {"backup-29925620-x2z4q",
       {"Job", "backup-29925620"},
       {"<none>", "<none>", "<none>"},
       "Job/backup-29925620"},
      {"backup-29925620-x2z4q", {"Job", "backup-29925620"}, {}, "CronJob/backup"},
      {"migrate-x2z4q", {"Job", "migrate"}, {}, "Job/migrate"},
      {"db-0", {"StatefulSet", "db"}, {}, "StatefulSet/db"},
      {"agent-x2z4q", {"DaemonSet", "agent"}, {}, "DaemonSet/agent"},
      {"old-x2z4q", {"ReplicationController", "old"}, {}, "ReplicationController/old"},
      {"flow-123", {"Workflow", "flow"}, {}, "Workflow/flow"},
      {"shell", {"<none>", "<none>", "<none>"}, {}, "Pod/shell"},
      {"shell", {"", "", ""}, {}, "Pod/shell"},
      {"shell-0", {"ReplicaSet", ""}, {}, "Pod/shell-0"},
      {"kube-proxy-node-1.example", {"Node", "node-1.example"}, {}, "Pod/kube-proxy"},
      {"odd", {"Node", "node-1"}, {}, "Pod/odd"},
      {"-node-1", {"Node", "node-1"}, {}, "Pod/-node-1"},
  }));
  CAPTURE(row.pod, row.workload);
  ClusterBuilder cluster;
  cluster.owner(row.pod, row.owner.kind, row.owner.name, row.owner.is_controller);
  if (!row.above.kind.empty() && row.owner.kind == "ReplicaSet") {
    cluster.replicaset(row.owner.name, row.above.kind, row.above.name);
  } else if (!row.above.kind.empty()) {
    cluster.job(row.owner.name, row.above.kind, row.above.name);
  }
  CHECK(owner_in(build_inventory(cluster.series(), ""), row.pod) == row.workload);
}

TEST_CASE("of several owners the controller counts, in any order") {
  struct Row {
    std::vector<OwnerRow> owners{};
    std::string_view workload{};
  };
  const std::vector<Row> rows = {
      {{{"Backup", "nightly", "false"}, {"StatefulSet", "db", "true"}}, "StatefulSet/db"},
      {{{"Backup", "nightly", "false"}, {"StatefulSet", "db", ""}}, "StatefulSet/db"},
      {{{"Backup", "nightly", "false"}, {"<none>", "<none>", "<none>"}}, "Backup/nightly"},
      {{{"", "", ""}, {"StatefulSet", "db", "true"}}, "StatefulSet/db"},
      {{{"StatefulSet", "db", "true"}, {"StatefulSet", "db", "true"}}, "StatefulSet/db"},
      {{{"B", "x", "true"}, {"A", "y", "true"}}, "A/y"},
  };
  for (const Row& row : rows) {
    ClusterBuilder forwards;
    ClusterBuilder backwards;
    for (std::size_t i = 0; i < row.owners.size(); ++i) {
      const OwnerRow& first = row.owners[i];
      const OwnerRow& last = row.owners[row.owners.size() - 1 - i];
      forwards.owner("db-0", first.kind, first.name, first.is_controller);
      backwards.owner("db-0", last.kind, last.name, last.is_controller);
    }
    CHECK(owner_in(build_inventory(forwards.series(), ""), "db-0") == row.workload);
    CHECK(owner_in(build_inventory(backwards.series(), ""), "db-0") == row.workload);
  }
}

TEST_CASE("a ReplicaSet that was adopted inside the window belongs to who adopted it") {
  ClusterBuilder cluster;
  cluster.owner("web-x2z4q", "ReplicaSet", "web");
  cluster.replicaset("web", "", "", "").replicaset("web", "Deployment", "site");
  CHECK(owner_in(build_inventory(cluster.series(), ""), "web-x2z4q") == "Deployment/site");
}

TEST_CASE("owners of another namespace or cluster are others") {
  ClusterBuilder cluster;
  cluster.owner("web-x2z4q", "ReplicaSet", "web");
  cluster.with({{"namespace", "other"}}).replicaset("web", "Deployment", "other-site");
  CHECK(owner_in(build_inventory(cluster.series(), ""), "web-x2z4q") == "ReplicaSet/web");
}

TEST_CASE("the cluster belongs to the identity where its label is configured") {
  ClusterBuilder cluster;
  cluster.with({{"cluster", "eu"}}).owner("db-0", "StatefulSet", "db");
  cluster.with({{"cluster", "us"}}).owner("db-0", "DaemonSet", "db");
  const Inventory inventory = build_inventory(cluster.series(), "cluster");
  CHECK(inventory.owners_.size() == 2);
  CHECK(inventory.owner_of({"eu", "shop", "db-0"}).workload ==
        WorkloadKey{"eu", "shop", "StatefulSet", "db"});
  CHECK(inventory.owner_of({"us", "shop", "db-0"}).workload ==
        WorkloadKey{"us", "shop", "DaemonSet", "db"});
}

TEST_CASE("exported labels are preferred, those of the target ignored") {
  ClusterBuilder cluster;
  cluster.with(
      {{"exported_namespace", "shop"}, {"exported_pod", "db-0"}, {"namespace", "metrics"}});
  cluster.owner("kube-state-metrics-5dfd4896b4-zc7ll", "StatefulSet", "db");
  CHECK(owner_in(build_inventory(cluster.series(), ""), "db-0") == "StatefulSet/db");
}

TEST_CASE("replicas of kube-state-metrics add nothing") {
  ClusterBuilder cluster;
  for (const char* instance : {"10.0.0.1:8080", "10.0.0.2:8080"}) {
    cluster.with({{"instance", instance}});
    cluster.owner("db-0", "StatefulSet", "db").live("db-0", 100);
    cluster.request("db-0", "db", "cpu", 0.5).container("db-0", "db");
  }
  const Inventory inventory = build_inventory(cluster.series(), "");
  CHECK(inventory.owners_.size() == 1);
  const WorkloadFacts* facts = inventory.find(WorkloadKey{"", "shop", "StatefulSet", "db"});
  REQUIRE(facts != nullptr);
  CHECK(facts->live_pods == 1);
  CHECK(facts->containers.size() == 1);
}

TEST_CASE("without kube-state-metrics owners are inferred and marked") {
  const Inventory inventory = build_inventory({}, "");
  CHECK_FALSE(inventory.has_kube_state_metrics());
  const PodOwner owner = inventory.owner_of({"", "shop", "web-5dfd4896b4-zc7ll"});
  CHECK(owner.source == OwnerSource::kPodName);
  CHECK(owner.workload == WorkloadKey{"", "shop", "Deployment", "web"});
  CHECK(inventory.find(owner.workload) == nullptr);
  CHECK(inventory.find(ContainerKey{owner.workload, "app"}) == nullptr);
}

TEST_CASE("values of pods without an owner row go to the inferred workload") {
  ClusterBuilder cluster;
  cluster.live("web-5dfd4896b4-zc7ll", 1).request("web-5dfd4896b4-zc7ll", "app", "cpu", 0.5);
  const Inventory inventory = build_inventory(cluster.series(), "");
  CHECK_FALSE(inventory.has_kube_state_metrics());
  const ContainerFacts* facts =
      inventory.find(ContainerKey{{"", "shop", "Deployment", "web"}, "app"});
  REQUIRE(facts != nullptr);
  CHECK(facts->current[Resource::kCpu].request == 0.5);
}

TEST_CASE("rows that name no pod are passed over") {
  ClusterBuilder cluster;
  cluster.owner("", "StatefulSet", "db").live("", 1).request("", "db", "cpu", 1);
  cluster.container("", "db").init("", "db").replicaset("", "Deployment", "web");
  const Inventory inventory = build_inventory(cluster.series(), "");
  CHECK(inventory.owners_.empty());
  CHECK(inventory.workloads_.empty());
}
