#include <algorithm>
#include <utility>

#include "inventory/builder.hpp"

namespace loadline {
namespace {

// A job that runs every minute leaves 20,000 pods in 14 days, of which one is needed. Names do not
// tell ages, except where it matters most: the pods of a CronJob carry the time of their run, so
// that the last names are the newest. Twenty also cover the last ReplicaSet of nearly every
// Deployment that was scaled to nothing; where they do not, an older pod answers.
constexpr std::size_t kPodsPerWorkload = 20;

/// The last in the order of names.
std::vector<PodKey> last_few(std::vector<PodKey> pods) {
  std::sort(pods.begin(), pods.end());
  if (pods.size() > kPodsPerWorkload) {
    pods.erase(pods.begin(), pods.end() - kPodsPerWorkload);
  }
  return pods;
}

}  // namespace

std::vector<PodKey> InventoryBuilder::pods_without_live_values() const {
  std::unordered_map<WorkloadKey, std::vector<PodKey>, KeyHash> unanswered;
  for (const auto& [pod, workload] : owners_) {
    if (!drafts_.at(workload).is_answered) unanswered[workload].push_back(pod);
  }
  std::vector<PodKey> pods;
  for (auto& [workload, of_workload] : unanswered) {
    for (PodKey& pod : last_few(std::move(of_workload))) pods.push_back(std::move(pod));
  }
  std::sort(pods.begin(), pods.end());
  return pods;
}

}  // namespace loadline
