#include "loadline/recommend/totals.hpp"

#include <set>

#include "loadline/recommend/change.hpp"

namespace loadline {
namespace {

void add_sums(const Recommendation& row, Resource resource, ResourceTotals& totals) {
  const ResourceAdvice& advice = row.resources[resource];
  const double replicas = row.replicas;
  const double now = advice.current.request.value_or(0);
  const double next = advice.recommended.request.value_or(now);
  totals.requested += replicas * now;
  totals.recommended += replicas * next;
  if (row.verdict != Verdict::kChange) return;
  if (next < now) {
    totals.reclaimable += replicas * (now - next);
    totals.reclaimable_replicas += row.replicas;
    ++totals.over_provisioned;
  } else {
    totals.missing += replicas * (next - now);
  }
}

void add_row(const Recommendation& row, Totals& totals) {
  ++totals.containers;
  totals.replicas += row.replicas;
  ++totals.by_verdict[static_cast<std::size_t>(row.verdict)];
  if (at_risk(row)) ++totals.at_risk;
  for (const Resource resource : kResources) {
    if (at_risk(row, resource)) ++totals.resources[resource].under_provisioned;
    if (!row.current_known || row.type == ContainerType::kInit) continue;
    if (!row.resources[resource].current.request) ++totals.unset_requests[resource];
    add_sums(row, resource, totals.resources[resource]);
  }
}

}  // namespace

Totals total(const std::vector<Recommendation>& recommendations) {
  Totals totals;
  std::set<WorkloadKey> workloads;
  for (const Recommendation& row : recommendations) {
    workloads.insert(row.key.workload);
    add_row(row, totals);
  }
  totals.workloads = static_cast<std::uint32_t>(workloads.size());
  return totals;
}

}  // namespace loadline
