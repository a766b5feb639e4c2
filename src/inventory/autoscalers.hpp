/// From the series of HorizontalPodAutoscalers to the workloads that they scale. Pure; rows may
/// come in any order, and twice.
#pragma once

#include <map>
#include <string>

#include "loadline/inventory/inventory.hpp"

namespace loadline {

/// KEDA's autoscalers are ordinary ones by the name of keda-hpa-*.
class AutoscalerTable {
 public:
  explicit AutoscalerTable(std::string cluster_label) : cluster_label_(std::move(cluster_label)) {}

  /// Of kube_horizontalpodautoscaler_info.
  void add_target(const Labels& row);
  /// Of kube_horizontalpodautoscaler_spec_target_metric; only the utilisation of CPU and memory
  /// counts, of the pod or of one container: amounts and external metrics are not moved by a
  /// request.
  void add_metric(const Labels& row);

  [[nodiscard]] bool empty() const { return scalers_.empty(); }
  /// Marks the workloads that are known. Of several autoscalers of one workload the first by name
  /// is named; it scales by what any of them does.
  void tell(Inventory& inventory) const;

 private:
  struct ScalerKey {
    NamespaceKey space{};
    std::string name{};

    auto operator<=>(const ScalerKey&) const = default;
  };
  struct Scaler {
    std::string kind{};
    std::string name{};
    PerResource<bool> scales_by{};
  };

  [[nodiscard]] ScalerKey key_in(const Labels& row) const;

  std::string cluster_label_{};
  std::map<ScalerKey, Scaler> scalers_{};
};

}  // namespace loadline
