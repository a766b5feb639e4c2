/// The questions that an inventory is read by, and the words they share: under which labels series
/// name a pod, pods in batches that fit a selector, the labels that an aggregation keeps.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "loadline/inventory/read.hpp"
#include "loadline/model/workload.hpp"
#include "loadline/prometheus/query_api.hpp"

namespace loadline {

/// Names of metrics that one selector asks for.
using MetricNames = std::vector<std::string_view>;

/// Under which labels the series name their pods: without honor_labels "exported_pod", and which
/// it is may differ from one cluster's scraping to another's.
struct PodLabels {
  std::string namespace_label{};
  std::string pod_label{};

  bool operator==(const PodLabels&) const = default;
  auto operator<=>(const PodLabels&) const = default;
};
PodLabels pod_labels_in_use(const Labels& row);

/// Pods of one namespace whose names fit one selector.
struct PodBatch {
  std::string cluster{};
  std::string namespace_name{};
  std::vector<std::string> pods{};
};
/// `pods` are sorted, so that those of one namespace stand together.
std::vector<PodBatch> batches_of(const std::vector<PodKey>& pods);

/// One per read of an inventory; the API outlives it.
class ClusterQueries {
 public:
  ClusterQueries(QueryApi& api, TimeRange window, std::string cluster_label);
  ClusterQueries(const ClusterQueries&) = delete;  // a name of a label points into itself
  ClusterQueries& operator=(const ClusterQueries&) = delete;

  [[nodiscard]] TimeRange window() const { return window_; }
  [[nodiscard]] const std::string& cluster_label() const { return cluster_label_; }

  /// Label sets over the window, from the index; errors name the metric.
  Result<void> for_each_series(std::string_view metric, std::vector<Matcher> more,
                               const SeriesVisitor& visit);
  /// The answer at the last instant of the window; errors name `what`.
  Result<void> for_each_sample(const std::string& promql, std::string_view what,
                               const SampleVisitor& visit);

  /// A selector with the user's own matchers.
  [[nodiscard]] std::string selected(const MetricNames& metrics, std::vector<Matcher> more) const;
  [[nodiscard]] std::vector<Matcher> matchers_of(const PodBatch& batch,
                                                 const PodLabels& names) const;
  /// "namespace,pod,...": what is kept of a container's series. Aggregation keeps just what is
  /// looked at: the answer is a third of the size, and replicas are merged by the server.
  [[nodiscard]] const std::string& container_labels() const { return container_labels_; }
  /// `labels` with the cluster's, if there is one: for aggregations of other things.
  [[nodiscard]] std::string with_cluster(const std::string& labels) const;
  /// "[86400000ms]": the whole window.
  [[nodiscard]] std::string window_range() const;

 private:
  QueryApi& api_;
  TimeRange window_{};
  std::string cluster_label_{};
  std::vector<std::string_view> labels_to_read_{};
  std::string container_labels_{};
};

}  // namespace loadline
