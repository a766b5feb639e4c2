#include "loadline/inventory/audit.hpp"
#include "support/catch.hpp"
#include "support/fake_transport.hpp"

using namespace loadline;
using test::FakeTransport;
using test::parameter;

namespace {

const MetricUse kCpu{"container_cpu_usage_seconds_total", MetricNeed::kNeeded, ""};
const MetricUse kOwner{"kube_pod_owner", MetricNeed::kWanted, ""};

/// A series of a container as the kubelet gives it, with these labels changed or (empty) dropped.
Labels usage_series(const Labels& changed, const std::vector<std::string>& dropped = {}) {
  Labels labels{{"namespace", "shop"},       {"pod", "web-0"},      {"container", "app"},
                {"id", "/kubepods/a"},       {"image", "shop:1.0"}, {"cpu", "total"},
                {"instance", "node-1:10250"}};
  for (const auto& [name, value] : changed.pairs()) labels.set(name, value);
  for (const std::string& name : dropped) labels.set(name, "");
  return labels;
}

}  // namespace

TEST_CASE("a metric without series is not found") {
  const MetricSighting sighting = sighting_of(kCpu, {}, "");
  CHECK_FALSE(sighting.found());
  CHECK(sighting.example.empty());
}

TEST_CASE("usage in good order has nothing to note") {
  const MetricSighting sighting =
      sighting_of(kCpu, {usage_series({}), usage_series({{"id", "/kubepods/b"}})}, "");
  CHECK(sighting.series == 2);
  CHECK(sighting.label_names.size() == 7);
  CHECK(sighting.example == usage_series({}));
  CHECK(sighting.without_container + sighting.per_core + sighting.without_image +
            sighting.without_id + sighting.exported + sighting.duplicates ==
        0);
}

TEST_CASE("rows of cgroups and pause containers are counted apart") {
  const MetricSighting sighting = sighting_of(
      kCpu,
      {usage_series({{"id", "/kubepods"}}, {"container", "image"}),
       usage_series({{"container", "POD"}, {"id", "/pause"}}, {"image"}), usage_series({})},
      "");
  CHECK(sighting.without_container == 2);
  CHECK(sighting.without_image == 0);
  CHECK(sighting.example == usage_series({}));
}

TEST_CASE("cores, missing labels and exported ones are counted") {
  const MetricSighting sighting =
      sighting_of(kCpu,
                  {usage_series({{"cpu", "cpu00"}}), usage_series({{"cpu", "cpu01"}}),
                   usage_series({{"id", "/b"}}, {"image"}), usage_series({{"pod", "b"}}, {"id"}),
                   usage_series({{"exported_pod", "web-1"}, {"id", "/c"}}, {"cpu"})},
                  "");
  CHECK(sighting.per_core == 2);
  CHECK(sighting.without_image == 1);
  CHECK(sighting.without_id == 1);
  CHECK(sighting.exported == 1);
}

TEST_CASE("the same measured twice is a duplicate, and the labels that differ are named") {
  struct Row {
    std::string_view what{};
    std::vector<Labels> series{};
    std::size_t duplicates = 0;
    std::set<std::string> differing{};
  };
  const std::vector<Row> rows = {
      {"another replica of Prometheus",
       {usage_series({{"prometheus_replica", "a"}}), usage_series({{"prometheus_replica", "b"}})},
       1,
       {"prometheus_replica"}},
      {"another job, with a label that the first lacks",
       {usage_series({{"job", "kubelet"}}), usage_series({{"job", "cadvisor"}, {"node", "n"}})},
       1,
       {"job", "node"}},
      {"three of one",
       {usage_series({{"replica", "a"}}), usage_series({{"replica", "b"}}),
        usage_series({{"replica", "c"}})},
       2,
       {"replica"}},
      {"a restarted container", {usage_series({}), usage_series({{"id", "/b"}})}, 0, {}},
      {"two cores", {usage_series({{"cpu", "cpu00"}}), usage_series({{"cpu", "cpu01"}})}, 0, {}},
      {"the very same labels", {usage_series({}), usage_series({})}, 0, {}},
      {"nothing to tell a restart by",
       {usage_series({{"image", "a"}}, {"id"}), usage_series({{"image", "b"}}, {"id"})},
       0,
       {}},
      {"cgroups",
       {usage_series({{"replica", "a"}}, {"container"}),
        usage_series({{"replica", "b"}}, {"container"})},
       0,
       {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const MetricSighting sighting = sighting_of(kCpu, row.series, "");
    CHECK(sighting.duplicates == row.duplicates);
    CHECK(sighting.duplicate_labels == row.differing);
  }
}

TEST_CASE("another cluster is another series where its label is configured") {
  const std::vector<Labels> series = {usage_series({{"region", "eu"}}),
                                      usage_series({{"region", "us"}})};
  CHECK(sighting_of(kCpu, series, "").duplicates == 1);
  const MetricSighting sighting = sighting_of(kCpu, series, "region");
  CHECK(sighting.duplicates == 0);
  CHECK(sighting.cluster_values.at("region") == std::set<std::string>{"eu", "us"});
}

TEST_CASE("replicas of kube-state-metrics are seen as duplicates") {
  const Labels row{{"namespace", "shop"}, {"pod", "a"}, {"owner_kind", "Job"}, {"owner_name", "a"}};
  Labels again = row;
  again.set("instance", "b");
  const MetricSighting sighting = sighting_of(kOwner, {row, again}, "");
  CHECK(sighting.duplicates == 1);
  CHECK(sighting.duplicate_labels == std::set<std::string>{"instance"});
  CHECK(sighting.owner_kinds.size() == 1);
  CHECK(sighting.owner_kinds.contains("Job"));
}

TEST_CASE("the values of labels that tell clusters apart are kept, a few of them") {
  std::vector<Labels> series;
  for (int i = 0; i < 50; ++i) {
    series.push_back(
        usage_series({{"cluster", "c" + std::to_string(i)}, {"id", std::to_string(i)}}));
  }
  CHECK(sighting_of(kCpu, series, "").cluster_values.at("cluster").size() == 20);
}

TEST_CASE("every metric in use is looked for over the recent range") {
  FakeTransport http;
  http.on("/api/v1/series", "kube_pod_owner",
          {.body = R"({"status":"success","data":[{"namespace":"shop","pod":"a"}]})"});
  http.on("/api/v1/series", {.body = R"({"status":"success","data":[]})"});
  QueryApi api(http, {});
  const auto sightings =
      sight_metrics(api, {from_unix_ms(1'700'000'000'000), from_unix_ms(1'700'000'600'000)});
  REQUIRE(sightings);
  REQUIRE(sightings->size() == metrics_in_use().size());
  for (std::size_t i = 0; i < sightings->size(); ++i) {
    CHECK((*sightings)[i].name == metrics_in_use()[i].name);
    CHECK((*sightings)[i].found() == ((*sightings)[i].name == "kube_pod_owner"));
    CHECK(parameter(http.requests()[i], "match[]").find((*sightings)[i].name) != std::string::npos);
    CHECK(parameter(http.requests()[i], "start") == "1700000000.000");
  }
}

TEST_CASE("a look that fails names the metric") {
  FakeTransport http;
  http.on("/api/v1/series", "kube_job_owner", {.status = 403, .body = "no"});
  http.on("/api/v1/series", {.body = R"({"status":"success","data":[]})"});
  QueryApi api(http, {});
  const auto sightings = sight_metrics(api, {from_unix_ms(0), from_unix_ms(600'000)});
  REQUIRE_FALSE(sightings);
  CHECK(sightings.error().kind == ErrorKind::kUnauthorized);
  CHECK(sightings.error().message.find("looking for kube_job_owner: ") == 0);
}
