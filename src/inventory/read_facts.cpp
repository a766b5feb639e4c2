#include "inventory/read_facts.hpp"

#include <algorithm>
#include <cmath>

#include "inventory/autoscalers.hpp"
#include "inventory/bounds.hpp"
#include "inventory/owners.hpp"

namespace loadline {
namespace {

constexpr std::string_view kPeriods = "container_cpu_cfs_periods_total";
constexpr std::string_view kThrottledPeriods = "container_cpu_cfs_throttled_periods_total";
constexpr std::string_view kScalers = "kube_horizontalpodautoscaler_info";
constexpr std::string_view kScalerMetrics = "kube_horizontalpodautoscaler_spec_target_metric";
constexpr std::string_view kLimitRanges = "kube_limitrange";
constexpr std::string_view kQuotas = "kube_resourcequota";
constexpr std::string_view kNodes = "kube_node_status_allocatable";

constexpr std::string_view kNamespace = "namespace,exported_namespace";

Matcher of_resources() {
  return any_of("resource", {"cpu", "memory"});
}

std::string most_by(const std::string& labels, const std::string& vector) {
  return "max by (" + labels + ") (" + vector + ")";
}

/// Replicas of the worst hit container may be a hair apart from one read to the next; hundredths
/// keep what is stored still.
double hundredths(double ratio) {
  return std::round(std::min(ratio, 1.0) * 100) / 100;
}

class FactsReader {
 public:
  FactsReader(ClusterQueries& queries, Inventory& inventory)
      : queries_(queries),
        inventory_(inventory),
        bounds_(queries.cluster_label()),
        scalers_(queries.cluster_label()) {}

  Result<void> read() {
    Result<void> done = read_throttling()
                            .and_then([&] { return read_scalers(); })
                            .and_then([&] { return read_limit_ranges(); })
                            .and_then([&] { return read_quotas(); })
                            .and_then([&] { return read_nodes(); });
    if (!done) return done;
    inventory_.cluster_ = bounds_.build();
    scalers_.tell(inventory_);
    return {};
  }

 private:
  /// Divided where the counters are: the answer holds the throttled ones alone. Counters that come
  /// twice (replicas) count twice above and below the line.
  Result<void> read_throttling() {
    const std::vector<Matcher> containers = {{"container", MatchOp::kNotEqual, ""},
                                             {"container", MatchOp::kNotEqual, "POD"}};
    const auto sum_of = [&](std::string_view metric) {
      return "sum by (" + queries_.container_labels() + ") (" +
             queries_.selected({metric}, containers) + ")";
    };
    return queries_.for_each_sample(
        sum_of(kThrottledPeriods) + " / " + sum_of(kPeriods) + " > 0.01", kThrottledPeriods,
        [this](const Labels& labels, double ratio) { add_throttled(labels, ratio); });
  }

  void add_throttled(const Labels& labels, double ratio) {
    PodKey pod;
    read_pod(labels, queries_.cluster_label(), pod);
    const std::string_view container = exported_or_own(labels, "container");
    const auto workload = inventory_.workloads_.find(inventory_.owner_of(pod).workload);
    if (workload == inventory_.workloads_.end() || container.empty()) return;
    if (!std::isfinite(ratio) || ratio < 0) return;
    auto& worst = workload->second.containers[std::string(container)].throttled_ratio;
    worst = std::max(worst.value_or(0), hundredths(ratio));
  }

  Result<void> read_scalers() {
    const std::string labels =
        queries_.with_cluster(std::string(kNamespace) +
                              ",horizontalpodautoscaler,exported_horizontalpodautoscaler,"
                              "scaletargetref_kind,scaletargetref_name");
    const Result<void> told =
        queries_.for_each_sample(most_by(labels, queries_.selected({kScalers}, {})), kScalers,
                                 [this](const Labels& row, double) { scalers_.add_target(row); });
    return told.and_then([&] { return read_scaler_metrics(); });
  }

  Result<void> read_scaler_metrics() {
    if (scalers_.empty()) return {};
    const std::string labels =
        queries_.with_cluster(std::string(kNamespace) +
                              ",horizontalpodautoscaler,exported_horizontalpodautoscaler,"
                              "metric_name,metric_target_type");
    const std::vector<Matcher> utilization = {
        {"metric_target_type", MatchOp::kEqual, "utilization"},
        any_of("metric_name", {"cpu", "memory"})};
    return queries_.for_each_sample(
        most_by(labels, queries_.selected({kScalerMetrics}, utilization)), kScalerMetrics,
        [this](const Labels& row, double) { scalers_.add_metric(row); });
  }

  Result<void> read_limit_ranges() {
    const std::string labels =
        queries_.with_cluster(std::string(kNamespace) + ",limitrange,constraint,type,resource");
    const std::vector<Matcher> bounds = {
        {"type", MatchOp::kEqual, "Container"},
        any_of("constraint", {"min", "max", "maxLimitRequestRatio"}),
        of_resources()};
    return queries_.for_each_sample(
        most_by(labels, queries_.selected({kLimitRanges}, bounds)), kLimitRanges,
        [this](const Labels& row, double value) { bounds_.add_limit_range(row, value); });
  }

  Result<void> read_quotas() {
    const std::string labels = queries_.with_cluster(
        std::string(kNamespace) + ",resourcequota,exported_resourcequota,type,resource");
    const std::vector<Matcher> compute = {
        any_of("resource",
               {"cpu", "requests.cpu", "limits.cpu", "memory", "requests.memory", "limits.memory"}),
        any_of("type", {"hard", "used"})};
    return queries_.for_each_sample(
        most_by(labels, queries_.selected({kQuotas}, compute)), kQuotas,
        [this](const Labels& row, double value) { bounds_.add_quota(row, value); });
  }

  Result<void> read_nodes() {
    return queries_.for_each_sample(
        most_by(queries_.with_cluster("resource"), queries_.selected({kNodes}, {of_resources()})),
        kNodes, [this](const Labels& row, double value) { bounds_.add_node(row, value); });
  }

  ClusterQueries& queries_;
  Inventory& inventory_;
  BoundsTable bounds_;
  AutoscalerTable scalers_;
};

}  // namespace

Result<void> read_facts(ClusterQueries& queries, Inventory& inventory) {
  return FactsReader(queries, inventory).read();
}

}  // namespace loadline
