#include "loadline/recommend/totals.hpp"

#include <cmath>
#include <unordered_set>

#include "loadline/recommend/change.hpp"

namespace loadline {
namespace {

void add_sums(const Recommendation& row, Resource resource, ResourceTotals& totals) {
  const ResourceAdvice& advice = row.resources[resource];
  const double replicas = row.replicas;
  const double now = advice.current.request.value_or(0);
  totals.requested += replicas * now;
  if (row.verdict != Verdict::kChange) return;
  const double next = advice.recommended.request.value_or(now);
  if (next < now) {
    totals.reclaimable += replicas * (now - next);
    totals.reclaimable_replicas += row.replicas;
    ++totals.over_provisioned;
  } else {
    totals.missing += replicas * (next - now);
  }
}

/// Whole nano-units: sums of decimal fractions leave dust behind (11.040000000000003). Bytes are
/// whole already and too many for that.
double without_dust(double sum) {
  constexpr double kNano = 1e-9;
  return sum < 1e6 ? std::round(sum / kNano) / 1e9 : sum;
}

void finish(ResourceTotals& sums) {
  sums.recommended = without_dust(sums.requested - sums.reclaimable + sums.missing);
  sums.requested = without_dust(sums.requested);
  sums.reclaimable = without_dust(sums.reclaimable);
  sums.missing = without_dust(sums.missing);
}

void add_row(const Recommendation& row, Totals& totals) {
  ++totals.containers;
  totals.replicas += row.replicas;
  ++totals.by_verdict[static_cast<std::size_t>(row.verdict)];
  if (at_risk(row)) ++totals.at_risk;
  totals.hindsight += row.hindsight;
  if (row.cost) {
    Cost& cost = totals.cost.emplace(totals.cost.value_or(Cost{}));
    cost.current_per_hour += row.cost->current_per_hour;
    cost.recommended_per_hour += row.cost->recommended_per_hour;
  }
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
  const auto hash = [](const WorkloadKey* key) { return KeyHash()(*key); };
  const auto same = [](const WorkloadKey* a, const WorkloadKey* b) { return *a == *b; };
  std::unordered_set<const WorkloadKey*, decltype(hash), decltype(same)> workloads;
  for (const Recommendation& row : recommendations) {
    workloads.insert(&row.key.workload);
    add_row(row, totals);
  }
  totals.workloads = static_cast<std::uint32_t>(workloads.size());
  for (ResourceTotals& sums : totals.resources.values) finish(sums);
  return totals;
}

}  // namespace loadline
