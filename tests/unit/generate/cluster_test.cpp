#include "support/generate/cluster.hpp"

#include <algorithm>
#include <set>
#include <sstream>

#include "support/catch.hpp"
#include "support/generate/cadvisor.hpp"
#include "support/generate/kube_state.hpp"
#include "support/generate/simulate.hpp"
#include "support/generate/truth.hpp"

namespace loadline::generate {
namespace {

/// Writes series as one line each: enough to compare two clusters.
class RecordingWriter : public SeriesWriter {
 public:
  void begin(const SeriesLabels& labels) override {
    text << labels.metric;
    for (const auto& [name, value] : labels.labels) text << ' ' << name << '=' << value;
  }
  void sample(Ms t, std::uint64_t millionths) override { text << ' ' << t << ':' << millionths; }
  void end() override { text << '\n'; }

  std::ostringstream text{};
};

Options two_days(std::uint64_t seed = 1) {
  const Ms end = 20'000 * kDay + 10 * kHour;
  return {.start = end - 10 * kHour - 2 * kDay,
          .end = end,
          .days = 2,
          .interval = kMinute,
          .workloads = 26,
          .seed = seed};
}

const Workload& workload(const Cluster& cluster, const std::string& name, OwnerKind kind) {
  return *std::find_if(cluster.workloads.begin(), cluster.workloads.end(), [&](const auto& one) {
    return one.name == name && one.shape->kind == kind;
  });
}

std::string first_scrapes(const Cluster& cluster) {
  std::ostringstream text;
  for (const Workload& one : cluster.workloads) {
    for (const Pod& pod : one.pods) {
      text << pod.name << ' ';
      for (const Run& run : pod.runs) {
        RunSimulator simulator(cluster, one, pod, run, Timestamps::kScrape);
        const auto scrape = simulator.next(cluster.scraping.end);
        text << (scrape ? scrape->cpu_microseconds + scrape->memory_bytes : 0) << ' ';
      }
    }
  }
  return text.str();
}

TEST_CASE("the same seed makes the same cluster, another seed another") {
  CHECK(first_scrapes(make_cluster(two_days(1))) == first_scrapes(make_cluster(two_days(1))));
  CHECK(first_scrapes(make_cluster(two_days(1))) != first_scrapes(make_cluster(two_days(2))));
}

TEST_CASE("no two workloads share kind, namespace and name, however many there are") {
  Options options = two_days();
  options.workloads = 600;
  std::set<std::string> names;
  for (const Workload& one : make_cluster(options).workloads)
    names.insert(one.namespace_name + "/" + to_string(one.shape->kind) + "/" + one.name);
  CHECK(names.size() == 600);
}

TEST_CASE("counters never fall within a run, but at the one reset") {
  const Cluster cluster = make_cluster(two_days());
  const auto falls = [&](const Workload& one) {
    RunSimulator simulator(cluster, one, one.pods.front(), one.pods.front().runs.front(),
                           Timestamps::kScrape);
    int count = 0;
    std::uint64_t before = 0;
    while (const auto scrape = simulator.next(cluster.scraping.end)) {
      count += scrape->cpu_microseconds < before ? 1 : 0;
      before = scrape->cpu_microseconds;
    }
    return count;
  };
  CHECK(falls(workload(cluster, "search", OwnerKind::kDeployment)) == 0);
  CHECK(falls(workload(cluster, "db", OwnerKind::kStatefulSet)) == 1);
}

TEST_CASE("a block boundary changes no scrape") {
  const Cluster cluster = make_cluster(two_days());
  const Workload& web = workload(cluster, "web", OwnerKind::kDeployment);
  const Run& run = web.pods.front().runs.front();
  for (const Timestamps timestamps : {Timestamps::kScrape, Timestamps::kCadvisor}) {
    RunSimulator whole(cluster, web, web.pods.front(), run, timestamps);
    RunSimulator cut(cluster, web, web.pods.front(), run, timestamps);
    const Ms limit = cluster.scraping.start + 5 * kHour;
    for (Ms end = cluster.scraping.start + kHour; end <= limit; end += kHour) {
      while (const auto scrape = cut.next(end)) {
        const auto same = whole.next(limit);
        REQUIRE(same);
        CHECK(scrape->t < end);
        CHECK(scrape->t == same->t);
        CHECK(scrape->cpu_microseconds == same->cpu_microseconds);
      }
    }
    CHECK_FALSE(whole.next(limit));
  }
}

TEST_CASE("Prometheus' outage leaves a gap of forty minutes") {
  const Cluster cluster = make_cluster(two_days());
  const Workload& web = workload(cluster, "web", OwnerKind::kDeployment);
  RunSimulator simulator(cluster, web, web.pods.front(), web.pods.front().runs.front(),
                         Timestamps::kScrape);
  Ms longest = 0;
  Ms before = cluster.scraping.start;
  while (const auto scrape = simulator.next(cluster.scraping.end)) {
    longest = std::max(longest, scrape->t - before);
    before = scrape->t;
  }
  CHECK(longest >= 40 * kMinute);
  CHECK(longest < 45 * kMinute);
}

TEST_CASE("the workload called right asks for what it uses at p95") {
  Cluster cluster = make_cluster(two_days());
  const Window window{.start = cluster.scraping.start, .end = cluster.scraping.end};
  const auto truth = measure(cluster, Timestamps::kScrape, window);
  settle_requirements(cluster, truth);
  for (const ContainerTruth& one : truth) {
    const Workload& right = cluster.workloads[one.workload];
    if (right.name != "catalog") continue;
    CHECK(right.requirements[0].cpu_request == Approx(*one.cpu.p95).margin(0.001));
    CHECK(right.requirements[0].memory_limit == Approx(2 * *one.memory.p95).margin(kMiB));
  }
}

TEST_CASE("an OOM-killed container reaches its limit and is told so") {
  Options options = two_days();
  options.days = 4;
  options.start -= 2 * kDay;
  const Cluster cluster = make_cluster(options);
  const auto series = kube_state_series(cluster);
  const auto killed = std::count_if(series.begin(), series.end(), [](const StepSeries& one) {
    return one.labels.metric == "kube_pod_container_status_last_terminated_reason" &&
           std::count(one.labels.labels.begin(), one.labels.labels.end(),
                      std::pair<std::string, std::string>{"reason", "OOMKilled"}) == 1;
  });
  CHECK(killed == 1);
}

TEST_CASE("kube-state-metrics tells nothing of the orphan") {
  const auto series = kube_state_series(make_cluster(two_days()));
  CHECK(std::none_of(series.begin(), series.end(), [](const StepSeries& one) {
    return std::any_of(one.labels.labels.begin(), one.labels.labels.end(), [](const auto& label) {
      return label.second.find("orphan") != std::string::npos;
    });
  }));
}

TEST_CASE("series written as cAdvisor's carry the labels of the kubelet's scrape") {
  const Cluster cluster = make_cluster(two_days());
  const Workload& web = workload(cluster, "web", OwnerKind::kStatefulSet);
  RecordingWriter writer;
  writer.begin(cadvisor_labels(CadvisorMetric::kCpu, web, web.pods[0], web.pods[0].runs[0]));
  const std::string text = writer.text.str();
  for (const char* label : {"container_cpu_usage_seconds_total ", "container=web", "cpu=total",
                            "metrics_path=/metrics/cadvisor", "namespace=shop", "pod=web-0"})
    CHECK(text.find(label) != std::string::npos);
}

}  // namespace
}  // namespace loadline::generate
