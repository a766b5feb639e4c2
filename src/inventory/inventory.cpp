#include "loadline/inventory/inventory.hpp"

namespace loadline {

PodOwner Inventory::owner_of(const PodKey& pod) const {
  const auto told = owners_.find(pod);
  if (told != owners_.end()) return {told->second, OwnerSource::kKubeStateMetrics};
  return {infer_owner(pod), OwnerSource::kPodName};
}

const WorkloadFacts* Inventory::find(const WorkloadKey& workload) const {
  const auto at = workloads_.find(workload);
  return at == workloads_.end() ? nullptr : &at->second;
}

const ContainerFacts* Inventory::find(const ContainerKey& container) const {
  const WorkloadFacts* workload = find(container.workload);
  if (workload == nullptr) return nullptr;
  const auto at = workload->containers.find(container.container);
  return at == workload->containers.end() ? nullptr : &at->second;
}

}  // namespace loadline
