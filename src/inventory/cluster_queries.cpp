#include "inventory/cluster_queries.hpp"

#include <utility>

namespace loadline {
namespace {

/// Servers and proxies take forms of a megabyte, but one that refuses POST gets the selector in
/// its URL, of which 8 KiB are safe: percent-encoding and the rest of the form included.
constexpr std::size_t kPodPatternBytes = 4'000;

Matcher metric_matcher(const MetricNames& names) {
  return any_of("__name__", std::vector<std::string>(names.begin(), names.end()));
}

std::string label_in_use(const Labels& labels, const std::string& name) {
  const std::string exported = "exported_" + name;
  return labels.get(exported).empty() ? name : exported;
}

/// The labels of the index's answers that are looked at; it gives all of them.
std::vector<std::string_view> labels_to_read() {
  return {"namespace",         "pod",          "container",           "uid",
          "replicaset",        "job_name",     "owner_kind",          "owner_name",
          "restart_policy",    "exported_pod", "owner_is_controller", "exported_namespace",
          "exported_container"};
}

tl::unexpected<Error> while_reading(std::string_view what, Error error) {
  return fail_while("reading " + std::string(what), std::move(error));
}

}  // namespace

PodLabels pod_labels_in_use(const Labels& row) {
  return {label_in_use(row, "namespace"), label_in_use(row, "pod")};
}

std::vector<PodBatch> batches_of(const std::vector<PodKey>& pods) {
  std::vector<PodBatch> batches;
  std::size_t bytes = 0;
  for (const PodKey& pod : pods) {
    const std::size_t added = escape_regex(pod.pod).size() + 1;
    const bool fits = !batches.empty() && batches.back().cluster == pod.cluster &&
                      batches.back().namespace_name == pod.namespace_name &&
                      bytes + added <= kPodPatternBytes;
    if (!fits) {
      batches.push_back({pod.cluster, pod.namespace_name, {}});
      bytes = 0;
    }
    batches.back().pods.push_back(pod.pod);
    bytes += added;
  }
  return batches;
}

ClusterQueries::ClusterQueries(QueryApi& api, TimeRange window, std::string cluster_label)
    : api_(api),
      window_(window),
      cluster_label_(std::move(cluster_label)),
      labels_to_read_(labels_to_read()),
      container_labels_(
          with_cluster("namespace,pod,container,resource,uid,exported_namespace,exported_pod,"
                       "exported_container")) {
  if (!cluster_label_.empty()) labels_to_read_.push_back(cluster_label_);
}

Result<void> ClusterQueries::for_each_series(std::string_view metric, std::vector<Matcher> more,
                                             const SeriesVisitor& visit) {
  more.insert(more.begin(), metric_matcher({metric}));
  const auto read = api_.for_each_series(more, window_, labels_to_read_, visit);
  if (!read) return while_reading(metric, read.error());
  return {};
}

Result<void> ClusterQueries::for_each_sample(const std::string& promql, std::string_view what,
                                             const SampleVisitor& visit) {
  // The window is half-open: its last instant belongs to it, its end does not.
  const auto read = api_.for_each_sample(promql, window_.end - Milliseconds(1), visit);
  if (!read) return while_reading(what, read.error());
  return {};
}

std::string ClusterQueries::selected(const MetricNames& metrics, std::vector<Matcher> more) const {
  more.insert(more.begin(), metric_matcher(metrics));
  return api_.select(std::move(more));
}

std::vector<Matcher> ClusterQueries::matchers_of(const PodBatch& batch,
                                                 const PodLabels& names) const {
  std::vector<Matcher> matchers = {{names.namespace_label, MatchOp::kEqual, batch.namespace_name},
                                   any_of(names.pod_label, batch.pods)};
  if (!cluster_label_.empty()) {
    matchers.push_back({cluster_label_, MatchOp::kEqual, batch.cluster});
  }
  return matchers;
}

std::string ClusterQueries::with_cluster(const std::string& labels) const {
  return cluster_label_.empty() ? labels : labels + "," + cluster_label_;
}

std::string ClusterQueries::window_range() const {
  return "[" + std::to_string(window_.length().count()) + "ms]";
}

}  // namespace loadline
