#include "loadline/inventory/audit.hpp"

#include <algorithm>
#include <utility>

namespace loadline {
namespace {

using Findings = std::vector<Finding>;

bool is_usage(const MetricSighting& metric) {
  return metric.need == MetricNeed::kNeeded;
}

std::string count_of(std::size_t count, std::string_view what) {
  return std::to_string(count) + " " + std::string(what);
}

template <typename Texts>
std::string joined(const Texts& texts, std::string_view separator = ", ") {
  std::string all;
  for (const auto& text : texts) {
    if (!all.empty()) all += separator;
    all += printable(text, 80);
  }
  return all;
}

std::string_view lost_without(std::string_view name) {
  for (const MetricUse& use : metrics_in_use()) {
    if (use.name == name) return use.lost_without;
  }
  return {};
}

std::string labels_seen(const MetricSighting& metric) {
  return "labels seen: " + joined(metric.label_names) +
         "; one series: " + printable(metric.example);
}

// ---- metrics -----------------------------------------------------------------------------------

Finding usage_metric(const MetricSighting& metric) {
  if (!metric.found()) {
    return {Severity::kFailure, metric.name, "not found",
            "scrape /metrics/cadvisor of every kubelet, see that no relabelling drops the metric, "
            "and that prometheus.matchers select something"};
  }
  const std::size_t containers = metric.series - metric.without_container;
  const bool names_pods =
      (metric.label_names.contains("namespace") ||
       metric.label_names.contains("exported_namespace")) &&
      (metric.label_names.contains("pod") || metric.label_names.contains("exported_pod"));
  if (containers == 0 || !names_pods) {
    return {Severity::kFailure, metric.name,
            count_of(metric.series, "series, none of which names namespace, pod and container; ") +
                labels_seen(metric),
            "scrape cAdvisor through the kubelet, which adds these labels, and keep them"};
  }
  return {Severity::kOk, metric.name, count_of(containers, "series of containers"), ""};
}

/// The kind of owner that a metric tells of; "" for the other metrics.
std::string_view kind_told_by(std::string_view metric) {
  if (metric == "kube_replicaset_owner") return "ReplicaSet";
  return metric == "kube_job_owner" ? "Job" : "";
}

/// Whether there is nothing that the metric could tell: no pod is owned by that kind.
bool is_needless(const MetricSighting& metric, const AuditFacts& facts) {
  const std::string_view kind = kind_told_by(metric.name);
  return !kind.empty() && std::any_of(facts.metrics.begin(), facts.metrics.end(),
                                      [kind](const MetricSighting& other) {
                                        return other.name == "kube_pod_owner" && other.found() &&
                                               !other.owner_kinds.contains(kind);
                                      });
}

Finding told_metric(const MetricSighting& metric, const AuditFacts& facts) {
  if (metric.found()) return {Severity::kOk, metric.name, count_of(metric.series, "series"), ""};
  if (is_needless(metric, facts)) {
    return {Severity::kOk, metric.name,
            "not found, and no pod is owned by a " + std::string(kind_told_by(metric.name)), ""};
  }
  const std::string sentence = "not found: " + std::string(lost_without(metric.name));
  if (metric.need == MetricNeed::kEvidence) return {Severity::kOk, metric.name, sentence, ""};
  return {Severity::kWarning, metric.name, sentence,
          "let kube-state-metrics expose it (--metric-allowlist, --resources) and see that no "
          "relabelling drops it"};
}

bool is_told(const MetricSighting& metric) {
  return metric.name.starts_with("kube_");
}

/// One finding instead of one for each of its metrics.
bool lacks_kube_state_metrics(const AuditFacts& facts) {
  return std::none_of(facts.metrics.begin(), facts.metrics.end(), [](const MetricSighting& metric) {
    return is_told(metric) && metric.found();
  });
}

void judge_metrics(Findings& findings, const AuditFacts& facts) {
  const bool lacks_told = lacks_kube_state_metrics(facts);
  for (const MetricSighting& metric : facts.metrics) {
    if (is_usage(metric)) {
      findings.push_back(usage_metric(metric));
    } else if (!lacks_told || !is_told(metric)) {
      findings.push_back(told_metric(metric, facts));
    }
  }
  if (!lacks_told) return;
  findings.push_back({Severity::kWarning, "kube-state-metrics",
                      "not found: owners are inferred from the names of pods, and current requests "
                      "and limits are unknown",
                      "install kube-state-metrics and let this Prometheus scrape it"});
}

// ---- labels ------------------------------------------------------------------------------------

void judge_cores(Findings& findings, const MetricSighting& metric) {
  if (metric.per_core == 0) return;
  findings.push_back({Severity::kOk, metric.name,
                      count_of(metric.per_core,
                               "series are of single cores (cpu=\"cpu00\"); they "
                               "are summed, at the price of reading them all"),
                      ""});
}

void judge_image(Findings& findings, const MetricSighting& metric, bool require_image) {
  const std::size_t containers = metric.series - metric.without_container;
  if (!require_image || metric.without_image == 0) return;
  const bool all = metric.without_image == containers;
  findings.push_back(
      {all ? Severity::kFailure : Severity::kWarning, metric.name,
       count_of(metric.without_image, "of ") +
           count_of(containers,
                    "series of containers have no image label and are left out as if "
                    "they were cgroups"),
       "set require_image: false if these are containers (some runtimes do not tell the "
       "image)"});
}

void judge_id(Findings& findings, const MetricSighting& metric) {
  if (metric.without_id == 0) return;
  findings.push_back({Severity::kWarning, metric.name,
                      count_of(metric.without_id,
                               "series of containers have no id label: a "
                               "restarted container cannot be told from the one "
                               "before it"),
                      "keep the id label (metric_relabel_configs often drop it)"});
}

void judge_exported(Findings& findings, const AuditFacts& facts) {
  std::vector<std::string> names;
  for (const MetricSighting& metric : facts.metrics) {
    if (metric.exported > 0) names.push_back(metric.name);
  }
  if (names.empty()) return;
  findings.push_back(
      {Severity::kOk, "exported labels",
       "namespace, pod or container arrive as exported_* and are read from there, in " +
           joined(names),
       "set honor_labels: true in the scrape job to have them under their own names"});
}

void judge_labels(Findings& findings, const AuditFacts& facts) {
  for (const MetricSighting& metric : facts.metrics) {
    if (!is_usage(metric)) continue;
    judge_cores(findings, metric);
    judge_image(findings, metric, facts.require_image);
    judge_id(findings, metric);
  }
  judge_exported(findings, facts);
}

// ---- duplicates --------------------------------------------------------------------------------

bool are_replica_labels(const std::set<std::string>& labels, const AuditFacts& facts) {
  return std::all_of(labels.begin(), labels.end(), [&](const std::string& label) {
    return std::find(facts.replica_labels.begin(), facts.replica_labels.end(), label) !=
           facts.replica_labels.end();
  });
}

void judge_duplicates(Findings& findings, const AuditFacts& facts) {
  for (const MetricSighting& metric : facts.metrics) {
    if (metric.duplicates == 0) continue;
    const std::string sentence =
        count_of(metric.duplicates, "of ") +
        count_of(metric.series, "series tell again what another tells, differing in ") +
        joined(metric.duplicate_labels) + "; one of each is used";
    const bool is_expected =
        !is_usage(metric) || are_replica_labels(metric.duplicate_labels, facts);
    if (is_expected) {
      findings.push_back({Severity::kOk, metric.name, sentence, ""});
      continue;
    }
    findings.push_back(
        {Severity::kWarning, metric.name, sentence,
         "if these are replicas of Prometheus, add the label to replica_labels; if two jobs "
         "scrape the same kubelets, drop one or choose one with prometheus.matchers"});
  }
}

// ---- clusters ----------------------------------------------------------------------------------

using ClusterValues = std::map<std::string, std::set<std::string>, std::less<>>;

ClusterValues clusters_seen(const AuditFacts& facts) {
  ClusterValues seen;
  for (const MetricSighting& metric : facts.metrics) {
    for (const auto& [label, values] : metric.cluster_values) {
      seen[label].insert(values.begin(), values.end());
    }
  }
  return seen;
}

/// The configured label, metric by metric: where usage has it and kube_pod_owner has not, or the
/// other way round, no pod finds its owner.
void judge_cluster_label(Findings& findings, const AuditFacts& facts, const ClusterValues& seen) {
  std::vector<std::string> lacking;
  for (const MetricSighting& metric : facts.metrics) {
    const bool counts = is_usage(metric) || metric.name == "kube_pod_owner";
    if (counts && metric.found() && !metric.cluster_values.contains(facts.cluster_label)) {
      lacking.push_back(metric.name);
    }
  }
  const std::string label = printable(facts.cluster_label, 80);
  if (!lacking.empty()) {
    findings.push_back(
        {Severity::kFailure, "clusters",
         "the configured cluster label \"" + label + "\" is missing in " + joined(lacking),
         "set cluster_label to a label that all metrics carry, or leave it "
         "empty if there is one cluster"});
    return;
  }
  const auto values = seen.find(facts.cluster_label);
  if (values == seen.end()) return;
  findings.push_back({Severity::kOk, "clusters",
                      "told apart by \"" + label + "\": " + joined(values->second), ""});
}

Finding mixed_clusters(const std::string& label, const std::set<std::string>& values) {
  std::string sentence = "several clusters (" + label + ": " + joined(values);
  sentence += ") would be mixed: workloads of one name would share one profile";
  std::string mend = "set cluster_label: " + label;
  mend += ", or choose one cluster with prometheus.matchers: '" + label + "=\"...\"'";
  return {Severity::kFailure, "clusters", std::move(sentence), std::move(mend)};
}

void judge_clusters(Findings& findings, const AuditFacts& facts) {
  const ClusterValues seen = clusters_seen(facts);
  if (!facts.cluster_label.empty()) return judge_cluster_label(findings, facts, seen);
  for (const auto& [label, values] : seen) {
    if (values.size() < 2) continue;
    findings.push_back(mixed_clusters(label, values));
    return;
  }
}

// ---- history -----------------------------------------------------------------------------------

std::string days_and_hours(Milliseconds duration) {
  return format_duration(std::chrono::floor<std::chrono::hours>(duration));
}

Finding judge_history(const AuditFacts& facts) {
  if (!facts.history_start) {
    return {Severity::kFailure, "history",
            "no usage of any container between " + format_rfc3339(facts.window.start) + " and " +
                format_rfc3339(facts.window.end),
            "see the metrics above; if they are new, wait for history to gather"};
  }
  const Milliseconds depth = facts.window.end - *facts.history_start;
  const std::string sentence =
      days_and_hours(depth) + ", from " + format_rfc3339(*facts.history_start);
  if (depth < facts.min_history) {
    return {Severity::kWarning, "history",
            sentence + ": under " + format_duration(facts.min_history) +
                ", workloads stay in profiling and nothing is patched",
            "wait for history to gather, or raise the retention of Prometheus"};
  }
  // Retention cuts at the edges of blocks, so a day less than the window is as good as all of it.
  if (*facts.history_start - facts.window.start >= std::chrono::days(1)) {
    return {
        Severity::kWarning, "history",
        sentence + ": less than the window of " + days_and_hours(facts.window.length()) +
            ", so peaks of the days before it are not seen",
        "raise --storage.tsdb.retention.time of Prometheus (and its retention.size), or shorten "
        "window"};
  }
  return {Severity::kOk, "history", sentence, ""};
}

}  // namespace

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::kOk:
      return "ok";
    case Severity::kWarning:
      return "warning";
    case Severity::kFailure:
      return "failure";
  }
  return "";
}

std::vector<Finding> audit(const AuditFacts& facts) {
  Findings findings;
  judge_metrics(findings, facts);
  judge_labels(findings, facts);
  judge_duplicates(findings, facts);
  judge_clusters(findings, facts);
  findings.push_back(judge_history(facts));
  return findings;
}

Severity worst_of(const std::vector<Finding>& findings) {
  Severity worst = Severity::kOk;
  for (const Finding& finding : findings) worst = std::max(worst, finding.severity);
  return worst;
}

}  // namespace loadline
