#include "gitops/summary_rows.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "loadline/recommend/change.hpp"

namespace loadline::gitops {
namespace {

using Rows = std::map<ContainerKey, const Recommendation*>;

Rows rows_by_key(const Report& report) {
  Rows rows;
  for (const Recommendation& row : report.recommendations) rows.emplace(row.key, &row);
  return rows;
}

std::optional<Requirement> before_of(const Requirements* emitted, const ContainerPatch& patch,
                                     Resource resource) {
  if (emitted != nullptr && (*emitted)[resource].request) return (*emitted)[resource];
  if (patch.current) return (*patch.current)[resource];
  return std::nullopt;
}

ChangedContainer changed_container(const ContainerKey& key, const ContainerPatch& patch,
                                   const Requirements* emitted, const Rows& rows) {
  ChangedContainer changed{.key = key, .patch = &patch};
  const auto row = rows.find(key);
  if (row != rows.end()) {
    changed.row = row->second;
    changed.is_at_risk = at_risk(*row->second);
  }
  for (const Resource resource : kResources) {
    changed.before[resource] = before_of(emitted, patch, resource);
  }
  return changed;
}

}  // namespace

std::vector<ChangedContainer> changed_containers(const PatchSummary& summary) {
  const Rows rows = rows_by_key(summary.report);
  std::vector<ChangedContainer> changed;
  for (const WorkloadPatch& workload : summary.plan.workloads) {
    for (const ContainerPatch& patch : workload.containers) {
      const ContainerKey key{workload.workload, patch.container};
      const auto before = summary.before.find(key);
      const Requirements* const emitted =
          before == summary.before.end() ? nullptr : &before->second;
      if (emitted != nullptr && *emitted == patch.values) continue;
      changed.push_back(changed_container(key, patch, emitted, rows));
    }
  }
  std::sort(changed.begin(), changed.end(),
            [](const ChangedContainer& a, const ChangedContainer& b) {
              return std::tie(b.is_at_risk, a.key) < std::tie(a.is_at_risk, b.key);
            });
  return changed;
}

std::vector<ContainerKey> leaving_containers(const PatchSummary& summary) {
  std::set<ContainerKey> staying;
  for (const WorkloadPatch& workload : summary.plan.workloads) {
    for (const ContainerPatch& patch : workload.containers) {
      staying.insert({workload.workload, patch.container});
    }
  }
  std::vector<ContainerKey> leaving;
  for (const auto& [key, values] : summary.before) {
    if (staying.count(key) == 0) leaving.push_back(key);
  }
  return leaving;
}

PerResource<RequestSum> request_sums(const std::vector<ChangedContainer>& changed) {
  PerResource<RequestSum> sums;
  for (const ChangedContainer& container : changed) {
    if (container.row == nullptr || container.patch->type == ContainerType::kInit) continue;
    for (const Resource resource : kResources) {
      const std::optional<double>& after = container.patch->values[resource].request;
      const std::optional<Requirement>& before = container.before[resource];
      if (!after || !before) continue;
      const double replicas = container.row->replicas;
      sums[resource].before += replicas * before->request.value_or(0);
      sums[resource].after += replicas * *after;
      sums[resource].replicas += container.row->replicas;
    }
  }
  return sums;
}

}  // namespace loadline::gitops
