#include "support/generate/cadvisor.hpp"

#include <algorithm>

#include "support/generate/names.hpp"
#include "support/generate/random.hpp"

namespace loadline::generate {
namespace {

std::string pod_slice(const Pod& pod) {
  std::string uid = pod.uid;
  std::replace(uid.begin(), uid.end(), '-', '_');
  return "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" + uid + ".slice";
}

std::string image_of(const Workload& workload, const Pod& pod, const char* container) {
  return "registry.example.com/" + workload.namespace_name + "/" + container + ":1." +
         std::to_string(4 + pod.generation) + ".0";
}

/// What differs between the rows of a pod.
struct RowLabels {
  std::string container{};
  std::string id{};
  std::string image{};
  std::string name{};
};

RowLabels row_labels(const Workload& workload, const Pod& pod, const Run& run) {
  const std::string slice = pod_slice(pod);
  const char* container = workload.shape->containers[run.container].name;
  const std::string process = container_id(mix(run.seed, static_cast<std::uint64_t>(run.role)));
  switch (run.role) {
    case RunRole::kContainer:
      return {container, slice + "/cri-containerd-" + process + ".scope",
              image_of(workload, pod, container), process};
    case RunRole::kPodCgroup:
      return {"", slice, "", ""};
    case RunRole::kPause:
      return {"POD", slice + "/cri-containerd-" + process + ".scope", "registry.k8s.io/pause:3.9",
              process};
    case RunRole::kMonitor:
      return {"", slice + "/crio-conmon-" + process + ".scope", "", ""};
  }
  return {};
}

}  // namespace

SeriesLabels cadvisor_labels(CadvisorMetric metric, const Workload& workload, const Pod& pod,
                             const Run& run) {
  const RowLabels row = row_labels(workload, pod, run);
  const bool cpu = metric == CadvisorMetric::kCpu;
  return {
      .metric = cpu ? "container_cpu_usage_seconds_total" : "container_memory_working_set_bytes",
      .labels = {{"container", row.container},
                 {"cpu", cpu ? "total" : ""},
                 {"endpoint", "https-metrics"},
                 {"id", row.id},
                 {"image", row.image},
                 {"instance", "10.0.0." + std::to_string(10 + pod.node) + ":10250"},
                 {"job", "kubelet"},
                 {"metrics_path", "/metrics/cadvisor"},
                 {"name", row.name},
                 {"namespace", workload.namespace_name},
                 {"node", node_name(pod.node)},
                 {"pod", pod.name},
                 {"service", "kubelet"}}};
}

}  // namespace loadline::generate
