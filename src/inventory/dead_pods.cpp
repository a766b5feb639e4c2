#include <algorithm>
#include <map>
#include <unordered_set>
#include <utility>

#include "inventory/owners.hpp"
#include "loadline/inventory/build.hpp"

namespace loadline {
namespace {

// A job that runs every minute leaves 20,000 pods in 14 days, of which one is needed. Names do not
// tell ages, except where it matters most: the pods of a CronJob carry the time of their run, so
// that the last names are the newest. Twenty also cover the last ReplicaSet of nearly every
// Deployment that was scaled to nothing; where they do not, an older pod answers.
constexpr std::size_t kPodsPerWorkload = 20;

using Owners = std::unordered_map<PodKey, WorkloadKey, KeyHash>;
using Workloads = std::unordered_set<WorkloadKey, KeyHash>;

/// Workloads of which some pod is told of at the end of the window, living or finished.
class Answered {
 public:
  Answered(const Owners& owners, const std::string& cluster_label)
      : owners_(owners), cluster_label_(cluster_label) {}

  void add(const Labels& labels) {
    const auto owner = owners_.find(pod_of(labels, cluster_label_));
    if (owner != owners_.end()) workloads_.insert(owner->second);
  }
  void add(const std::vector<InstantSample>& samples) {
    for (const InstantSample& sample : samples) add(sample.labels);
  }
  [[nodiscard]] const Workloads& workloads() const { return workloads_; }

 private:
  const Owners& owners_;
  const std::string& cluster_label_;
  Workloads workloads_{};
};

/// The last in the order of names.
std::vector<PodKey> last_few(std::vector<PodKey> pods) {
  std::sort(pods.begin(), pods.end());
  if (pods.size() > kPodsPerWorkload) {
    pods.erase(pods.begin(), pods.end() - kPodsPerWorkload);
  }
  return pods;
}

}  // namespace

std::vector<PodKey> pods_without_live_values(const ClusterSeries& series,
                                             const std::string& cluster_label) {
  const Owners owners = resolve_owners(series, cluster_label);
  Answered answered(owners, cluster_label);
  for (const auto* samples :
       {&series.requests, &series.limits, &series.pod_created, &series.live_pods}) {
    answered.add(*samples);
  }
  for (const Labels& labels : series.containers) answered.add(labels);

  std::unordered_map<WorkloadKey, std::vector<PodKey>, KeyHash> unanswered;
  for (const auto& [pod, workload] : owners) {
    if (!answered.workloads().contains(workload)) unanswered[workload].push_back(pod);
  }
  std::vector<PodKey> pods;
  for (auto& [workload, of_workload] : unanswered) {
    for (PodKey& pod : last_few(std::move(of_workload))) pods.push_back(std::move(pod));
  }
  std::sort(pods.begin(), pods.end());
  return pods;
}

}  // namespace loadline
