#include "loadline/inventory/audit.hpp"

namespace loadline {

const std::vector<MetricUse>& metrics_in_use() {
  static const std::vector<MetricUse> kUses = {
      {"container_cpu_usage_seconds_total", MetricNeed::kNeeded, "CPU usage is unknown"},
      {"container_memory_working_set_bytes", MetricNeed::kNeeded, "memory usage is unknown"},
      {"kube_pod_owner", MetricNeed::kWanted,
       "owners are inferred from the names of pods, which errs for some"},
      {"kube_replicaset_owner", MetricNeed::kWanted,
       "Rollouts and bare ReplicaSets are taken for Deployments"},
      {"kube_job_owner", MetricNeed::kWanted, "Jobs are told from CronJobs by their names alone"},
      {"kube_pod_container_resource_requests", MetricNeed::kWanted,
       "current requests are unknown, and so is what could be saved"},
      {"kube_pod_container_resource_limits", MetricNeed::kWanted, "current limits are unknown"},
      {"kube_pod_init_container_info", MetricNeed::kWanted,
       "init containers and native sidecars pass for plain containers"},
      {"kube_pod_container_info", MetricNeed::kWanted,
       "a container that sets nothing looks like one of which nothing is known"},
      {"kube_pod_status_phase", MetricNeed::kWanted,
       "replicas are not counted, so totals cannot be given"},
      {"kube_pod_created", MetricNeed::kWanted,
       "the newest pod of a workload is not known: during a rollout the current values may be the "
       "old ones"},
      {"kube_pod_container_status_restarts_total", MetricNeed::kEvidence,
       "restarts are not seen, nor how often a container was OOM-killed"},
      {"kube_pod_container_status_last_terminated_reason", MetricNeed::kEvidence,
       "OOM kills are not seen, and raise no memory limit"},
      {"kube_pod_container_status_last_terminated_timestamp", MetricNeed::kEvidence,
       "OOM kills are seen by the restarts after them, to five minutes (kube-state-metrics has it "
       "from 2.11 on)"},
      {"container_oom_events_total", MetricNeed::kEvidence,
       "OOM kills of child processes are not seen"},
      {"container_cpu_cfs_periods_total", MetricNeed::kEvidence, "throttling is not seen"},
      {"container_cpu_cfs_throttled_periods_total", MetricNeed::kEvidence,
       "throttling is not seen: CPU usage may be held down by a limit"},
      {"kube_horizontalpodautoscaler_info", MetricNeed::kEvidence,
       "autoscalers, if there are any, are not seen"},
      {"kube_horizontalpodautoscaler_spec_target_metric", MetricNeed::kEvidence,
       "what autoscalers scale on, if there are any, is not seen"},
      {"kube_node_status_allocatable", MetricNeed::kEvidence,
       "the size of nodes is not known: a request may fit none"},
      {"kube_limitrange", MetricNeed::kEvidence, "LimitRanges, if there are any, are not seen"},
      {"kube_resourcequota", MetricNeed::kEvidence,
       "ResourceQuotas, if there are any, are not seen"},
  };
  return kUses;
}

const std::vector<std::string>& cluster_label_names() {
  static const std::vector<std::string> kNames = {"cluster",          "cluster_id",
                                                  "cluster_name",     "k8s_cluster",
                                                  "k8s_cluster_name", "kubernetes_cluster"};
  return kNames;
}

}  // namespace loadline
