/// From profile and current requirements to advice: pure functions, `now` nowhere.
#pragma once

#include <vector>

#include "loadline/recommend/policy.hpp"
#include "loadline/recommend/recommendation.hpp"

namespace loadline {

/// What a recommendation rests on. `facts` and `workload` are nullptr where kube-state-metrics
/// tells nothing.
struct Subject {
  const ContainerKey& key;
  const ContainerProfile& profile;
  const WorkloadFacts* workload = nullptr;
  const ContainerFacts* facts = nullptr;
};

/// For each resource: quantile, floor, factor, grid, then the guards in order
/// (src/recommend/guards.hpp: each a function from the draft and the evidence to the next draft),
/// then the verdict.
Recommendation recommend(const Subject& subject, const Policy& policy);

/// Every container that has a profile, and every container of a live workload that has none
/// (no_data). Sorted by key.
std::vector<Recommendation> recommend_all(const ProfileSet& profiles, const Inventory& inventory,
                                          const Policy& policy);

}  // namespace loadline
