#include "inventory/read_kills.hpp"

#include <set>
#include <utility>

#include "inventory/kills.hpp"

/// Implementation details
///
/// That a container was killed is a state that stays for the life of its pod, so it is looked at in
/// steps of five minutes (subqueries, whose steps stand on multiples of five minutes whatever the
/// window: two reads see the same steps). A step is Prometheus' lookback, so a series that lives is
/// seen in it. With A the pods at hand, J their labels:
///
///   state     (last_terminated_reason{A,reason="OOMKilled"} == 1)
///   ends      last_terminated_timestamp{A} and on (J) state
///   restarts  (restarts_total{A} > restarts_total{A} offset 5m) and on (J) state
///
/// The latest of `ends` is exact. `restarts` is there in the steps in which the container came back
/// from a kill: how often it is there counts kills, but for several inside five minutes; its last
/// step is the time of the last one where no ends are told. A restart whose series begins with it
/// or that falls into a gap of the scrapes is not seen; the end still is.
namespace loadline {
namespace {

constexpr std::string_view kReason = "kube_pod_container_status_last_terminated_reason";
constexpr std::string_view kEnd = "kube_pod_container_status_last_terminated_timestamp";
constexpr std::string_view kRestarts = "kube_pod_container_status_restarts_total";
constexpr std::string_view kLimits = "kube_pod_container_resource_limits";
constexpr std::string_view kEvents = "container_oom_events_total";

constexpr std::string_view kOffset = " offset 5m";
constexpr Milliseconds kStep = std::chrono::minutes(5);
/// Up to here the whole cluster is a handful of steps, and cheaper than a request for each
/// namespace.
constexpr Milliseconds kShortWindow = std::chrono::hours(1);

Matcher killed_reason() {
  return {"reason", MatchOp::kEqual, "OOMKilled"};
}

/// The value is the time at which the row is looked at.
std::string times_of(const std::string& vector) {
  return "((" + vector + ") * 0 + time())";
}

class KillReader {
 public:
  KillReader(ClusterQueries& queries, TimePoint since, Inventory& inventory)
      : queries_(queries),
        inventory_(inventory),
        kills_(queries.cluster_label(), since, queries.window().start) {}

  Result<void> read() {
    if (queries_.window().empty()) return {};
    Result<void> done = read_suspects()
                            .and_then([&] { return read_states(); })
                            .and_then([&] { return read_events(); })
                            .and_then([&] { return read_limits(); });
    if (!done) return done;
    kills_.tell(inventory_);
    return {};
  }

 private:
  using Add = void (KillTable::*)(const Labels&, double);
  using Pods = std::vector<Matcher>;

  [[nodiscard]] SampleVisitor into(Add add) {
    return [this, add](const Labels& row, double value) { (kills_.*add)(row, value); };
  }
  [[nodiscard]] std::string most_of(const std::string& vector) const {
    return "max by (" + queries_.container_labels() + ") (" + vector + ")";
  }
  /// `function` over the steps of the window in which `vector` is there.
  [[nodiscard]] std::string stepwise(const std::string& function, const std::string& vector) const {
    std::string range = queries_.window_range();
    range.insert(range.size() - 1, ":" + std::to_string(kStep.count()) + "ms");
    return most_of(function + "((" + vector + ")" + range + ")");
  }
  [[nodiscard]] std::string while_killed(const std::string& vector, Pods pods) const {
    pods.push_back(killed_reason());
    return "(" + vector + ") and on (" + queries_.container_labels() + ") (" +
           queries_.selected({kReason}, std::move(pods)) + " == 1)";
  }
  [[nodiscard]] std::string risen(const MetricNames& metric, const Pods& pods) const {
    const std::string counter = queries_.selected(metric, pods);
    return counter + " > " + counter + std::string(kOffset);
  }

  Result<void> read_suspects() {
    return queries_.for_each_series(kReason, {killed_reason()}, [this](const Labels& row) {
      pod_labels_.insert(pod_labels_in_use(row));
      kills_.add_suspect(row);
    });
  }

  /// Calls ask(matchers) for the pods in batches, or once for all where the window is short.
  template <typename Ask>
  Result<void> for_each_batch(const std::vector<PodKey>& pods, Ask ask) {
    if (pods.empty()) return {};
    if (queries_.window().length() <= kShortWindow) return ask(Pods{});
    for (const PodBatch& batch : batches_of(pods)) {
      for (const PodLabels& names : pod_labels_) {
        if (Result<void> asked = ask(queries_.matchers_of(batch, names)); !asked) return asked;
      }
    }
    return {};
  }

  Result<void> read_states() {
    const std::vector<PodKey> suspects = kills_.suspects();
    const Result<void> ends = for_each_batch(suspects, [&](const Pods& pods) {
      return queries_.for_each_sample(
          stepwise("max_over_time", while_killed(queries_.selected({kEnd}, pods), pods)), kEnd,
          into(&KillTable::add_end));
    });
    return ends.and_then([&] {
      return for_each_batch(suspects, [&](const Pods& pods) { return read_restarts(pods); });
    });
  }

  Result<void> read_restarts(const Pods& pods) {
    const std::string restarts = while_killed(risen({kRestarts}, pods), pods);
    Result<void> counted = queries_.for_each_sample(stepwise("count_over_time", restarts),
                                                    kRestarts, into(&KillTable::add_restarts));
    if (!kills_.lacks_ends()) return counted;
    return counted.and_then([&] {
      return queries_.for_each_sample(stepwise("max_over_time", times_of(restarts)), kRestarts,
                                      into(&KillTable::add_restart));
    });
  }

  /// cAdvisor's counter begins with its container: only a few ever leave zero.
  Result<void> read_events() {
    std::set<PodKey> pods;
    const Result<void> found =
        queries_.for_each_sample(most_of(queries_.selected({kEvents}, of_containers())) + " > 0",
                                 kEvents, [&](const Labels& row, double) { note_pod(row, pods); });
    return found.and_then([&] {
      return for_each_batch({pods.begin(), pods.end()},
                            [&](const Pods& batch) { return read_event_times(batch); });
    });
  }

  static Pods of_containers() {
    return {{"container", MatchOp::kNotEqual, ""}, {"container", MatchOp::kNotEqual, "POD"}};
  }

  void note_pod(const Labels& row, std::set<PodKey>& pods) {
    const PodLabels names = pod_labels_in_use(row);
    pod_labels_.insert(names);
    pods.insert({std::string(row.get(queries_.cluster_label())),
                 std::string(row.get(names.namespace_label)),
                 std::string(row.get(names.pod_label))});
  }

  Result<void> read_event_times(Pods pods) {
    for (const Matcher& matcher : of_containers()) pods.push_back(matcher);
    const std::string counter = queries_.selected({kEvents}, pods);
    const std::string more = "(" + counter + " - " + counter + std::string(kOffset) + ") > 0";
    const Result<void> counted = queries_.for_each_sample(stepwise("sum_over_time", more), kEvents,
                                                          into(&KillTable::add_events));
    return counted.and_then([&] {
      return queries_.for_each_sample(stepwise("max_over_time", times_of(risen({kEvents}, pods))),
                                      kEvents, into(&KillTable::add_event));
    });
  }

  /// Of the pods that were killed, not of the newest: a limit may have been raised since. A step
  /// earlier too: the window may be shorter than the scrapes of kube-state-metrics are apart.
  Result<void> read_limits() {
    const Milliseconds reach = queries_.window().length() + kStep;
    const std::string range = "[" + std::to_string(reach.count()) + "ms]";
    for (const PodBatch& batch : batches_of(kills_.killed())) {
      for (const PodLabels& names : pod_labels_) {
        Pods pods = queries_.matchers_of(batch, names);
        pods.push_back({"resource", MatchOp::kEqual, "memory"});
        Result<void> read = queries_.for_each_sample(
            most_of("max_over_time(" + queries_.selected({kLimits}, std::move(pods)) + range + ")"),
            kLimits, into(&KillTable::add_limit));
        if (!read) return read;
      }
    }
    return {};
  }

  ClusterQueries& queries_;
  Inventory& inventory_;
  std::set<PodLabels> pod_labels_{};
  KillTable kills_;
};

}  // namespace

Result<void> read_kills(ClusterQueries& queries, TimePoint since, Inventory& inventory) {
  return KillReader(queries, since, inventory).read();
}

}  // namespace loadline
