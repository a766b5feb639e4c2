#include <algorithm>
#include <string>

#include "loadline/inventory/build.hpp"
#include "support/catch.hpp"
#include "support/cluster_builder.hpp"

using namespace loadline;
using test::ClusterBuilder;

namespace {

std::vector<std::string> unanswered(ClusterBuilder& cluster) {
  std::vector<std::string> names;
  for (const PodKey& pod : pods_without_live_values(cluster.series(), "")) {
    names.push_back(pod.pod);
  }
  return names;
}

}  // namespace

TEST_CASE("only pods of workloads of which nothing is told at the end are to be asked for") {
  ClusterBuilder cluster;
  cluster.owner("db-0", "StatefulSet", "db").owner("db-1", "StatefulSet", "db");
  cluster.owner("gone-0", "StatefulSet", "gone").owner("gone-1", "StatefulSet", "gone");
  cluster.live("db-1", 100);
  CHECK(unanswered(cluster) == std::vector<std::string>{"gone-0", "gone-1"});
}

TEST_CASE("any answer at the end will do, that of a finished pod too") {
  ClusterBuilder cluster;
  for (const char* name : {"a", "b", "c", "d", "e", "f"}) {
    cluster.owner(std::string(name) + "-0", "StatefulSet", name);
  }
  cluster.live("a-0", 1).created("b-0", 1).container("c-0", "app");
  cluster.request("d-0", "app", "cpu", 1).limit("e-0", "app", "cpu", 1);
  CHECK(unanswered(cluster) == std::vector<std::string>{"f-0"});
}

TEST_CASE("init containers are told over the whole window and answer nothing") {
  ClusterBuilder cluster;
  cluster.owner("gone-0", "StatefulSet", "gone").init("gone-0", "migrate");
  CHECK(unanswered(cluster) == std::vector<std::string>{"gone-0"});
}

TEST_CASE("of a CronJob the last twenty runs are asked for") {
  ClusterBuilder cluster;
  for (int run = 0; run < 5'000; ++run) {
    const std::string job = "tick-" + std::to_string(29'900'000 + run);
    cluster.owner(job + "-x2z4q", "Job", job).job(job, "CronJob", "tick");
  }
  const std::vector<std::string> pods = unanswered(cluster);
  REQUIRE(pods.size() == 20);
  CHECK(pods.front() == "tick-29904980-x2z4q");
  CHECK(pods.back() == "tick-29904999-x2z4q");
}

TEST_CASE("without owners there is nobody to ask for") {
  ClusterBuilder cluster;
  cluster.created("lone-0", 1);
  CHECK(unanswered(cluster).empty());
}
