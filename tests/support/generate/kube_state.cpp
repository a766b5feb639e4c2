#include "support/generate/kube_state.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace loadline::generate {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

constexpr std::uint64_t kOne = 1'000'000;

std::uint64_t millionths(double value) {
  return static_cast<std::uint64_t>(std::llround(value * 1e6));
}
std::uint64_t seconds_of(Ms t) {
  return static_cast<std::uint64_t>(t / kSecond) * kOne;
}

/// Own labels win over those of the scraped target (honor_labels: true).
SeriesLabels exposed(std::string metric, Pairs own) {
  const Pairs target = {
      {"container", "kube-state-metrics"}, {"endpoint", "http"},
      {"instance", "10.1.0.7:8080"},       {"job", "kube-state-metrics"},
      {"namespace", "monitoring"},         {"pod", "kube-state-metrics-6d6c7b8b4d-x8fqz"},
      {"service", "kube-state-metrics"}};
  for (const auto& label : target) {
    const bool taken = std::any_of(own.begin(), own.end(),
                                   [&](const auto& pair) { return pair.first == label.first; });
    if (!taken) own.push_back(label);
  }
  return {.metric = std::move(metric), .labels = std::move(own)};
}

Pairs operator+(Pairs left, const Pairs& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

/// The series of one pod, collected.
class PodSeries {
 public:
  PodSeries(const Cluster& cluster, const Workload& workload, const Pod& pod,
            std::vector<StepSeries>& out)
      : cluster_(cluster),
        workload_(workload),
        pod_(pod),
        labels_{{"namespace", workload.namespace_name}, {"pod", pod.name}, {"uid", pod.uid}},
        out_(out) {}

  void add_all() {
    add_owner();
    add_phases();
    add("kube_pod_created", {}, {{pod_.created, seconds_of(pod_.created)}});
    for (std::size_t i = 0; i < workload_.shape->containers.size(); ++i) {
      add_info(i);
      add_requirements(i);
      if (workload_.shape->containers[i].role == ContainerRole::kMain) add_restarts(i);
    }
  }

 private:
  void add(std::string metric, const Pairs& more, std::vector<StepSeries::Step> steps) {
    out_.push_back({.labels = exposed(std::move(metric), labels_ + more),
                    .steps = std::move(steps),
                    .until = pod_.gone});
  }

  /// Kind and name of what kube_pod_owner tells.
  [[nodiscard]] std::pair<std::string, std::string> owner() const {
    switch (workload_.shape->kind) {
      case OwnerKind::kDeployment:
      case OwnerKind::kRollout:
        return {"ReplicaSet", pod_.owner};
      case OwnerKind::kCronJob:
        return {"Job", pod_.owner};
      case OwnerKind::kStatefulSet:
      case OwnerKind::kDaemonSet:
      case OwnerKind::kJob:
        return {to_string(workload_.shape->kind), workload_.name};
      case OwnerKind::kStaticPod:
        return {"Node", node_name(pod_.node)};
      case OwnerKind::kBarePod:
        // kube-state-metrics before 2.8 wrote "<none>", later versions leave the label empty.
        return workload_.first_round ? std::pair<std::string, std::string>{}
                                     : std::pair<std::string, std::string>{"<none>", "<none>"};
    }
    return {};
  }

  void add_owner() {
    const auto [kind, name] = owner();
    add("kube_pod_owner",
        {{"owner_kind", kind},
         {"owner_name", name},
         {"owner_is_controller", name.empty() || name == "<none>" ? name : "true"}},
        {{pod_.created, kOne}});
  }

  void add_phases() {
    for (const std::string phase : {"Pending", "Running", "Succeeded", "Failed", "Unknown"}) {
      std::vector<StepSeries::Step> steps = {{pod_.created, phase == "Running" ? kOne : 0}};
      if (pod_.finished < kForever && (phase == "Running" || phase == "Succeeded"))
        steps.push_back({pod_.finished, phase == "Succeeded" ? kOne : 0});
      add("kube_pod_status_phase", {{"phase", phase}}, std::move(steps));
    }
  }

  [[nodiscard]] bool is_init(std::size_t container) const {
    return workload_.shape->containers[container].role != ContainerRole::kMain;
  }
  [[nodiscard]] Pairs container_label(std::size_t container) const {
    return {{"container", workload_.shape->containers[container].name}};
  }

  void add_info(std::size_t container) {
    const bool stays = workload_.shape->containers[container].role == ContainerRole::kSidecar;
    const std::string name = workload_.shape->containers[container].name;
    add(is_init(container) ? "kube_pod_init_container_info" : "kube_pod_container_info",
        container_label(container) +
            Pairs{{"image", "registry.example.com/" + workload_.namespace_name + "/" + name},
                  {"restart_policy", stays ? "Always" : ""}},
        {{pod_.created, kOne}});
  }

  void add_requirements(std::size_t container) {
    const Requirements& asked = workload_.requirements[container];
    // Pods from before a rollout asked for twice as much: only the newest pod counts.
    const double factor = workload_.shape->life == Life::kRolledOut && pod_.generation == 0 ? 2 : 1;
    add_requirement(container, "requests", "cpu", asked.cpu_request * factor);
    add_requirement(container, "limits", "cpu", asked.cpu_limit * factor);
    add_requirement(container, "requests", "memory", asked.memory_request * factor);
    add_requirement(container, "limits", "memory", asked.memory_limit * factor);
  }

  void add_requirement(std::size_t container, const std::string& what, const std::string& resource,
                       double value) {
    if (value <= 0) return;
    const std::string infix = is_init(container) ? "init_container" : "container";
    add("kube_pod_" + infix + "_resource_" + what,
        container_label(container) + Pairs{{"node", node_name(pod_.node)},
                                           {"resource", resource},
                                           {"unit", resource == "cpu" ? "core" : "byte"}},
        {{pod_.created, millionths(value)}});
  }

  void add_restarts(std::size_t container) {
    std::vector<StepSeries::Step> counts = {{pod_.created, 0}};
    std::vector<StepSeries::Step> ended;
    EndReason reason = EndReason::kNone;
    for (const Run& run : pod_.runs) {
      if (run.role != RunRole::kContainer || run.container != container) continue;
      if (run.attempt > 0)
        counts.push_back({run.start, static_cast<std::uint64_t>(run.attempt) * kOne});
      if (run.end >= std::min({pod_.finished, pod_.gone, cluster_.scraping.end})) continue;
      ended.push_back({run.end, seconds_of(run.end)});
      reason = run.reason;
    }
    add("kube_pod_container_status_restarts_total", container_label(container), std::move(counts));
    if (!ended.empty()) add_last_terminated(container, reason, std::move(ended));
  }

  void add_last_terminated(std::size_t container, EndReason reason,
                           std::vector<StepSeries::Step> ended) {
    const std::string text = reason == EndReason::kOomKilled ? "OOMKilled" : "Error";
    add("kube_pod_container_status_last_terminated_reason",
        container_label(container) + Pairs{{"reason", text}}, {{ended.front().from, kOne}});
    add("kube_pod_container_status_last_terminated_exitcode", container_label(container),
        {{ended.front().from, (reason == EndReason::kOomKilled ? 137U : 1U) * kOne}});
    add("kube_pod_container_status_last_terminated_timestamp", container_label(container),
        std::move(ended));
  }

  const Cluster& cluster_;
  const Workload& workload_;
  const Pod& pod_;
  Pairs labels_{};
  std::vector<StepSeries>& out_;
};

/// ReplicaSets and Jobs: what stands between a pod and its workload.
void add_owners_between(const Workload& workload, std::vector<StepSeries>& out) {
  const OwnerKind kind = workload.shape->kind;
  std::set<std::string> told;
  for (const Pod& pod : workload.pods) {
    const std::string name = kind == OwnerKind::kJob ? workload.name : pod.owner;
    if (name.empty() || !told.insert(name).second) continue;
    const bool job = kind == OwnerKind::kCronJob || kind == OwnerKind::kJob;
    const bool owned = kind != OwnerKind::kJob;
    out.push_back({.labels = exposed(job ? "kube_job_owner" : "kube_replicaset_owner",
                                     {{"namespace", workload.namespace_name},
                                      {job ? "job_name" : "replicaset", name},
                                      {"owner_kind", owned ? to_string(kind) : ""},
                                      {"owner_name", owned ? workload.name : ""},
                                      {"owner_is_controller", owned ? "true" : ""}}),
                   .steps = {{pod.created, kOne}},
                   .until = job ? pod.gone : kForever});
  }
}

void add_autoscaler(const Workload& workload, Ms start, std::vector<StepSeries>& out) {
  const Pairs hpa = {{"namespace", workload.namespace_name},
                     {"horizontalpodautoscaler", workload.name}};
  const Pairs target = {{"scaletargetref_api_version", "apps/v1"},
                        {"scaletargetref_kind", to_string(workload.shape->kind)},
                        {"scaletargetref_name", workload.name}};
  const Pairs metric = {{"metric_name", "cpu"}, {"metric_target_type", "utilization"}};
  const auto most = static_cast<std::uint64_t>(workload.shape->replicas);
  const std::string prefix = "kube_horizontalpodautoscaler_";
  out.push_back({.labels = exposed(prefix + "info", hpa + target), .steps = {{start, kOne}}});
  out.push_back({.labels = exposed(prefix + "spec_target_metric", hpa + metric),
                 .steps = {{start, 70 * kOne}}});
  out.push_back(
      {.labels = exposed(prefix + "spec_min_replicas", hpa), .steps = {{start, 2 * kOne}}});
  out.push_back(
      {.labels = exposed(prefix + "spec_max_replicas", hpa), .steps = {{start, most * kOne}}});
}

void add_node(std::size_t node, Ms start, std::vector<StepSeries>& out) {
  const Pairs name = {{"node", node_name(node)}};
  const auto add = [&](const Pairs& resource, double value) {
    out.push_back({.labels = exposed("kube_node_status_allocatable", name + resource),
                   .steps = {{start, millionths(value)}}});
  };
  add({{"resource", "cpu"}, {"unit", "core"}}, 15.89);
  add({{"resource", "memory"}, {"unit", "byte"}}, 61 * 1024 * kMiB);
  add({{"resource", "pods"}, {"unit", "integer"}}, 110);
}

void add_limit_range(Ms start, std::vector<StepSeries>& out) {
  struct Row {
    const char* constraint = "";
    double cores = 0;
    double bytes = 0;
  };
  const std::array<Row, 4> rows = {{{"defaultRequest", 0.1, 128 * kMiB},
                                    {"default", 1, 512 * kMiB},
                                    {"min", 0.005, 8 * kMiB},
                                    {"max", 8, 16 * 1024 * kMiB}}};
  for (const Row& row : rows) {
    const Pairs range = {{"namespace", "tools"},
                         {"limitrange", "defaults"},
                         {"constraint", row.constraint},
                         {"type", "Container"}};
    out.push_back({.labels = exposed("kube_limitrange", range + Pairs{{"resource", "cpu"}}),
                   .steps = {{start, millionths(row.cores)}}});
    out.push_back({.labels = exposed("kube_limitrange", range + Pairs{{"resource", "memory"}}),
                   .steps = {{start, millionths(row.bytes)}}});
  }
}

void add_quota(Ms start, std::vector<StepSeries>& out) {
  for (const auto& [type, cores] : {std::pair{"hard", 40.0}, std::pair{"used", 12.5}}) {
    const Pairs quota = {{"namespace", "data"},
                         {"resourcequota", "compute"},
                         {"resource", "requests.cpu"},
                         {"type", type}};
    out.push_back(
        {.labels = exposed("kube_resourcequota", quota), .steps = {{start, millionths(cores)}}});
  }
}

}  // namespace

std::vector<StepSeries> kube_state_series(const Cluster& cluster) {
  const Ms start = cluster.scraping.start;
  std::vector<StepSeries> out;
  for (const Workload& workload : cluster.workloads) {
    if (!workload.shape->known_to_ksm) continue;
    for (const Pod& pod : workload.pods) PodSeries(cluster, workload, pod, out).add_all();
    add_owners_between(workload, out);
    if (workload.shape->scaled_by_hpa) add_autoscaler(workload, start, out);
  }
  for (std::size_t node = 0; node < cluster.nodes; ++node) add_node(node, start, out);
  add_limit_range(start, out);
  add_quota(start, out);
  return out;
}

}  // namespace loadline::generate
