#include "loadline/inventory/read.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <tuple>
#include <utility>

#include "loadline/inventory/build.hpp"

namespace loadline {
namespace {

constexpr std::string_view kRequests = "kube_pod_container_resource_requests";
constexpr std::string_view kLimits = "kube_pod_container_resource_limits";
constexpr std::string_view kInitRequests = "kube_pod_init_container_resource_requests";
constexpr std::string_view kInitLimits = "kube_pod_init_container_resource_limits";
constexpr std::string_view kCreated = "kube_pod_created";
constexpr std::string_view kContainerInfo = "kube_pod_container_info";

/// Servers and proxies take forms of a megabyte, but one that refuses POST gets the selector in
/// its URL, of which 8 KiB are safe: percent-encoding and the rest of the form included.
constexpr std::size_t kPodPatternBytes = 4'000;

using Names = std::vector<std::string_view>;

Matcher metric_matcher(const Names& names) {
  return any_of("__name__", std::vector<std::string>(names.begin(), names.end()));
}

/// Under which labels the series name their pods: without honor_labels "exported_pod", and which
/// it is may differ from one cluster's scraping to another's.
struct PodLabels {
  std::string namespace_label{};
  std::string pod_label{};

  bool operator<(const PodLabels& other) const {
    return std::tie(namespace_label, pod_label) < std::tie(other.namespace_label, other.pod_label);
  }
};

std::string label_in_use(const Labels& labels, const std::string& name) {
  const std::string exported = "exported_" + name;
  return labels.get(exported).empty() ? name : exported;
}

std::set<PodLabels> pod_labels_in_use(const std::vector<Labels>& rows) {
  std::set<PodLabels> in_use;
  for (const Labels& row : rows) {
    in_use.insert({label_in_use(row, "namespace"), label_in_use(row, "pod")});
  }
  return in_use;
}

/// Pods of one namespace whose names fit one selector.
struct PodBatch {
  std::string cluster{};
  std::string namespace_name{};
  std::vector<std::string> pods{};
};

/// `pods` are sorted, so that those of one namespace stand together.
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

template <typename T>
void append(std::vector<T>& to, std::vector<T> from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

/// Drops the labels that build_inventory does not look at, and the rows that are the same without
/// them: the index answers with all labels, for pods in the hundreds of thousands.
std::vector<Labels> trimmed(const std::vector<Labels>& rows, const std::string& cluster_label) {
  constexpr std::array<std::string_view, 13> kKept = {
      "namespace",         "pod",          "container",           "uid",
      "replicaset",        "job_name",     "owner_kind",          "owner_name",
      "restart_policy",    "exported_pod", "owner_is_controller", "exported_namespace",
      "exported_container"};
  std::vector<Labels> kept;
  kept.reserve(rows.size());
  for (const Labels& row : rows) {
    Labels labels;
    for (const std::string_view name : kKept) labels.set(name, row.get(name));
    if (!cluster_label.empty()) labels.set(cluster_label, row.get(cluster_label));
    kept.push_back(std::move(labels));
  }
  std::sort(kept.begin(), kept.end());
  kept.erase(std::unique(kept.begin(), kept.end()), kept.end());
  return kept;
}

std::vector<Labels> labels_of(std::vector<InstantSample> samples) {
  std::vector<Labels> labels;
  labels.reserve(samples.size());
  for (InstantSample& sample : samples) labels.push_back(std::move(sample.labels));
  return labels;
}

/// Fills a ClusterSeries, request by request. Each returns an error that names what was read.
class Reader {
 public:
  Reader(QueryApi& api, TimeRange window, const InventoryOptions& options)
      : api_(api),
        window_(window),
        cluster_label_(options.cluster_label),
        kept_labels_(labels_to_keep(options.cluster_label)) {}

  Result<void> read_owners() {
    return read_series(series_.pod_owners, "kube_pod_owner")
        .and_then([&] { return read_series(series_.replicaset_owners, "kube_replicaset_owner"); })
        .and_then([&] { return read_series(series_.job_owners, "kube_job_owner"); })
        .and_then(
            [&] { return read_series(series_.init_containers, "kube_pod_init_container_info"); });
  }

  Result<void> read_values() {
    return read_now(series_.requests, {kRequests, kInitRequests}, resources())
        .and_then([&] {
          return read_now(series_.limits, {kLimits, kInitLimits}, resources());
        })
        .and_then([&] { return read_now(series_.pod_created, {kCreated}, {}); })
        .and_then([&] { return read_live_pods(); })
        .and_then([&] { return read_containers(); });
  }

  Result<void> read_dead_pods() {
    const std::vector<PodKey> pods = pods_without_live_values(series_, cluster_label_);
    const std::set<PodLabels> labels = pod_labels_in_use(series_.pod_owners);
    for (const PodBatch& batch : batches_of(pods)) {
      for (const PodLabels& names : labels) {
        if (Result<void> read = read_batch(batch, names); !read) return read;
      }
    }
    return {};
  }

  [[nodiscard]] const ClusterSeries& series() const { return series_; }

 private:
  /// Aggregation keeps just what build_inventory looks at: the answer is a third of the size, and
  /// replicas of kube-state-metrics are merged by the server.
  static std::string labels_to_keep(const std::string& cluster_label) {
    std::string labels =
        "namespace,pod,container,resource,uid,exported_namespace,exported_pod,exported_container";
    if (!cluster_label.empty()) labels += "," + cluster_label;
    return labels;
  }

  static std::vector<Matcher> resources() { return {any_of("resource", {"cpu", "memory"})}; }

  std::string newest_of(const std::string& vector) const {
    return "max by (" + kept_labels_ + ") (" + vector + ")";
  }
  std::string selected(const Names& metrics, std::vector<Matcher> more) const {
    more.insert(more.begin(), metric_matcher(metrics));
    return api_.select(std::move(more));
  }

  Result<void> read_series(std::vector<Labels>& into, std::string_view metric) {
    auto rows = api_.series({metric_matcher({metric})}, window_);
    if (!rows) return while_reading(metric, rows.error());
    into = trimmed(*rows, cluster_label_);
    return {};
  }

  Result<std::vector<InstantSample>> ask(const std::string& promql, std::string_view what) {
    // The window is half-open: its last instant belongs to it, its end does not.
    auto samples = api_.instant(promql, window_.end - Milliseconds(1));
    if (!samples) return while_reading(what, samples.error());
    return samples;
  }

  Result<void> read_now(std::vector<InstantSample>& into, const Names& metrics,
                        std::vector<Matcher> more) {
    auto samples = ask(newest_of(selected(metrics, std::move(more))), metrics.front());
    if (!samples) return tl::unexpected<Error>(samples.error());
    append(into, std::move(*samples));
    return {};
  }

  Result<void> read_live_pods() {
    const Names metric = {"kube_pod_status_phase"};
    const std::string phases = selected(metric, {any_of("phase", {"Pending", "Running"})});
    auto samples = ask(newest_of(phases) + " == 1", metric.front());
    if (!samples) return tl::unexpected<Error>(samples.error());
    series_.live_pods = std::move(*samples);
    return {};
  }

  Result<void> read_containers() {
    auto samples = ask(newest_of(selected({kContainerInfo}, {})), kContainerInfo);
    if (!samples) return tl::unexpected<Error>(samples.error());
    series_.containers = labels_of(std::move(*samples));
    return {};
  }

  std::vector<Matcher> matchers_of(const PodBatch& batch, const PodLabels& names) const {
    std::vector<Matcher> matchers = {{names.namespace_label, MatchOp::kEqual, batch.namespace_name},
                                     any_of(names.pod_label, batch.pods)};
    if (!cluster_label_.empty()) {
      matchers.push_back({cluster_label_, MatchOp::kEqual, batch.cluster});
    }
    return matchers;
  }

  Result<void> read_last(std::vector<InstantSample>& into, const Names& metrics,
                         std::vector<Matcher> more) {
    const std::string range = "[" + std::to_string(window_.length().count()) + "ms]";
    const std::string last = "last_over_time(" + selected(metrics, std::move(more)) + range + ")";
    auto samples = ask(newest_of(last), metrics.front());
    if (!samples) return tl::unexpected<Error>(samples.error());
    append(into, std::move(*samples));
    return {};
  }

  /// Requests and limits take an answer each, because a server may drop the metrics' names; a pod's
  /// init containers have other names than its containers, so those go together.
  Result<void> read_batch(const PodBatch& batch, const PodLabels& names) {
    const std::vector<Matcher> pods = matchers_of(batch, names);
    std::vector<Matcher> values = pods;
    values.push_back(resources().front());
    return read_last(series_.requests, {kRequests, kInitRequests}, values)
        .and_then([&] {
          return read_last(series_.limits, {kLimits, kInitLimits}, values);
        })
        .and_then([&] { return read_last(series_.pod_created, {kCreated}, pods); })
        .and_then([&] { return read_last_containers(pods); });
  }

  Result<void> read_last_containers(std::vector<Matcher> matchers) {
    matchers.insert(matchers.begin(), metric_matcher({kContainerInfo}));
    auto rows = api_.series(matchers, window_);
    if (!rows) return while_reading(kContainerInfo, rows.error());
    append(series_.containers, std::move(*rows));
    return {};
  }

  static tl::unexpected<Error> while_reading(std::string_view what, Error error) {
    return fail_while("reading " + std::string(what), std::move(error));
  }

  QueryApi& api_;
  TimeRange window_{};
  std::string cluster_label_{};
  std::string kept_labels_{};
  ClusterSeries series_{};
};

}  // namespace

Result<Inventory> read_inventory(QueryApi& api, TimeRange window, const InventoryOptions& options) {
  Reader reader(api, window, options);
  const Result<void> read =
      reader.read_owners().and_then([&] { return reader.read_values(); }).and_then([&] {
        return reader.read_dead_pods();
      });
  if (!read) return tl::unexpected<Error>(read.error());
  return build_inventory(reader.series(), options.cluster_label);
}

}  // namespace loadline
