#include "inventory/read_facts.hpp"

#include "support/canned_answers.hpp"
#include "support/catch.hpp"

using namespace loadline;
using test::FakeTransport;
using test::vector_answer;

namespace {

const TimeRange kWindow{from_unix_ms(1'700'000'000'000), from_unix_ms(1'700'086'400'000)};
const WorkloadKey kWeb{"", "shop", "Deployment", "web"};

Inventory web() {
  Inventory inventory;
  for (const char* pod : {"web-a", "web-b"}) inventory.owners_[{"", "shop", pod}] = kWeb;
  inventory.workloads_[kWeb] = {.live_pods = 2, .containers = {{"app", {}}, {"proxy", {}}}};
  return inventory;
}

Result<Inventory> read_from(FakeTransport& http) {
  test::answer_rest_empty(http);
  QueryApi api(http, {});
  ClusterQueries queries(api, kWindow, "");
  Inventory inventory = web();
  if (auto read = read_facts(queries, inventory); !read) return tl::unexpected(read.error());
  return inventory;
}

Labels container_of(const std::string& pod, const std::string& container) {
  return {{"namespace", "shop"}, {"pod", pod}, {"container", container}};
}

}  // namespace

TEST_CASE("without the optional metrics the facts stay empty, in six small questions at most") {
  FakeTransport http;
  const auto inventory = read_from(http);
  REQUIRE(inventory);
  CHECK(inventory->workloads_ == web().workloads_);
  CHECK(inventory->cluster_ == ClusterFacts{});
  CHECK(http.requests().size() == 5);  // no autoscaler, so nothing to ask of its metrics
}

TEST_CASE("throttling is that of the worst replica, to a hundredth") {
  FakeTransport http;
  http.on("/api/v1/query", "container_cpu_cfs_throttled_periods_total",
          vector_answer({{container_of("web-a", "app"), 0.25},
                         {container_of("web-b", "app"), 0.4321},
                         {container_of("web-b", "proxy"), 1.7},
                         {container_of("stranger", "app"), 0.9},
                         {container_of("web-a", ""), 0.9}}));
  const auto inventory = read_from(http);
  REQUIRE(inventory);
  CHECK(inventory->find(ContainerKey{kWeb, "app"})->throttled_ratio == 0.43);
  CHECK(inventory->find(ContainerKey{kWeb, "proxy"})->throttled_ratio == 1.0);
  CHECK(inventory->workloads_.size() == 1);
  CHECK(inventory->find(kWeb)->containers.size() == 2);
}

TEST_CASE("throttling is divided on the server, where only what is throttled leaves it") {
  FakeTransport http;
  REQUIRE(read_from(http));
  const std::string query = test::asked(http, "/api/v1/query", "query").front();
  const std::string by =
      "sum by "
      "(namespace,pod,container,resource,uid,exported_namespace,exported_pod,exported_container) (";
  CHECK(query == by +
                     R"({__name__="container_cpu_cfs_throttled_periods_total",container!="",)"
                     R"(container!="POD"}) / )" +
                     by +
                     R"({__name__="container_cpu_cfs_periods_total",container!="",)"
                     R"(container!="POD"}) > 0.01)");
}

TEST_CASE("autoscalers, LimitRanges, quotas and nodes find their places") {
  FakeTransport http;
  const Labels scaler{{"namespace", "shop"}, {"horizontalpodautoscaler", "web"}};
  Labels target = scaler;
  target.set("scaletargetref_kind", "Deployment");
  target.set("scaletargetref_name", "web");
  Labels metric = scaler;
  metric.set("metric_name", "cpu");
  metric.set("metric_target_type", "utilization");
  http.on("/api/v1/query", "kube_horizontalpodautoscaler_info", vector_answer({{target, 1}}));
  http.on("/api/v1/query", "kube_horizontalpodautoscaler_spec_target_metric",
          vector_answer({{metric, 70}}));
  http.on("/api/v1/query", "kube_limitrange",
          vector_answer({{{{"namespace", "shop"},
                           {"constraint", "max"},
                           {"type", "Container"},
                           {"resource", "cpu"}},
                          8}}));
  const Labels quota{{"namespace", "shop"}, {"resourcequota", "q"}, {"resource", "limits.memory"}};
  Labels hard = quota;
  hard.set("type", "hard");
  Labels used = quota;
  used.set("type", "used");
  http.on("/api/v1/query", "kube_resourcequota", vector_answer({{hard, 100}, {used, 40}}));
  http.on("/api/v1/query", "kube_node_status_allocatable",
          vector_answer({{{{"resource", "cpu"}}, 15.5}}));
  const auto inventory = read_from(http);
  REQUIRE(inventory);
  CHECK(inventory->find(kWeb)->autoscaler == "web");
  CHECK(inventory->find(kWeb)->autoscaled == PerResource<bool>{{true, false}});
  const NamespaceFacts& shop = inventory->cluster_.namespaces.at({"", "shop"});
  CHECK(shop.bounds[Resource::kCpu].most == 8.0);
  CHECK(shop.quota_left[Resource::kMemory].limit == 60.0);
  CHECK(inventory->cluster_.largest_nodes.at("")[Resource::kCpu] == 15.5);
}

TEST_CASE("each of these requests that fails is an error that names what was read") {
  for (const std::string metric :
       {"container_cpu_cfs_throttled_periods_total", "kube_horizontalpodautoscaler_info",
        "kube_horizontalpodautoscaler_spec_target_metric", "kube_limitrange", "kube_resourcequota",
        "kube_node_status_allocatable"}) {
    CAPTURE(metric);
    FakeTransport http;
    http.on("/api/v1/query", metric, {.status = 503, .body = "overloaded"});
    http.on("/api/v1/query", "kube_horizontalpodautoscaler_info",
            vector_answer({{{{"namespace", "shop"}, {"horizontalpodautoscaler", "web"}}, 1}}));
    const auto inventory = read_from(http);
    REQUIRE_FALSE(inventory);
    CHECK(inventory.error().message.find("reading " + metric + ": ") == 0);
  }
}
