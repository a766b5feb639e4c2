#include "support/simulate/cluster.hpp"

#include <algorithm>

#include "support/generate/names.hpp"
#include "support/generate/random.hpp"

namespace loadline::simulate {
namespace {

using generate::mix;

constexpr std::size_t kPodsPerNode = 40;

/// "team-00042": at least five digits.
std::string numbered(const char* prefix, std::size_t number) {
  const std::string digits = std::to_string(number);
  return prefix + std::string(5 - std::min<std::size_t>(5, digits.size()), '0') + digits;
}

Pod pod_at(std::size_t number, const ClusterSize& size) {
  const std::size_t workload = number / size.replicas;
  const std::size_t node = number / kPodsPerNode;
  Pod pod{.number = number, .is_first = number % size.replicas == 0};
  pod.namespace_name = numbered("team-", workload / size.per_namespace);
  pod.workload = numbered("checkout-service-", workload);
  pod.replica_set = pod.workload + "-" + generate::template_hash(mix(workload));
  pod.name = pod.replica_set + "-" + generate::safe_characters(mix(number, 1), 5);
  pod.uid = generate::pod_uid(mix(number, 2));
  pod.process = generate::container_id(mix(number, 3));
  pod.node = numbered("ip-10-0-node-", node);
  pod.instance =
      "10." + std::to_string(node / 250) + ".0." + std::to_string(node % 250 + 1) + ":10250";
  return pod;
}

std::string cgroup_of(const Pod& pod) {
  std::string uid = pod.uid;
  std::replace(uid.begin(), uid.end(), '-', '_');
  return "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" + uid +
         ".slice/cri-containerd-" + pod.process + ".scope";
}

std::string image_of(const Pod& pod) {
  return "registry.example.com/" + pod.namespace_name + "/" + pod.workload +
         "@sha256:" + generate::container_id(mix(pod.number, 4));
}

}  // namespace

Cluster::Cluster(const ClusterSize& size)
    : pods_per_namespace_(size.per_namespace * size.replicas) {
  const std::size_t count = size.workloads * size.replicas;
  pods_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    pods_.push_back(pod_at(i, size));
    if (i % pods_per_namespace_ == 0) namespaces_.push_back(pods_.back().namespace_name);
  }
}

std::size_t Cluster::first_pod(std::size_t namespace_number) const {
  return std::min(pods_.size(), namespace_number * pods_per_namespace_);
}

std::size_t Cluster::last_pod(std::size_t namespace_number) const {
  return first_pod(namespace_number + 1);
}

Labels usage_labels(const Pod& pod, Resource resource) {
  const bool cpu = resource == Resource::kCpu;
  return {{"__name__",
           cpu ? "container_cpu_usage_seconds_total" : "container_memory_working_set_bytes"},
          {"container", kContainerName},
          {"cpu", cpu ? "total" : ""},
          {"endpoint", "https-metrics"},
          {"id", cgroup_of(pod)},
          {"image", image_of(pod)},
          {"instance", pod.instance},
          {"job", "kubelet"},
          {"metrics_path", "/metrics/cadvisor"},
          {"name", pod.process},
          {"namespace", pod.namespace_name},
          {"node", pod.node},
          {"pod", pod.name},
          {"service", "kubelet"}};
}

WorkloadKey workload_of(const Pod& pod) {
  return {.namespace_name = pod.namespace_name, .kind = "Deployment", .name = pod.workload};
}

Requirements requirements_of(const Pod& pod) {
  const std::uint64_t seed = mix(0, pod.workload);
  Requirements asked;
  asked[Resource::kCpu].request = static_cast<double>(1 + seed % 20) / 20;
  asked[Resource::kCpu].limit = static_cast<double>(2 + seed % 20) / 10;
  asked[Resource::kMemory].request = static_cast<double>((1 + seed % 16) << 27);
  asked[Resource::kMemory].limit = static_cast<double>((1 + seed % 16) << 28);
  return asked;
}

std::int64_t created_seconds(const Pod& pod) {
  constexpr std::int64_t kSomeDay = 1'700'000'000;
  return kSomeDay + static_cast<std::int64_t>(pod.number % 1'000'000);
}

}  // namespace loadline::simulate
