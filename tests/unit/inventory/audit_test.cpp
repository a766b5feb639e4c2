#include "loadline/inventory/audit.hpp"

#include <algorithm>

#include "support/catch.hpp"

using namespace loadline;

namespace {

/// A Prometheus in good order: every metric there, all of the window.
AuditFacts healthy() {
  AuditFacts facts;
  facts.window = {*parse_time("2026-11-10T00:00:00Z"), *parse_time("2026-11-24T16:00:00Z")};
  facts.history_start = facts.window.start;
  for (const MetricUse& use : metrics_in_use()) {
    MetricSighting metric;
    metric.name = std::string(use.name);
    metric.need = use.need;
    metric.series = 10;
    metric.label_names = {"container", "id", "image", "namespace", "pod"};
    if (use.name == "kube_pod_owner") metric.owner_kinds = {"Job", "ReplicaSet"};
    facts.metrics.push_back(metric);
  }
  return facts;
}

MetricSighting& metric_in(AuditFacts& facts, std::string_view name) {
  const auto at =
      std::find_if(facts.metrics.begin(), facts.metrics.end(),
                   [name](const MetricSighting& metric) { return metric.name == name; });
  REQUIRE(at != facts.metrics.end());
  return *at;
}

constexpr std::string_view kCpu = "container_cpu_usage_seconds_total";

/// The findings that a healthy Prometheus would not have.
std::vector<Finding> news_in(const AuditFacts& facts) {
  const std::vector<Finding> usual = audit(healthy());
  std::vector<Finding> news = audit(facts);
  std::erase_if(news, [&usual](const Finding& finding) {
    return std::find(usual.begin(), usual.end(), finding) != usual.end();
  });
  return news;
}

Finding only_news(const AuditFacts& facts) {
  const std::vector<Finding> news = news_in(facts);
  REQUIRE(news.size() == 1);
  return news.front();
}

bool says(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a Prometheus in good order has good findings only, one a metric and the history") {
  const std::vector<Finding> findings = audit(healthy());
  CHECK(findings.size() == metrics_in_use().size() + 1);
  CHECK(worst_of(findings) == Severity::kOk);
  for (const Finding& finding : findings) {
    CHECK_FALSE(finding.subject.empty());
    CHECK_FALSE(finding.sentence.empty());
    CHECK(finding.mend.empty());
  }
  CHECK(findings.back() ==
        Finding{Severity::kOk, "history", "14d16h, from 2026-11-10T00:00:00Z", ""});
}

TEST_CASE("a missing metric weighs as much as it is needed, and what is lost is said") {
  for (const MetricUse& use : metrics_in_use()) {
    CAPTURE(use.name);
    AuditFacts facts = healthy();
    metric_in(facts, use.name).series = 0;
    const Finding finding = only_news(facts);
    CHECK(finding.subject == use.name);
    CHECK(says(finding.sentence, "not found"));
    if (use.need == MetricNeed::kNeeded) CHECK(finding.severity == Severity::kFailure);
    if (use.need == MetricNeed::kWanted) CHECK(finding.severity == Severity::kWarning);
    if (use.need == MetricNeed::kEvidence) CHECK(finding.severity == Severity::kOk);
    if (use.need != MetricNeed::kNeeded) CHECK(says(finding.sentence, use.lost_without));
    CHECK(finding.mend.empty() == (use.need == MetricNeed::kEvidence));
  }
}

TEST_CASE("owners of a kind that no pod has are not missed") {
  AuditFacts facts = healthy();
  metric_in(facts, "kube_job_owner").series = 0;
  CHECK(only_news(facts).severity == Severity::kWarning);
  metric_in(facts, "kube_pod_owner").owner_kinds = {"ReplicaSet", "StatefulSet"};
  const Finding finding = only_news(facts);
  CHECK(finding.severity == Severity::kOk);
  CHECK(says(finding.sentence, "no pod is owned by a Job"));
}

TEST_CASE("no kube-state-metrics at all is one finding, not one for each of its metrics") {
  AuditFacts facts = healthy();
  for (MetricSighting& metric : facts.metrics) {
    if (metric.name.starts_with("kube_")) metric.series = 0;
  }
  const Finding finding = only_news(facts);
  CHECK(finding.severity == Severity::kWarning);
  CHECK(finding.subject == "kube-state-metrics");
}

TEST_CASE("an empty Prometheus fails in both needed metrics and in history") {
  AuditFacts facts = healthy();
  for (MetricSighting& metric : facts.metrics) metric.series = 0;
  facts.history_start = std::nullopt;
  const std::vector<Finding> findings = audit(facts);
  CHECK(std::count_if(findings.begin(), findings.end(), [](const Finding& finding) {
          return finding.severity == Severity::kFailure;
        }) == 3);
}

TEST_CASE(
    "usage that names no container, pod or namespace cannot be used and its labels are shown") {
  AuditFacts facts = healthy();
  SECTION("only cgroups") {
    metric_in(facts, kCpu).without_container = 10;
  }
  SECTION("no pod") {
    metric_in(facts, kCpu).label_names = {"container_name", "namespace", "pod_name"};
  }
  metric_in(facts, kCpu).example = Labels{{"pod_name", "web\n0"}};
  const Finding finding = only_news(facts);
  CHECK(finding.severity == Severity::kFailure);
  CHECK(says(finding.sentence, "labels seen: "));
  CHECK(says(finding.sentence, R"({pod_name="web\n0"})"));
}

TEST_CASE("counters of single cores are no fault") {
  AuditFacts facts = healthy();
  metric_in(facts, kCpu).per_core = 8;
  const Finding finding = only_news(facts);
  CHECK(finding.severity == Severity::kOk);
  CHECK(says(finding.sentence, "8 series are of single cores"));
}

TEST_CASE("a missing image label is a fault where it is required") {
  struct Row {
    std::size_t without = 0;
    bool required = true;
    Severity severity = Severity::kOk;
  };
  const Row row =
      GENERATE(values<Row>({{10, true, Severity::kFailure}, {3, true, Severity::kWarning}}));
  AuditFacts facts = healthy();
  metric_in(facts, kCpu).without_image = row.without;
  const Finding finding = only_news(facts);
  CHECK(finding.severity == row.severity);
  CHECK(says(finding.mend, "set require_image: false"));
  facts.require_image = false;
  CHECK(news_in(facts).empty());
}

TEST_CASE("a missing id is a warning") {
  AuditFacts facts = healthy();
  metric_in(facts, kCpu).without_id = 2;
  CHECK(only_news(facts).severity == Severity::kWarning);
}

TEST_CASE("exported labels are told once, with the metrics that have them") {
  AuditFacts facts = healthy();
  metric_in(facts, "kube_pod_owner").exported = 5;
  metric_in(facts, "kube_pod_created").exported = 5;
  const Finding finding = only_news(facts);
  CHECK(finding.severity == Severity::kOk);
  CHECK(says(finding.sentence, "kube_pod_owner, kube_pod_created"));
  CHECK(says(finding.mend, "honor_labels"));
}

TEST_CASE("duplicates of usage are a warning unless their labels are known as replicas'") {
  AuditFacts facts = healthy();
  metric_in(facts, kCpu).duplicates = 5;
  metric_in(facts, kCpu).duplicate_labels = {"instance", "prometheus_replica"};
  const Finding finding = only_news(facts);
  CHECK(finding.severity == Severity::kWarning);
  CHECK(says(finding.sentence, "5 of 10 series"));
  CHECK(says(finding.sentence, "instance, prometheus_replica"));
  CHECK(says(finding.mend, "replica_labels"));
  facts.replica_labels = {"prometheus_replica", "instance", "other"};
  CHECK(only_news(facts).severity == Severity::kOk);
}

TEST_CASE("duplicates of kube-state-metrics are no fault") {
  AuditFacts facts = healthy();
  metric_in(facts, "kube_pod_owner").duplicates = 5;
  metric_in(facts, "kube_pod_owner").duplicate_labels = {"instance"};
  CHECK(only_news(facts).severity == Severity::kOk);
}

TEST_CASE("several clusters without a configured label are a failure") {
  AuditFacts facts = healthy();
  metric_in(facts, kCpu).cluster_values["cluster"] = {"eu"};
  CHECK(news_in(facts).empty());
  metric_in(facts, "kube_pod_owner").cluster_values["cluster"] = {"us"};
  const Finding finding = only_news(facts);
  CHECK(finding.severity == Severity::kFailure);
  CHECK(finding.subject == "clusters");
  CHECK(says(finding.sentence, "cluster: eu, us"));
  CHECK(says(finding.mend, "set cluster_label: cluster"));
}

TEST_CASE("a configured cluster label must be on usage and owners alike") {
  AuditFacts facts = healthy();
  facts.cluster_label = "region";
  for (MetricSighting& metric : facts.metrics) metric.cluster_values["region"] = {"eu", "us"};
  CHECK(only_news(facts) ==
        Finding{Severity::kOk, "clusters", "told apart by \"region\": eu, us", ""});
  metric_in(facts, "kube_pod_owner").cluster_values.clear();
  const Finding finding = only_news(facts);
  CHECK(finding.severity == Severity::kFailure);
  CHECK(says(finding.sentence, "missing in kube_pod_owner"));
}

TEST_CASE("history is judged by its depth") {
  struct Row {
    std::optional<Milliseconds> missing{};  ///< of the window's 14d16h, at its beginning
    Severity severity = Severity::kOk;
    std::string_view sentence{};
  };
  const std::vector<Row> rows = {
      {Milliseconds(0), Severity::kOk, "14d16h, from"},
      {std::chrono::hours(23), Severity::kOk, "13d17h, from"},
      {std::chrono::hours(24), Severity::kWarning, "less than the window of 14d16h"},
      {std::chrono::days(11), Severity::kWarning, "3d16h, from 2026-11-21T00:00:00Z: less than"},
      {std::chrono::days(12), Severity::kWarning, "2d16h, from 2026-11-22T00:00:00Z: under 3d"},
      {std::nullopt, Severity::kFailure, "no usage of any container"},
  };
  for (const Row& row : rows) {
    AuditFacts facts = healthy();
    facts.history_start = std::nullopt;
    if (row.missing) facts.history_start = facts.window.start + *row.missing;
    const Finding finding = audit(facts).back();
    CAPTURE(row.sentence, finding.sentence);
    CHECK(finding.subject == "history");
    CHECK(finding.severity == row.severity);
    CHECK(says(finding.sentence, row.sentence));
  }
}

TEST_CASE("hostile label values reach no terminal") {
  AuditFacts facts = healthy();
  metric_in(facts, kCpu).cluster_values["cluster"] = {"eu", "\x1b[31mus\n"};
  for (const Finding& finding : audit(facts)) {
    CHECK_FALSE(says(finding.sentence + finding.mend, "\x1b"));
    CHECK_FALSE(says(finding.sentence + finding.mend, "\n"));
  }
}

TEST_CASE("the worst of no findings is ok") {
  CHECK(worst_of({}) == Severity::kOk);
  CHECK(to_string(Severity::kOk) == "ok");
  CHECK(to_string(Severity::kWarning) == "warning");
  CHECK(to_string(Severity::kFailure) == "failure");
}
