#include "inventory/bounds.hpp"

#include <limits>

#include "support/catch.hpp"

using namespace loadline;

namespace {

Labels limit_range(const std::string& name, const std::string& constraint,
                   const std::string& resource, const std::string& type = "Container") {
  return {{"namespace", "shop"},
          {"limitrange", name},
          {"constraint", constraint},
          {"resource", resource},
          {"type", type}};
}

Labels quota(const std::string& name, const std::string& resource, const std::string& type) {
  return {{"namespace", "shop"}, {"resourcequota", name}, {"resource", resource}, {"type", type}};
}

const NamespaceKey kShop{"", "shop"};

}  // namespace

TEST_CASE("nothing told bounds nothing") {
  CHECK(BoundsTable("").build() == ClusterFacts{});
}

TEST_CASE("of several LimitRanges the tightest bounds hold, whatever their order") {
  struct Row {
    const char* constraint = "";
    double value = 0;
  };
  std::vector<Row> rows = {{"min", 0.1},
                           {"min", 0.2},
                           {"max", 8},
                           {"max", 4},
                           {"maxLimitRequestRatio", 10},
                           {"maxLimitRequestRatio", 3}};
  for (int order = 0; order < 2; ++order) {
    BoundsTable table("");
    for (const Row& row : rows)
      table.add_limit_range(limit_range("a", row.constraint, "cpu"), row.value);
    const ClusterFacts facts = table.build();
    CHECK(facts.namespaces.at(kShop).bounds[Resource::kCpu] ==
          ContainerBounds{.least = 0.2, .most = 4.0, .most_ratio = 3.0});
    CHECK(facts.namespaces.at(kShop).bounds[Resource::kMemory] == ContainerBounds{});
    std::reverse(rows.begin(), rows.end());
  }
}

TEST_CASE("rows of a LimitRange that bound no container say nothing") {
  BoundsTable table("");
  table.add_limit_range(limit_range("a", "default", "cpu"), 1);
  table.add_limit_range(limit_range("a", "defaultRequest", "memory"), 1);
  table.add_limit_range(limit_range("a", "max", "cpu", "Pod"), 1);
  table.add_limit_range(limit_range("a", "max", "storage", "PersistentVolumeClaim"), 1);
  table.add_limit_range(limit_range("a", "max", "ephemeral-storage"), 1);
  table.add_limit_range(limit_range("a", "max", "cpu"), 0);
  table.add_limit_range(limit_range("a", "max", "cpu"), -1);
  table.add_limit_range(limit_range("a", "max", "cpu"), std::numeric_limits<double>::quiet_NaN());
  table.add_limit_range({}, 1);
  CHECK(table.build() == ClusterFacts{});
}

TEST_CASE("a quota leaves hard minus used, never less than nothing") {
  struct Row {
    const char* resource = "";
    Resource of = Resource::kCpu;
    bool is_limit = false;
  };
  for (const Row& row :
       {Row{"cpu", Resource::kCpu, false}, Row{"requests.cpu", Resource::kCpu, false},
        Row{"limits.cpu", Resource::kCpu, true}, Row{"memory", Resource::kMemory, false},
        Row{"requests.memory", Resource::kMemory, false},
        Row{"limits.memory", Resource::kMemory, true}}) {
    CAPTURE(row.resource);
    for (const auto& [used, left] : {std::pair{12.5, 27.5}, std::pair{50.0, 0.0}}) {
      BoundsTable table("");
      table.add_quota(quota("compute", row.resource, "hard"), 40);
      table.add_quota(quota("compute", row.resource, "used"), used);
      Requirements expected;
      (row.is_limit ? expected[row.of].limit : expected[row.of].request) = left;
      CHECK(table.build().namespaces.at(kShop).quota_left == expected);
    }
  }
}

TEST_CASE("of several quotas the one that leaves least counts") {
  BoundsTable table("");
  for (const auto& [name, hard, used] :
       {std::tuple{"a", 10.0, 1.0}, std::tuple{"b", 100.0, 95.0}}) {
    table.add_quota(quota(name, "requests.cpu", "hard"), hard);
    table.add_quota(quota(name, "requests.cpu", "used"), used);
  }
  CHECK(table.build().namespaces.at(kShop).quota_left[Resource::kCpu].request == 5.0);
}

TEST_CASE("a quota that is told by half leaves nothing to say") {
  BoundsTable table("");
  table.add_quota(quota("a", "requests.cpu", "hard"), 10);
  table.add_quota(quota("b", "requests.cpu", "used"), 1);
  table.add_quota(quota("b", "pods", "hard"), 10);
  table.add_quota(quota("b", "pods", "used"), 1);
  CHECK(table.build() == ClusterFacts{});
}

TEST_CASE("the largest node is kept for each cluster and resource") {
  BoundsTable table("cluster");
  table.add_node({{"resource", "cpu"}, {"cluster", "eu"}}, 16);
  table.add_node({{"resource", "cpu"}, {"cluster", "eu"}}, 32);
  table.add_node({{"resource", "memory"}, {"cluster", "eu"}}, 1e11);
  table.add_node({{"resource", "cpu"}, {"cluster", "us"}}, 8);
  table.add_node({{"resource", "pods"}, {"cluster", "us"}}, 110);
  const auto nodes = table.build().largest_nodes;
  CHECK(nodes.at("eu") == PerResource<std::optional<double>>{{32.0, 1e11}});
  CHECK(nodes.at("us") == PerResource<std::optional<double>>{{8.0, std::nullopt}});
}

TEST_CASE("bounds are of the cluster and the exported namespace of their rows") {
  BoundsTable table("cluster");
  Labels row = limit_range("a", "max", "cpu");
  row.set("namespace", "monitoring");
  row.set("exported_namespace", "shop");
  row.set("cluster", "eu");
  table.add_limit_range(row, 2);
  const ClusterFacts facts = table.build();
  REQUIRE(facts.namespaces.size() == 1);
  CHECK(facts.namespaces.begin()->first == NamespaceKey{"eu", "shop"});
}
