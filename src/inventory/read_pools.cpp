#include "inventory/read_pools.hpp"

#include <algorithm>
#include <map>
#include <unordered_set>
#include <utility>

#include "inventory/owners.hpp"

namespace loadline {
namespace {

constexpr std::string_view kNodeLabels = "kube_node_labels";
constexpr std::string_view kPodInfo = "kube_pod_info";
constexpr std::string_view kPhase = "kube_pod_status_phase";

/// By cluster and name.
using NodeKey = std::pair<std::string, std::string>;

class PoolReader {
 public:
  PoolReader(ClusterQueries& queries, const std::string& label, Inventory& inventory)
      : queries_(queries), label_(label), inventory_(inventory) {}

  Result<void> read() {
    return read_nodes().and_then([&] { return read_pods(); });
  }

 private:
  Result<void> read_nodes() {
    const std::string rows = "max by (" + queries_.with_cluster("node,exported_node," + label_) +
                             ") (" + queries_.selected({kNodeLabels}, {}) + ")";
    return queries_.for_each_sample(rows, kNodeLabels, [this](const Labels& labels, double) {
      pools_[node_of(labels)] = std::string(labels.get(label_));
    });
  }

  /// Of pods that live: finished and evicted ones keep a row, and cost nothing.
  Result<void> read_pods() {
    if (pools_.empty()) return {};
    const std::string pod = "namespace,exported_namespace,pod,exported_pod";
    const std::string live = queries_.selected({kPhase}, {any_of("phase", {"Pending", "Running"})});
    const std::string rows = "max by (" + queries_.with_cluster(pod + ",node,exported_node") +
                             ") (" + queries_.selected({kPodInfo}, {}) + ") and on (" +
                             queries_.with_cluster(pod) + ") (" + live + " == 1)";
    return queries_.for_each_sample(rows, kPodInfo,
                                    [this](const Labels& labels, double) { add_pod(labels); });
  }

  NodeKey node_of(const Labels& labels) const {
    const std::string& cluster = queries_.cluster_label();
    return {cluster.empty() ? std::string() : std::string(labels.get(cluster)),
            std::string(exported_or_own(labels, "node"))};
  }

  void add_pod(const Labels& labels) {
    PodKey pod;
    read_pod(labels, queries_.cluster_label(), pod);
    const auto workload = inventory_.workloads_.find(inventory_.owner_of(pod).workload);
    if (workload == inventory_.workloads_.end() || !seen_.insert(pod).second) return;
    const auto pool = pools_.find(node_of(labels));
    add_to(workload->second.pools, pool == pools_.end() ? std::string() : pool->second);
  }

  static void add_to(std::vector<PoolShare>& pools, const std::string& pool) {
    const auto at = std::ranges::lower_bound(pools, pool, {}, &PoolShare::pool);
    if (at != pools.end() && at->pool == pool) {
      ++at->pods;
    } else {
      pools.insert(at, {.pool = pool, .pods = 1});
    }
  }

  ClusterQueries& queries_;
  const std::string& label_;
  Inventory& inventory_;
  std::map<NodeKey, std::string> pools_{};
  std::unordered_set<PodKey, KeyHash> seen_{};  ///< a pod that moved may have two rows
};

}  // namespace

Result<void> read_pools(ClusterQueries& queries, const std::string& label, Inventory& inventory) {
  return PoolReader(queries, label, inventory).read();
}

}  // namespace loadline
