#include "inventory/read_pools.hpp"

#include "support/canned_answers.hpp"
#include "support/catch.hpp"

using namespace loadline;
using test::FakeTransport;
using test::vector_answer;

namespace {

const TimeRange kWindow{from_unix_ms(1'700'000'000'000), from_unix_ms(1'700'086'400'000)};
const WorkloadKey kWeb{"", "shop", "Deployment", "web"};
const std::string kLabel = "label_pool";

Result<Inventory> read_from(FakeTransport& http) {
  test::answer_rest_empty(http);
  QueryApi api(http, {});
  ClusterQueries queries(api, kWindow, "");
  Inventory inventory;
  for (const char* pod : {"web-a", "web-b", "web-c", "web-d"}) {
    inventory.owners_[{"", "shop", pod}] = kWeb;
  }
  inventory.workloads_[kWeb] = {.live_pods = 4};
  if (auto read = read_pools(queries, kLabel, inventory); !read) {
    return tl::unexpected(read.error());
  }
  return inventory;
}

Labels node(const std::string& name, const std::string& pool) {
  return {{"node", name}, {kLabel, pool}};
}
Labels pod_on(const std::string& pod, const std::string& name) {
  return {{"namespace", "shop"}, {"pod", pod}, {"node", name}};
}

}  // namespace

TEST_CASE("pods are counted by the pool of their node") {
  FakeTransport http;
  http.on("/api/v1/query", "kube_node_labels",
          vector_answer({{node("n1", "spot"), 1}, {node("n2", "spot"), 1}, {node("n3", ""), 1}}));
  http.on("/api/v1/query", "kube_pod_info",
          vector_answer({{pod_on("web-a", "n1"), 1},
                         {pod_on("web-b", "n2"), 1},
                         {pod_on("web-c", "n3"), 1},
                         {pod_on("web-d", "gone"), 1},
                         {pod_on("stranger", "n1"), 1}}));
  const auto inventory = read_from(http);
  REQUIRE(inventory);
  CHECK(inventory->find(kWeb)->pools == std::vector<PoolShare>{{"", 2}, {"spot", 2}});
  CHECK(inventory->workloads_.size() == 1);
}

TEST_CASE("only living pods are asked for, and a pod that moved counts once") {
  FakeTransport http;
  http.on("/api/v1/query", "kube_node_labels", vector_answer({{node("n1", "spot"), 1}}));
  http.on("/api/v1/query", "kube_pod_info",
          vector_answer({{pod_on("web-a", "n1"), 1}, {pod_on("web-a", "n2"), 1}}));
  const auto inventory = read_from(http);
  REQUIRE(inventory);
  CHECK(inventory->find(kWeb)->pools == std::vector<PoolShare>{{"spot", 1}});
  const std::string pods = test::asked(http, "/api/v1/query", "query").back();
  CHECK(pods.find(R"() and on (namespace,exported_namespace,pod,exported_pod) ()"
                  R"({__name__="kube_pod_status_phase",phase=~"Pending|Running"} == 1))") !=
        std::string::npos);
}

TEST_CASE("without labels of nodes the pods are not asked for") {
  FakeTransport http;
  const auto inventory = read_from(http);
  REQUIRE(inventory);
  CHECK(inventory->find(kWeb)->pools.empty());
  CHECK(http.requests().size() == 1);
}
