#include "loadline/inventory/read.hpp"

#include <optional>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "inventory/builder.hpp"

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

PodLabels pod_labels_in_use(const Labels& row) {
  return {label_in_use(row, "namespace"), label_in_use(row, "pod")};
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

/// The labels of the index's answers that are looked at; it gives all of them.
std::vector<std::string_view> labels_to_read(const std::string& cluster_label) {
  std::vector<std::string_view> names = {
      "namespace",         "pod",          "container",           "uid",
      "replicaset",        "job_name",     "owner_kind",          "owner_name",
      "restart_policy",    "exported_pod", "owner_is_controller", "exported_namespace",
      "exported_container"};
  if (!cluster_label.empty()) names.push_back(cluster_label);
  return names;
}

/// The whole way from owners to the inventory. An answer is a body and one row of it: a cluster of
/// 100,000 pods gives nine of up to 50 MB.
class Reader {
 public:
  Reader(QueryApi& api, TimeRange window, const InventoryOptions& options)
      : api_(api),
        window_(window),
        cluster_label_(options.cluster_label),
        labels_to_read_(labels_to_read(options.cluster_label)),
        kept_labels_(labels_to_keep(options.cluster_label)) {}

  Result<Inventory> read() {
    if (Result<void> owners = read_owners(); !owners) return tl::unexpected(owners.error());
    builder_.emplace(owners_.resolve(), cluster_label_);
    const Result<void> rest =
        read_values().and_then([&] { return read_dead_pods(); }).and_then([&] {
          return read_init_containers();
        });
    if (!rest) return tl::unexpected(rest.error());
    return builder_->build();
  }

 private:
  using Add = void (InventoryBuilder::*)(const Labels&, double);

  Result<void> read_owners() {
    const Result<void> pods = read_series("kube_pod_owner", [this](const Labels& row) {
      pod_labels_.insert(pod_labels_in_use(row));
      owners_.add_pod_owner(row);
    });
    return pods
        .and_then([&] {
          return read_series("kube_replicaset_owner",
                             [this](const Labels& row) { owners_.add_replicaset_owner(row); });
        })
        .and_then([&] {
          return read_series("kube_job_owner",
                             [this](const Labels& row) { owners_.add_job_owner(row); });
        });
  }

  /// When pods were created and which live comes first: the builder needs it so.
  Result<void> read_values() {
    return read_now(&InventoryBuilder::add_created, {kCreated}, {})
        .and_then([&] { return read_live_pods(); })
        .and_then([&] {
          return read_now(&InventoryBuilder::add_request, {kRequests, kInitRequests}, resources());
        })
        .and_then([&] {
          return read_now(&InventoryBuilder::add_limit, {kLimits, kInitLimits}, resources());
        })
        .and_then([&] { return read_containers(); });
  }

  Result<void> read_init_containers() {
    return read_series("kube_pod_init_container_info",
                       [this](const Labels& row) { builder_->add_init_container(row); });
  }

  Result<void> read_dead_pods() {
    for (const PodBatch& batch : batches_of(builder_->pods_without_live_values())) {
      for (const PodLabels& names : pod_labels_) {
        if (Result<void> read = read_batch(batch, names); !read) return read;
      }
    }
    return {};
  }

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

  Result<void> read_series(std::string_view metric, const SeriesVisitor& visit) {
    return read_series(metric, {metric_matcher({metric})}, visit);
  }
  Result<void> read_series(std::string_view metric, const std::vector<Matcher>& matchers,
                           const SeriesVisitor& visit) {
    const auto read = api_.for_each_series(matchers, window_, labels_to_read_, visit);
    if (!read) return while_reading(metric, read.error());
    return {};
  }

  Result<void> ask(const std::string& promql, std::string_view what, const SampleVisitor& visit) {
    // The window is half-open: its last instant belongs to it, its end does not.
    const auto read = api_.for_each_sample(promql, window_.end - Milliseconds(1), visit);
    if (!read) return while_reading(what, read.error());
    return {};
  }
  Result<void> ask(const std::string& promql, std::string_view what, Add add) {
    return ask(promql, what, [this, add](const Labels& labels, double value) {
      (*builder_.*add)(labels, value);
    });
  }

  Result<void> read_now(Add add, const Names& metrics, std::vector<Matcher> more) {
    return ask(newest_of(selected(metrics, std::move(more))), metrics.front(), add);
  }

  Result<void> read_live_pods() {
    const Names metric = {"kube_pod_status_phase"};
    const std::string phases = selected(metric, {any_of("phase", {"Pending", "Running"})});
    return ask(newest_of(phases) + " == 1", metric.front(), &InventoryBuilder::add_live);
  }

  Result<void> read_containers() {
    return ask(newest_of(selected({kContainerInfo}, {})), kContainerInfo,
               [this](const Labels& labels, double) { builder_->add_container(labels); });
  }

  std::vector<Matcher> matchers_of(const PodBatch& batch, const PodLabels& names) const {
    std::vector<Matcher> matchers = {{names.namespace_label, MatchOp::kEqual, batch.namespace_name},
                                     any_of(names.pod_label, batch.pods)};
    if (!cluster_label_.empty()) {
      matchers.push_back({cluster_label_, MatchOp::kEqual, batch.cluster});
    }
    return matchers;
  }

  Result<void> read_last(Add add, const Names& metrics, std::vector<Matcher> more) {
    const std::string range = "[" + std::to_string(window_.length().count()) + "ms]";
    const std::string last = "last_over_time(" + selected(metrics, std::move(more)) + range + ")";
    return ask(newest_of(last), metrics.front(), add);
  }

  /// Requests and limits take an answer each, because a server may drop the metrics' names; a pod's
  /// init containers have other names than its containers, so those go together.
  Result<void> read_batch(const PodBatch& batch, const PodLabels& names) {
    const std::vector<Matcher> pods = matchers_of(batch, names);
    std::vector<Matcher> values = pods;
    values.push_back(resources().front());
    return read_last(&InventoryBuilder::add_created, {kCreated}, pods)
        .and_then([&] {
          return read_last(&InventoryBuilder::add_request, {kRequests, kInitRequests}, values);
        })
        .and_then([&] {
          return read_last(&InventoryBuilder::add_limit, {kLimits, kInitLimits}, values);
        })
        .and_then([&] { return read_last_containers(pods); });
  }

  Result<void> read_last_containers(std::vector<Matcher> matchers) {
    matchers.insert(matchers.begin(), metric_matcher({kContainerInfo}));
    return read_series(kContainerInfo, matchers,
                       [this](const Labels& row) { builder_->add_container(row); });
  }

  static tl::unexpected<Error> while_reading(std::string_view what, Error error) {
    return fail_while("reading " + std::string(what), std::move(error));
  }

  QueryApi& api_;
  TimeRange window_{};
  std::string cluster_label_{};
  std::vector<std::string_view> labels_to_read_{};
  std::string kept_labels_{};  ///< of aggregations
  std::set<PodLabels> pod_labels_{};
  OwnerTable owners_{cluster_label_};
  std::optional<InventoryBuilder> builder_{};  ///< once owners are known
};

}  // namespace

Result<Inventory> read_inventory(QueryApi& api, TimeRange window, const InventoryOptions& options) {
  return Reader(api, window, options).read();
}

}  // namespace loadline
