#include "inventory/bounds.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace loadline {
namespace {

struct QuotaResource {
  std::string_view name{};
  Resource resource = Resource::kCpu;
  std::optional<double> Requirement::*part = &Requirement::request;
};

// "cpu" is Kubernetes' older word for "requests.cpu".
constexpr std::array<QuotaResource, 6> kQuotaResources{{
    {"cpu", Resource::kCpu, &Requirement::request},
    {"requests.cpu", Resource::kCpu, &Requirement::request},
    {"limits.cpu", Resource::kCpu, &Requirement::limit},
    {"memory", Resource::kMemory, &Requirement::request},
    {"requests.memory", Resource::kMemory, &Requirement::request},
    {"limits.memory", Resource::kMemory, &Requirement::limit},
}};

const QuotaResource* quota_resource(std::string_view name) {
  const auto* const at =
      std::find_if(kQuotaResources.begin(), kQuotaResources.end(),
                   [name](const QuotaResource& known) { return known.name == name; });
  return at == kQuotaResources.end() ? nullptr : at;
}

bool is_amount(double value) {
  return std::isfinite(value) && value >= 0;
}

std::optional<Resource> resource_in(const Labels& row) {
  const std::string_view name = row.get("resource");
  for (const Resource resource : kResources) {
    if (name == to_string(resource)) return resource;
  }
  return std::nullopt;
}

void keep_least(std::optional<double>& kept, double value) {
  kept = std::min(kept.value_or(value), value);
}
void keep_most(std::optional<double>& kept, double value) {
  kept = std::max(kept.value_or(value), value);
}

}  // namespace

NamespaceKey BoundsTable::namespace_in(const Labels& row) const {
  return {std::string(row.get(cluster_label_)), std::string(exported_or_own(row, "namespace"))};
}

void BoundsTable::add_limit_range(const Labels& row, double value) {
  const std::optional<Resource> resource = resource_in(row);
  const std::string_view constraint = row.get("constraint");
  const bool is_bound =
      constraint == "min" || constraint == "max" || constraint == "maxLimitRequestRatio";
  if (!resource || !is_bound || row.get("type") != "Container") return;
  if (!is_amount(value) || value == 0) return;
  ContainerBounds& bounds = facts_.namespaces[namespace_in(row)].bounds[*resource];
  if (constraint == "min") keep_most(bounds.least, value);
  if (constraint == "max") keep_least(bounds.most, value);
  if (constraint == "maxLimitRequestRatio") keep_least(bounds.most_ratio, value);
}

void BoundsTable::add_quota(const Labels& row, double value) {
  const std::string_view resource = row.get("resource");
  if (quota_resource(resource) == nullptr || !is_amount(value)) return;
  Quota& quota = quotas_[{namespace_in(row), std::string(exported_or_own(row, "resourcequota")),
                          std::string(resource)}];
  // Replicas may be a scrape apart: the tighter word counts.
  if (row.get("type") == "hard") keep_least(quota.hard, value);
  if (row.get("type") == "used") keep_most(quota.used, value);
}

void BoundsTable::add_node(const Labels& row, double value) {
  const std::optional<Resource> resource = resource_in(row);
  if (!resource || !is_amount(value)) return;
  keep_most(facts_.largest_nodes[std::string(row.get(cluster_label_))][*resource], value);
}

ClusterFacts BoundsTable::build() const {
  ClusterFacts facts = facts_;
  for (const auto& [key, quota] : quotas_) {
    if (!quota.hard || !quota.used) continue;
    const QuotaResource& known = *quota_resource(std::get<2>(key));
    keep_least(facts.namespaces[std::get<0>(key)].quota_left[known.resource].*known.part,
               std::max(0.0, *quota.hard - *quota.used));
  }
  return facts;
}

}  // namespace loadline
