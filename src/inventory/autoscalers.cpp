#include "inventory/autoscalers.hpp"

namespace loadline {

AutoscalerTable::ScalerKey AutoscalerTable::key_in(const Labels& row) const {
  return {{std::string(row.get(cluster_label_)), std::string(exported_or_own(row, "namespace"))},
          std::string(exported_or_own(row, "horizontalpodautoscaler"))};
}

void AutoscalerTable::add_target(const Labels& row) {
  Scaler& scaler = scalers_[key_in(row)];
  scaler.kind = row.get("scaletargetref_kind");
  scaler.name = row.get("scaletargetref_name");
}

void AutoscalerTable::add_metric(const Labels& row) {
  if (row.get("metric_target_type") != "utilization") return;
  for (const Resource resource : kResources) {
    if (row.get("metric_name") != to_string(resource)) continue;
    scalers_[key_in(row)].scales_by[resource] = true;
  }
}

void AutoscalerTable::tell(Inventory& inventory) const {
  for (const auto& [key, scaler] : scalers_) {
    const auto workload = inventory.workloads_.find(
        {key.space.cluster, key.space.namespace_name, scaler.kind, scaler.name});
    if (workload == inventory.workloads_.end()) continue;
    WorkloadFacts& facts = workload->second;
    if (facts.autoscaler.empty()) facts.autoscaler = key.name;
    for (const Resource resource : kResources) {
      facts.autoscaled[resource] = facts.autoscaled[resource] || scaler.scales_by[resource];
    }
  }
}

}  // namespace loadline
