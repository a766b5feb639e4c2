#include "loadline/recommend/backtest.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <set>
#include <thread>
#include <utility>

#include "recommend/backtest_walk.hpp"

namespace loadline {
namespace {

using recommend_stage::PodProfile;
using recommend_stage::WalkResult;

/// The pods of one container of a workload.
struct Group {
  std::vector<PodProfile> pods{};
  OwnerSource owner_source = OwnerSource::kPodName;
};

struct Groups {
  std::map<ContainerKey, Group> containers{};
  std::map<WorkloadKey, std::size_t> containers_of{};  ///< of every workload, chosen or not
};

bool has_usage(const ContainerProfile& profile) {
  return std::ranges::any_of(profile.resources.values, [](const ResourceProfile& resource) {
    return std::ranges::any_of(resource.days,
                               [](const DayUsage& day) { return !day.sketch.empty(); });
  });
}

void add(Groups& groups, const ProfileSet::value_type& entry, const Inventory& inventory) {
  const auto& [pod_key, profile] = entry;
  const WorkloadKey& pod = pod_key.workload;
  PodOwner owner = inventory.owner_of({pod.cluster, pod.namespace_name, pod.name});
  Group& group = groups.containers[{std::move(owner.workload), pod_key.container}];
  group.pods.push_back({pod.name, &profile});
  // One pod that is told of vouches for those that are not.
  if (owner.source == OwnerSource::kKubeStateMetrics) group.owner_source = owner.source;
}

Groups grouped(const ProfileSet& by_pod, const Inventory& inventory) {
  Groups groups;
  for (const auto& entry : by_pod) {
    if (has_usage(entry.second)) add(groups, entry, inventory);
  }
  for (auto& [key, group] : groups.containers) {
    ++groups.containers_of[key.workload];
    std::ranges::sort(group.pods, {}, &PodProfile::pod);
  }
  return groups;
}

/// Calls work(i) for each i below count, on all processors where that is worth a thread. One walk
/// may take a thousand times as long as another, so that threads take them one by one.
template <typename Work>
void for_each_index(std::size_t count, const Work& work) {
  constexpr std::size_t kLeastOfAThread = 32;
  constexpr std::size_t kMostThreads = 8;
  const std::size_t processors = std::max(1U, std::thread::hardware_concurrency());
  const std::size_t wanted =
      std::clamp<std::size_t>(count / kLeastOfAThread, 1, std::min(processors, kMostThreads));
  std::atomic<std::size_t> next = 0;
  const auto take = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < wanted; ++i) threads.emplace_back(take);
  take();
}

using Entry = std::map<ContainerKey, Group>::value_type;

/// Sums up in the order of the keys: sums of doubles depend on it.
class Summary {
 public:
  Summary(const std::vector<BacktestPolicy>& policies, const BacktestOptions& options) {
    for (const BacktestPolicy& policy : policies) {
      result_.policies.push_back({.name = policy.name, .rule = policy.rule});
    }
    result_.least_days = recommend_stage::least_days(options);
    workloads_.resize(policies.size());
  }

  void add(WalkResult walked, bool knows_limits) {
    if (walked.judged_days.empty()) {
      ++result_.young_containers;
      return;
    }
    days_.insert(walked.judged_days.begin(), walked.judged_days.end());
    ContainerBacktest& container = walked.container;
    result_.pod_days += container.pod_days;
    result_.unknown_limits += knows_limits ? 0 : 1;
    for (const Resource resource : kResources) {
      result_.censored[resource] += container.censored[resource];
    }
    for (std::size_t i = 0; i < container.policies.size(); ++i) {
      const BacktestScore& score = container.policies[i].score;
      result_.policies[i].score += score;
      if (score.container_days > 0) workloads_[i].insert(container.key.workload);
    }
    result_.containers.push_back(std::move(container));
  }

  Backtest take() {
    for (std::size_t i = 0; i < workloads_.size(); ++i) {
      result_.policies[i].workloads = workloads_[i].size();
    }
    result_.judged_days.assign(days_.begin(), days_.end());
    return std::move(result_);
  }

 private:
  Backtest result_{};
  std::set<std::int32_t> days_{};
  std::vector<std::set<WorkloadKey>> workloads_{};
};

bool knows_limits(const ContainerFacts* facts) {
  return facts != nullptr && facts->current_known;
}

}  // namespace

Backtest backtest(const ProfileSet& by_pod, const Inventory& inventory,
                  const std::vector<BacktestPolicy>& policies, const BacktestOptions& options,
                  const BacktestFilter& filter) {
  const Groups groups = grouped(by_pod, inventory);
  std::vector<const Entry*> chosen;
  for (const Entry& entry : groups.containers) {
    if (!filter || filter(entry.first)) chosen.push_back(&entry);
  }
  std::vector<WalkResult> walked(chosen.size());
  for_each_index(chosen.size(), [&](std::size_t i) {
    const auto& [key, group] = *chosen[i];
    walked[i] = recommend_stage::walk({.key = key,
                                       .pods = group.pods,
                                       .containers_of_pod = groups.containers_of.at(key.workload),
                                       .facts = inventory.find(key),
                                       .owner_source = group.owner_source},
                                      policies, options);
  });
  Summary summary(policies, options);
  for (std::size_t i = 0; i < walked.size(); ++i) {
    summary.add(std::move(walked[i]), knows_limits(inventory.find(chosen[i]->first)));
  }
  return summary.take();
}

}  // namespace loadline
