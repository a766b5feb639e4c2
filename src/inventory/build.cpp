#include "loadline/inventory/build.hpp"

#include "inventory/builder.hpp"

namespace loadline {
namespace {

PodOwners owners_in(const ClusterSeries& series, const std::string& cluster_label) {
  OwnerTable owners(cluster_label);
  for (const Labels& row : series.pod_owners) owners.add_pod_owner(row);
  for (const Labels& row : series.replicaset_owners) owners.add_replicaset_owner(row);
  for (const Labels& row : series.job_owners) owners.add_job_owner(row);
  return owners.resolve();
}

void add_answers(InventoryBuilder& builder, const ClusterSeries& series) {
  for (const auto& [labels, seconds] : series.pod_created) builder.add_created(labels, seconds);
  for (const auto& [labels, value] : series.live_pods) builder.add_live(labels, value);
  for (const auto& [labels, amount] : series.requests) builder.add_request(labels, amount);
  for (const auto& [labels, amount] : series.limits) builder.add_limit(labels, amount);
  for (const Labels& row : series.containers) builder.add_container(row);
  for (const auto& [labels, count] : series.restarts) builder.add_restarts(labels, count);
}

}  // namespace

Inventory build_inventory(const ClusterSeries& series, const std::string& cluster_label) {
  InventoryBuilder builder(owners_in(series, cluster_label), cluster_label);
  add_answers(builder, series);
  for (const Labels& row : series.init_containers) builder.add_init_container(row);
  return builder.build();
}

std::vector<PodKey> pods_without_live_values(const ClusterSeries& series,
                                             const std::string& cluster_label) {
  InventoryBuilder builder(owners_in(series, cluster_label), cluster_label);
  add_answers(builder, series);
  return builder.pods_without_live_values();
}

}  // namespace loadline
