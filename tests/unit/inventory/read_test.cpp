#include "loadline/inventory/read.hpp"

#include <algorithm>
#include <string>

#include "support/canned_answers.hpp"
#include "support/catch.hpp"
#include "support/fake_transport.hpp"

using namespace loadline;
using test::answer_rest_empty;
using test::asked;
using test::CannedAnswer;
using test::count_containing;
using test::FakeTransport;
using test::parameter;
using test::series_answer;
using test::vector_answer;

namespace {

const TimeRange kWindow{from_unix_ms(1'700'000'000'000), from_unix_ms(1'700'086'400'000)};

Result<Inventory> read_from(FakeTransport& http, const InventoryOptions& options = {},
                            std::vector<Matcher> extra = {}) {
  QueryApi api(http, {std::move(extra)});
  return read_inventory(api, kWindow, options);
}

}  // namespace

TEST_CASE("without kube-state-metrics the inventory is empty, which is no error") {
  FakeTransport http;
  answer_rest_empty(http);
  const auto inventory = read_from(http);
  REQUIRE(inventory);
  CHECK_FALSE(inventory->has_kube_state_metrics());
  CHECK(inventory->workloads_.empty());
}

TEST_CASE("owners come from the index over the window, values from its last instant") {
  FakeTransport http;
  answer_rest_empty(http);
  REQUIRE(read_from(http));
  for (const std::string& start : asked(http, "/api/v1/series", "start")) {
    CHECK(start == "1700000000.000");
  }
  for (const std::string& end : asked(http, "/api/v1/series", "end")) {
    CHECK(end == "1700086399.999");
  }
  for (const std::string& time : asked(http, "/api/v1/query", "time")) {
    CHECK(time == "1700086399.999");
  }
  CHECK(http.requests().size() == 17);
}

TEST_CASE("the answers make an inventory") {
  FakeTransport http;
  http.on("/api/v1/series", "kube_pod_owner",
          series_answer({{{"namespace", "shop"},
                          {"pod", "web-7b5f8d98c6-x2z4q"},
                          {"owner_kind", "ReplicaSet"},
                          {"owner_name", "web-7b5f8d98c6"},
                          {"owner_is_controller", "true"}}}));
  http.on("/api/v1/series", "kube_replicaset_owner",
          series_answer({{{"namespace", "shop"},
                          {"replicaset", "web-7b5f8d98c6"},
                          {"owner_kind", "Rollout"},
                          {"owner_name", "web"}}}));
  http.on("/api/v1/series", "kube_pod_init_container_info",
          series_answer({{{"namespace", "shop"},
                          {"pod", "web-7b5f8d98c6-x2z4q"},
                          {"container", "proxy"},
                          {"restart_policy", "Always"}}}));
  const Labels app{{"namespace", "shop"},
                   {"pod", "web-7b5f8d98c6-x2z4q"},
                   {"container", "app"},
                   {"resource", "cpu"}};
  http.on("/api/v1/query", "kube_pod_container_resource_requests", vector_answer({{app, 0.25}}));
  http.on("/api/v1/query", "kube_pod_container_resource_limits", vector_answer({{app, 1}}));
  http.on("/api/v1/query", "kube_pod_status_phase",
          vector_answer({{{{"namespace", "shop"}, {"pod", "web-7b5f8d98c6-x2z4q"}}, 1}}));
  http.on("/api/v1/query", "kube_pod_container_info", vector_answer({{app, 1}}));
  answer_rest_empty(http);
  const auto inventory = read_from(http);
  REQUIRE(inventory);
  const WorkloadKey web{"", "shop", "Rollout", "web"};
  CHECK(inventory->owner_of({"", "shop", "web-7b5f8d98c6-x2z4q"}) ==
        PodOwner{web, OwnerSource::kKubeStateMetrics});
  REQUIRE(inventory->find(web) != nullptr);
  CHECK(inventory->find(web)->live_pods == 1);
  CHECK(inventory->find(ContainerKey{web, "proxy"})->type == ContainerType::kSidecar);
  CHECK(inventory->find(ContainerKey{web, "app"})->current[Resource::kCpu] ==
        Requirement{.request = 0.25, .limit = 1.0});
}

TEST_CASE("values are asked for with just the labels that are looked at") {
  FakeTransport http;
  answer_rest_empty(http);
  REQUIRE(read_from(http, {.cluster_label = "region"}, {{"tier", MatchOp::kEqual, "prod"}}));
  const auto queries = asked(http, "/api/v1/query", "query");
  CHECK(queries.size() == 12);
  CHECK(count_containing(queries,
                         "max by (namespace,pod,container,resource,uid,"
                         "exported_namespace,exported_pod,exported_container,region) (") == 7);
  CHECK(count_containing(queries, "tier=\"prod\"") == 12);
  CHECK(count_containing(queries, ",region) (") == 12);
  CHECK(count_containing(asked(http, "/api/v1/series", "match[]"), "tier=\"prod\"") == 5);
  CHECK(count_containing(queries,
                         R"({__name__="kube_pod_status_phase",phase=~"Pending|Running")") == 1);
}

TEST_CASE("each request that fails is an error that names what was read") {
  struct Row {
    std::string_view path{};
    std::string_view metric{};
  };
  const Row row = GENERATE(values<Row>({{"/api/v1/series", "kube_pod_owner"},
                                        {"/api/v1/series", "kube_replicaset_owner"},
                                        {"/api/v1/series", "kube_job_owner"},
                                        {"/api/v1/series", "kube_pod_init_container_info"},
                                        {"/api/v1/query", "kube_pod_container_resource_requests"},
                                        {"/api/v1/query", "kube_pod_container_resource_limits"},
                                        {"/api/v1/query", "kube_pod_created"},
                                        {"/api/v1/query", "kube_pod_status_phase"},
                                        {"/api/v1/query", "kube_pod_container_info"}}));
  CAPTURE(row.metric);
  FakeTransport http;
  http.on(std::string(row.path), std::string(row.metric),
          {.status = 401, .body = "who are you", .content_type = "text/plain"});
  answer_rest_empty(http);
  const auto inventory = read_from(http);
  REQUIRE_FALSE(inventory);
  CHECK(inventory.error().kind == ErrorKind::kUnauthorized);
  CHECK(inventory.error().message.find("reading " + std::string(row.metric) + ": ") == 0);
}

TEST_CASE("garbage and a lost connection are errors, never an empty answer") {
  FakeTransport garbage;
  garbage.on("/api/v1/series", {.body = "<html>login</html>", .content_type = "text/html"});
  CHECK_FALSE(read_from(garbage));
  FakeTransport lost;
  lost.on("/api/v1/series", {.error = Error{ErrorKind::kUnreachable, "connection reset"}});
  const auto inventory = read_from(lost);
  REQUIRE_FALSE(inventory);
  CHECK(inventory.error().kind == ErrorKind::kUnreachable);
}

namespace {

Labels job_pod(const std::string& name) {
  return {{"namespace", "shop"}, {"pod", name}, {"owner_kind", "Job"}, {"owner_name", name}};
}

}  // namespace

TEST_CASE("the last values of a workload without a pod are found inside the window") {
  FakeTransport http;
  http.on("/api/v1/series", "kube_pod_owner", series_answer({job_pod("once")}));
  http.on("/api/v1/series", "kube_pod_container_info",
          series_answer({{{"namespace", "shop"}, {"pod", "once"}, {"container", "app"}},
                         {{"namespace", "shop"}, {"pod", "once"}, {"container", "unset"}}}));
  const Labels app{
      {"namespace", "shop"}, {"pod", "once"}, {"container", "app"}, {"resource", "memory"}};
  http.on("/api/v1/query", "last_over_time({__name__=~\"kube_pod_container_resource_requests|",
          vector_answer({{app, 1024}}));
  answer_rest_empty(http);
  const auto inventory = read_from(http);
  REQUIRE(inventory);
  const WorkloadKey once{"", "shop", "Job", "once"};
  CHECK(inventory->find(once)->live_pods == 0);
  const ContainerFacts* facts = inventory->find(ContainerKey{once, "app"});
  REQUIRE(facts != nullptr);
  CHECK(facts->current[Resource::kMemory].request == 1024);
  const ContainerFacts* unset = inventory->find(ContainerKey{once, "unset"});
  REQUIRE(unset != nullptr);
  CHECK(unset->current_known);
  CHECK(unset->current == Requirements{});
  const auto queries = asked(http, "/api/v1/query", "query");
  CHECK(count_containing(queries, R"(namespace="shop",pod="once")") == 3);
  CHECK(count_containing(queries, "[86400000ms]") == 3);
}

TEST_CASE("a living workload's pods are not asked for again") {
  FakeTransport http;
  http.on("/api/v1/series", "kube_pod_owner", series_answer({job_pod("once")}));
  http.on("/api/v1/query", "kube_pod_created",
          vector_answer({{{{"namespace", "shop"}, {"pod", "once"}}, 1}}));
  answer_rest_empty(http);
  REQUIRE(read_from(http));
  CHECK(count_containing(asked(http, "/api/v1/query", "query"), "last_over_time") == 0);
}

TEST_CASE("many dead pods are asked for in batches that fit a URL, each pod once") {
  FakeTransport http;
  std::vector<Labels> rows;
  for (int i = 0; i < 1'000; ++i) rows.push_back(job_pod("import.of-" + std::to_string(i)));
  http.on("/api/v1/series", "kube_pod_owner", series_answer(rows));
  answer_rest_empty(http);
  REQUIRE(read_from(http));
  std::size_t seen = 0;
  for (const HttpRequest& request : http.requests()) {
    CHECK(request.body.size() < 8'000);
    const std::string query = parameter(request, "query");
    if (query.find("last_over_time({__name__=\"kube_pod_created\"") == std::string::npos) continue;
    CHECK(query.find(R"(import\\.of-)") != std::string::npos);
    seen += static_cast<std::size_t>(std::count(query.begin(), query.end(), '|')) + 1;
  }
  CHECK(seen == 1'000);
}

TEST_CASE("namespaces and clusters are never mixed in a batch") {
  FakeTransport http;
  std::vector<Labels> rows;
  for (const char* cluster : {"eu", "us"}) {
    for (const char* space : {"a", "b"}) {
      Labels row = job_pod("once");
      row.set("namespace", space);
      row.set("cluster", cluster);
      rows.push_back(row);
    }
  }
  http.on("/api/v1/series", "kube_pod_owner", series_answer(rows));
  answer_rest_empty(http);
  REQUIRE(read_from(http, {.cluster_label = "cluster"}));
  const auto queries = asked(http, "/api/v1/query", "query");
  for (const char* selector :
       {R"(namespace="a",pod="once",cluster="eu")", R"(namespace="b",pod="once",cluster="eu")",
        R"(namespace="a",pod="once",cluster="us")", R"(namespace="b",pod="once",cluster="us")"}) {
    CAPTURE(selector);
    CHECK(count_containing(queries, selector) == 3);
  }
}

TEST_CASE("dead pods are asked for by the labels under which they are named") {
  FakeTransport http;
  http.on("/api/v1/series", "kube_pod_owner",
          series_answer({{{"namespace", "metrics"},
                          {"pod", "ksm-0"},
                          {"exported_namespace", "shop"},
                          {"exported_pod", "once"},
                          {"owner_kind", "Job"},
                          {"owner_name", "once"}}}));
  answer_rest_empty(http);
  REQUIRE(read_from(http));
  const auto queries = asked(http, "/api/v1/query", "query");
  CHECK(count_containing(queries, R"(exported_namespace="shop",exported_pod="once")") == 3);
  CHECK(count_containing(queries, "last_over_time") == 3);
}

TEST_CASE("a failure while reading dead pods is an error too") {
  FakeTransport http;
  http.on("/api/v1/series", "kube_pod_owner", series_answer({job_pod("once")}));
  http.on("/api/v1/query", "last_over_time({__name__=\"kube_pod_created\"",
          {.status = 503, .body = "overloaded", .content_type = "text/plain"});
  answer_rest_empty(http);
  const auto inventory = read_from(http);
  REQUIRE_FALSE(inventory);
  CHECK(inventory.error().message.find("reading kube_pod_created: ") == 0);
}
