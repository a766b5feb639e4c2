/// Recommendations and plans stated as data: cores and MiB.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "loadline/gitops/formats.hpp"
#include "loadline/gitops/plan.hpp"

namespace loadline::test {

inline constexpr double kMi = 1024.0 * 1024.0;

inline WorkloadKey workload_of(std::string name, std::string kind = "Deployment",
                               std::string namespace_name = "shop", std::string cluster = "") {
  return {std::move(cluster), std::move(namespace_name), std::move(kind), std::move(name)};
}

/// Chains: row_of("web").today(kCpu, 1, 2).advised(kCpu, 0.5, 1).
struct RowBuilder {
  Recommendation row{};

  explicit RowBuilder(WorkloadKey workload, std::string container = "app") {
    row.key = {std::move(workload), std::move(container)};
    row.replicas = 2;
    row.current_known = true;
    row.verdict = Verdict::kChange;
  }

  RowBuilder& today(Resource resource, std::optional<double> request, std::optional<double> limit) {
    row.resources[resource].current = {request, limit};
    return *this;
  }
  /// The days before agree, unless `before` says otherwise.
  RowBuilder& advised(Resource resource, std::optional<double> request,
                      std::optional<double> limit) {
    row.resources[resource].recommended = {request, limit};
    row.resources[resource].until_yesterday = {request, limit};
    return *this;
  }
  RowBuilder& before(Resource resource, std::optional<double> request,
                     std::optional<double> limit) {
    row.resources[resource].until_yesterday = {request, limit};
    return *this;
  }
  RowBuilder& max(Resource resource, double value) {
    row.resources[resource].max = value;
    return *this;
  }
  RowBuilder& verdict(Verdict verdict) {
    row.verdict = verdict;
    return *this;
  }
  RowBuilder& type(ContainerType type) {
    row.type = type;
    return *this;
  }
  operator Recommendation() const { return row; }  // NOLINT: reads as the row itself
};

inline RowBuilder row_of(std::string name = "web", std::string container = "app") {
  return RowBuilder(workload_of(std::move(name)), std::move(container));
}

inline Requirements values_of(Requirement cpu, Requirement memory) {
  Requirements values;
  values[Resource::kCpu] = cpu;
  values[Resource::kMemory] = memory;
  return values;
}

/// What a tree made from the plan would say of itself.
inline EmittedValues emitted_of(const PatchPlan& plan) {
  EmittedValues values;
  for (const WorkloadPatch& workload : plan.workloads) {
    for (const ContainerPatch& patch : workload.containers) {
      values[{workload.workload, patch.container}] = patch.values;
    }
  }
  return values;
}

}  // namespace loadline::test
