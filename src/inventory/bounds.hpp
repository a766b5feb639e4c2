/// From the series of LimitRanges, ResourceQuotas and nodes to what bounds a recommendation from
/// outside. Pure; rows may come in any order, and twice.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "loadline/inventory/inventory.hpp"

namespace loadline {

/// Values that are no amounts (NaN, infinite, negative) are passed over.
class BoundsTable {
 public:
  explicit BoundsTable(std::string cluster_label) : cluster_label_(std::move(cluster_label)) {}

  /// Of kube_limitrange; rows of other types than "Container" and of defaults say nothing. Of
  /// several bounds the tightest holds: the highest min, the lowest max, the lowest ratio. A bound
  /// of zero is none.
  void add_limit_range(const Labels& row, double value);
  /// Of kube_resourcequota: requests.cpu (or cpu), requests.memory (or memory), limits.cpu,
  /// limits.memory. A quota of which not both hard and used are told leaves nothing to say.
  void add_quota(const Labels& row, double value);
  /// Of kube_node_status_allocatable{resource=~"cpu|memory"}.
  void add_node(const Labels& row, double value);

  [[nodiscard]] ClusterFacts build() const;

 private:
  /// Namespace, name of the object, resource as it is spelled there.
  using QuotaKey = std::tuple<NamespaceKey, std::string, std::string>;
  struct Quota {
    std::optional<double> hard{};
    std::optional<double> used{};
  };

  [[nodiscard]] NamespaceKey namespace_in(const Labels& row) const;

  std::string cluster_label_{};
  std::map<QuotaKey, Quota> quotas_{};
  ClusterFacts facts_{};
};

}  // namespace loadline
