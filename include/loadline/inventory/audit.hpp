/// Is this Prometheus usable: which metrics are there, under which labels, how far back, and what
/// to mend. The pure half of `loadline check`, and the reading of the facts it judges.
///
/// Judged are label sets, not values. Series of a short recent range stand for the whole window.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "loadline/model/labels.hpp"
#include "loadline/model/time.hpp"
#include "loadline/prometheus/query_api.hpp"

namespace loadline {

enum class MetricNeed {
  kNeeded,    ///< without it nothing can be said
  kWanted,    ///< without it something is lost, which the finding names
  kEvidence,  ///< for the guards; many clusters lack some, rightly
};

/// A metric that loadline looks at.
struct MetricUse {
  std::string_view name{};
  MetricNeed need = MetricNeed::kEvidence;
  std::string_view lost_without{};  ///< "current requests are unknown"
};
/// All of them, the needed ones first.
const std::vector<MetricUse>& metrics_in_use();

/// What the series of one metric look like.
struct MetricSighting {
  std::string name{};
  MetricNeed need = MetricNeed::kEvidence;
  std::size_t series = 0;  ///< 0: not found
  std::set<std::string, std::less<>> label_names{};
  Labels example{};  ///< of one series; empty where there is none
  /// The values of each label that may tell clusters apart (see cluster_label_names), and of the
  /// configured one; at most 20 of each.
  std::map<std::string, std::set<std::string>, std::less<>> cluster_values{};
  std::set<std::string, std::less<>> owner_kinds{};  ///< "ReplicaSet", "Job", ...
  std::size_t without_container = 0;         ///< containers' metrics alone: series that name none
  std::size_t per_core = 0;                  ///< series of a single core: cpu="cpu00"
  std::size_t without_image = 0;             ///< series of containers without an image label
  std::size_t without_id = 0;                ///< series of containers without an id label
  std::size_t exported = 0;                  ///< series with exported_namespace, _pod or _container
  std::size_t duplicates = 0;                ///< series that tell again what another tells
  std::set<std::string> duplicate_labels{};  ///< in which such series differ: "instance", "replica"

  [[nodiscard]] bool found() const { return series > 0; }
};

/// Labels by which people tell clusters apart: "cluster", "k8s_cluster", ...
const std::vector<std::string>& cluster_label_names();

/// Looks the series of one metric over. Two series are duplicates if they agree in all labels that
/// say what is measured (namespace, pod, container, id, cpu, owner, ... and the cluster, if
/// `cluster_label` is not empty); where containers have no id none are looked for, as a restarted
/// one would look the same.
MetricSighting sighting_of(const MetricUse& use, const std::vector<Labels>& series,
                           const std::string& cluster_label);

/// Reads the series of every metric in use, one metric at a time, over a range that should be
/// short and recent (10 minutes). An error names the metric; a metric that is not there is none.
Result<std::vector<MetricSighting>> sight_metrics(QueryApi& api, TimeRange recent,
                                                  const std::string& cluster_label = "");

/// The earliest time inside the window, to an hour, at which there is usage of any container;
/// nullopt where there is none. At most 20 requests for two weeks, each answered by one number: one
/// instant a day from the oldest on, then by halves. So a gap does not hide what lies before it,
/// unless it covers that day's instant.
Result<std::optional<TimePoint>> find_history_start(QueryApi& api, TimeRange window);

/// All that is judged.
struct AuditFacts {
  std::vector<MetricSighting> metrics{};
  TimeRange window{};
  std::optional<TimePoint> history_start{};
  Milliseconds min_history = std::chrono::days(3);  ///< under which nothing is recommended
  std::string cluster_label{};                      ///< as configured; empty: none
  std::vector<std::string> replica_labels{};
  bool require_image = true;  ///< as configured
};

enum class Severity { kOk, kWarning, kFailure };
/// "ok", "warning", "failure".
std::string_view to_string(Severity severity);

/// One line of `loadline check`. Texts from Prometheus are made printable.
struct Finding {
  Severity severity = Severity::kOk;
  std::string subject{};   ///< a metric, "history", "clusters", ...
  std::string sentence{};  ///< what is
  std::string mend{};      ///< what to do about it; empty where nothing needs to be

  bool operator==(const Finding&) const = default;
};

/// The findings in a fixed order: metrics, labels, duplicates, clusters, history. Never empty.
std::vector<Finding> audit(const AuditFacts& facts);
/// The worst of them; kOk for none.
Severity worst_of(const std::vector<Finding>& findings);

}  // namespace loadline
