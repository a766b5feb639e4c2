#include "loadline/inventory/read.hpp"

#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "inventory/builder.hpp"
#include "inventory/cluster_queries.hpp"
#include "inventory/read_facts.hpp"
#include "inventory/read_kills.hpp"
#include "inventory/read_pools.hpp"

namespace loadline {
namespace {

constexpr std::string_view kRequests = "kube_pod_container_resource_requests";
constexpr std::string_view kLimits = "kube_pod_container_resource_limits";
constexpr std::string_view kInitRequests = "kube_pod_init_container_resource_requests";
constexpr std::string_view kInitLimits = "kube_pod_init_container_resource_limits";
constexpr std::string_view kCreated = "kube_pod_created";
constexpr std::string_view kContainerInfo = "kube_pod_container_info";

/// The whole way from owners to the inventory. An answer is a body and one row of it: a cluster of
/// 100,000 pods gives nine of up to 50 MB.
class Reader {
 public:
  Reader(QueryApi& api, TimeRange window, const InventoryOptions& options)
      : queries_(api, window, options.cluster_label),
        kill_queries_(api, {options.kills_counted_from.value_or(window.start), window.end},
                      options.cluster_label),
        kills_since_(options.kills_since.value_or(window.start)),
        pool_label_(options.pool_label),
        owners_(options.cluster_label) {}

  Result<Inventory> read() {
    if (Result<void> owners = read_owners(); !owners) return tl::unexpected(owners.error());
    builder_.emplace(owners_.resolve(), queries_.cluster_label());
    const Result<void> rest =
        read_values().and_then([&] { return read_dead_pods(); }).and_then([&] {
          return read_init_containers();
        });
    if (!rest) return tl::unexpected(rest.error());
    Inventory inventory = builder_->build();
    const Result<void> facts = read_facts(queries_, inventory).and_then([&] {
      return read_kills(kill_queries_, kills_since_, inventory);
    });
    if (!facts) return tl::unexpected(facts.error());
    if (pool_label_.empty()) return inventory;
    const Result<void> pools = read_pools(queries_, pool_label_, inventory);
    if (!pools) return tl::unexpected(pools.error());
    return inventory;
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
        .and_then([&] { return read_containers(); })
        .and_then([&] { return read_restarts(); });
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

  static std::vector<Matcher> resources() { return {any_of("resource", {"cpu", "memory"})}; }

  std::string newest_of(const std::string& vector) const {
    return "max by (" + queries_.container_labels() + ") (" + vector + ")";
  }

  Result<void> read_series(std::string_view metric, const SeriesVisitor& visit) {
    return queries_.for_each_series(metric, {}, visit);
  }
  Result<void> ask(const std::string& promql, std::string_view what, Add add) {
    return queries_.for_each_sample(promql, what, [this, add](const Labels& labels, double value) {
      (*builder_.*add)(labels, value);
    });
  }

  Result<void> read_now(Add add, const MetricNames& metrics, std::vector<Matcher> more) {
    return ask(newest_of(queries_.selected(metrics, std::move(more))), metrics.front(), add);
  }

  Result<void> read_live_pods() {
    const MetricNames metric = {"kube_pod_status_phase"};
    const std::string phases = queries_.selected(metric, {any_of("phase", {"Pending", "Running"})});
    return ask(newest_of(phases) + " == 1", metric.front(), &InventoryBuilder::add_live);
  }

  Result<void> read_containers() {
    return queries_.for_each_sample(
        newest_of(queries_.selected({kContainerInfo}, {})), kContainerInfo,
        [this](const Labels& labels, double) { builder_->add_container(labels); });
  }

  /// Most containers have none: their rows stay with the server.
  Result<void> read_restarts() {
    const MetricNames metric = {"kube_pod_container_status_restarts_total"};
    return ask(newest_of(queries_.selected(metric, {})) + " > 0", metric.front(),
               &InventoryBuilder::add_restarts);
  }

  Result<void> read_last(Add add, const MetricNames& metrics, std::vector<Matcher> more) {
    const std::string last = "last_over_time(" + queries_.selected(metrics, std::move(more)) +
                             queries_.window_range() + ")";
    return ask(newest_of(last), metrics.front(), add);
  }

  /// Requests and limits take an answer each, because a server may drop the metrics' names; a pod's
  /// init containers have other names than its containers, so those go together.
  Result<void> read_batch(const PodBatch& batch, const PodLabels& names) {
    const std::vector<Matcher> pods = queries_.matchers_of(batch, names);
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

  Result<void> read_last_containers(const std::vector<Matcher>& pods) {
    return queries_.for_each_series(kContainerInfo, pods,
                                    [this](const Labels& row) { builder_->add_container(row); });
  }

  ClusterQueries queries_;
  ClusterQueries kill_queries_;
  TimePoint kills_since_{};
  std::string pool_label_{};
  std::set<PodLabels> pod_labels_{};
  OwnerTable owners_;
  std::optional<InventoryBuilder> builder_{};  ///< once owners are known
};

}  // namespace

Result<Inventory> read_inventory(QueryApi& api, TimeRange window, const InventoryOptions& options) {
  return Reader(api, window, options).read();
}

}  // namespace loadline
