/// The cluster that loadline-simulate plays: any number of Deployments of one container, with the
/// label sets that cAdvisor and kube-state-metrics give them. Everything follows from the number of
/// a pod, so that the server and the seeder agree without a word.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "loadline/model/labels.hpp"
#include "loadline/model/resources.hpp"
#include "loadline/model/workload.hpp"

namespace loadline::simulate {

struct ClusterSize {
  std::size_t workloads = 1'000;
  std::size_t replicas = 1;
  std::size_t per_namespace = 50;  ///< workloads
};

struct Pod {
  std::size_t number = 0;
  bool is_first = false;  ///< of its workload
  std::string namespace_name{};
  std::string workload{};
  std::string replica_set{};
  std::string name{};
  std::string uid{};
  std::string process{};  ///< the container's id at the runtime: 64 hexadecimal digits
  std::string node{};
  std::string instance{};
};

/// What every container is called.
inline constexpr const char* kContainerName = "application";

/// Immutable once made; safe to read from any thread.
class Cluster {
 public:
  explicit Cluster(const ClusterSize& size);

  /// In the order of their numbers; those of a namespace stand together.
  [[nodiscard]] const std::vector<Pod>& pods() const { return pods_; }
  [[nodiscard]] const std::vector<std::string>& namespaces() const { return namespaces_; }
  /// The pods of the n-th namespace: [first, last).
  [[nodiscard]] std::size_t first_pod(std::size_t namespace_number) const;
  [[nodiscard]] std::size_t last_pod(std::size_t namespace_number) const;

 private:
  std::size_t pods_per_namespace_;
  std::vector<Pod> pods_{};
  std::vector<std::string> namespaces_{};
};

/// The labels of the counter or of the working set, `__name__` among them.
Labels usage_labels(const Pod& pod, Resource resource);

WorkloadKey workload_of(const Pod& pod);
/// What kube-state-metrics tells of the container of this workload; the same for its replicas.
Requirements requirements_of(const Pod& pod);
/// The pod's creation, seconds since 1970.
std::int64_t created_seconds(const Pod& pod);

}  // namespace loadline::simulate
