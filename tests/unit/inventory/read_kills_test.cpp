#include "inventory/read_kills.hpp"

#include "support/canned_answers.hpp"
#include "support/catch.hpp"

using namespace loadline;
using test::asked;
using test::count_containing;
using test::FakeTransport;
using test::series_answer;
using test::vector_answer;

namespace {

constexpr double kStart = 1'700'000'000;  // seconds
const TimeRange kDay{from_unix_ms(1'700'000'000'000), from_unix_ms(1'700'086'400'000)};
const TimeRange kMinutes{kDay.end - std::chrono::minutes(10), kDay.end};
const WorkloadKey kImporter{"", "data", "Deployment", "importer"};

const Labels kApp{{"namespace", "data"}, {"pod", "importer-a"}, {"container", "app"}};

constexpr const char* kEnd = "last_terminated_timestamp";
constexpr const char* kRestartCount = "count_over_time((({__name__=\"kube_pod_container_status_re";
constexpr const char* kRestartTime = "max_over_time((((({__name__=\"kube_pod_container_status_re";

constexpr const char* kEventTime = "max_over_time(((({__name__=\"container_oom_events_total";

Result<OomKills> read_from(FakeTransport& http, TimeRange window = kDay) {
  test::answer_rest_empty(http);
  QueryApi api(http, {});
  ClusterQueries queries(api, window, "");
  Inventory inventory;
  inventory.owners_[{"", "data", "importer-a"}] = kImporter;
  inventory.workloads_[kImporter] = {.live_pods = 1, .containers = {{"app", {}}}};
  if (auto read = read_kills(queries, kDay.start, inventory); !read)
    return tl::unexpected(read.error());
  return inventory.find(ContainerKey{kImporter, "app"})->oom_kills;
}

/// The index says that it was killed.
void accuse(FakeTransport& http) {
  http.on("/api/v1/series", "OOMKilled", series_answer({kApp}));
}

}  // namespace

TEST_CASE("where nothing was killed two questions say so") {
  FakeTransport http;
  CHECK(read_from(http) == OomKills{});
  REQUIRE(http.requests().size() == 2);
  CHECK(asked(http, "/api/v1/series", "match[]").front() ==
        R"({__name__="kube_pod_container_status_last_terminated_reason",reason="OOMKilled"})");
}

TEST_CASE("an empty window asks nothing") {
  FakeTransport http;
  CHECK(read_from(http, {kDay.end, kDay.start}) == OomKills{});
  CHECK(http.requests().empty());
}

TEST_CASE("a killed container has its time, its count and the limit of its pod") {
  FakeTransport http;
  accuse(http);
  http.on("/api/v1/query", kEnd, vector_answer({{kApp, kStart + 3'600}}));
  http.on("/api/v1/query", kRestartCount, vector_answer({{kApp, 3}}));
  http.on("/api/v1/query", "kube_pod_container_resource_limits",
          vector_answer({{kApp, 512.0 * 1024 * 1024}}));
  CHECK(read_from(http) ==
        OomKills{.count = 3, .last_ms = 1'700'003'600'000, .limit_bytes = 512.0 * 1024 * 1024});
  const auto queries = asked(http, "/api/v1/query", "query");
  CHECK(queries.size() == 4);
  CHECK(count_containing(queries, R"(namespace="data",pod="importer-a")") == 3);
  CHECK(count_containing(queries, "[86400000ms:300000ms]") == 2);
  CHECK(count_containing(queries, "[86700000ms]") == 1);
}

TEST_CASE(
    "without the time of the end the restarts tell when, and the reason alone tells nothing") {
  FakeTransport silent;
  accuse(silent);
  CHECK(read_from(silent) == OomKills{});
  FakeTransport http;
  accuse(http);
  http.on("/api/v1/query", kRestartTime, vector_answer({{kApp, kStart + 600}}));
  http.on("/api/v1/query", kRestartCount, vector_answer({{kApp, 1}}));
  CHECK(read_from(http) == OomKills{.count = 1, .last_ms = 1'700'000'600'000});
}

TEST_CASE("what is asked of the states of a pod, word by word") {
  FakeTransport http;
  accuse(http);
  REQUIRE(read_from(http));
  const std::string labels =
      "(namespace,pod,container,resource,uid,exported_namespace,exported_pod,exported_container)";
  const std::string pod = R"(namespace="data",pod="importer-a")";
  const std::string state = " and on " + labels +
                            R"( ({__name__="kube_pod_container_status_last_terminated_reason",)" +
                            pod + R"(,reason="OOMKilled"} == 1))";
  const std::string restarts =
      R"({__name__="kube_pod_container_status_restarts_total",)" + pod + "}";
  const std::string risen = "(" + restarts + " > " + restarts + " offset 5m)" + state;
  const auto queries = asked(http, "/api/v1/query", "query");
  CHECK(queries.at(0) == "max by " + labels +
                             R"( (max_over_time((({__name__="kube_pod_container_status_last_)"
                             R"(terminated_timestamp",)" +
                             pod + "})" + state + ")[86400000ms:300000ms]))");
  CHECK(queries.at(1) ==
        "max by " + labels + " (count_over_time((" + risen + ")[86400000ms:300000ms]))");
  CHECK(queries.at(2) == "max by " + labels + " (max_over_time((((" + risen +
                             ") * 0 + time()))[86400000ms:300000ms]))");
}

TEST_CASE("a short window asks of the whole cluster at once") {
  FakeTransport http;
  accuse(http);
  http.on("/api/v1/query", kEnd, vector_answer({{kApp, kStart + 86'100}}));
  REQUIRE(read_from(http, kMinutes));
  const auto queries = asked(http, "/api/v1/query", "query");
  CHECK(count_containing(queries, "[600000ms:300000ms]") == 2);
  CHECK(count_containing(queries, R"(pod="importer-a")") == 1);  // the limit's
}

TEST_CASE("a kill that an earlier window counted is told with its time alone") {
  FakeTransport http;
  accuse(http);
  http.on("/api/v1/query", kEnd, vector_answer({{kApp, kStart + 60}}));
  CHECK(read_from(http, kMinutes) == OomKills{.count = 0, .last_ms = 1'700'000'060'000});
  CHECK(count_containing(asked(http, "/api/v1/query", "query"), "resource_limits") == 0);
}

TEST_CASE("events of cAdvisor are asked for where there are any, with their time") {
  FakeTransport http;
  http.on("/api/v1/query", "sum_over_time(", vector_answer({{kApp, 2}}));
  http.on("/api/v1/query", kEventTime, vector_answer({{kApp, kStart + 900}}));
  http.on("/api/v1/query", "container_oom_events_total", vector_answer({{kApp, 7}}));
  CHECK(read_from(http) == OomKills{.count = 2, .last_ms = 1'700'000'900'000});
  const auto queries = asked(http, "/api/v1/query", "query");
  CHECK(queries.size() == 4);
  CHECK(count_containing(queries, R"(pod="importer-a",container!="",container!="POD")") == 2);
}

TEST_CASE("each request for kills that fails is an error that names what was read") {
  struct Row {
    std::string path{};
    std::string containing{};
    std::string metric{};
  };
  for (const Row& row :
       {Row{"/api/v1/series", "OOMKilled", "kube_pod_container_status_last_terminated_reason"},
        Row{"/api/v1/query", kEnd, "kube_pod_container_status_last_terminated_timestamp"},
        Row{"/api/v1/query", kRestartCount, "kube_pod_container_status_restarts_total"},
        Row{"/api/v1/query", kRestartTime, "kube_pod_container_status_restarts_total"},
        Row{"/api/v1/query", "sum_over_time(", "container_oom_events_total"},
        Row{"/api/v1/query", kEventTime, "container_oom_events_total"},
        Row{"/api/v1/query", "container_oom_events_total", "container_oom_events_total"},
        Row{"/api/v1/query", "resource_limits", "kube_pod_container_resource_limits"}}) {
    CAPTURE(row.containing);
    FakeTransport http;
    http.on(row.path, row.containing, {.status = 503, .body = "overloaded"});
    accuse(http);
    http.on("/api/v1/query", kRestartTime, vector_answer({{kApp, kStart + 600}}));
    http.on("/api/v1/query", "container_oom_events_total", vector_answer({{kApp, 7}}));
    const auto kills = read_from(http);
    REQUIRE_FALSE(kills);
    CHECK(kills.error().message.find("reading " + row.metric + ": ") == 0);
  }
}
