#include "service/completeness.hpp"

#include <algorithm>

#include "loadline/model/labels.hpp"
#include "loadline/usage/collector.hpp"

namespace loadline::service {
namespace {

void add_warnings(const std::vector<std::string>& warnings, std::vector<std::string>& missing) {
  for (const std::string& warning : warnings) {
    std::string sentence = "the server warned of a partial answer: " + printable(warning);
    if (std::find(missing.begin(), missing.end(), sentence) != missing.end()) continue;
    missing.push_back(std::move(sentence));
  }
}

void add_unseen_usage(const PerResource<bool>& seen, std::vector<std::string>& missing) {
  for (const Resource resource : kResources) {
    if (seen[resource]) continue;
    const std::string_view metric = resource == Resource::kCpu ? kCpuMetric : kMemoryMetric;
    missing.push_back("no sample of " + std::string(metric) +
                      " of any chosen container lies in the window, so nothing is known of " +
                      std::string(to_string(resource)) + " usage; `loadline check` says why");
  }
}

void add_unknown_cluster(const Evidence& evidence, std::vector<std::string>& missing) {
  if (evidence.is_last_known) {
    missing.emplace_back(
        "kube-state-metrics tells of no living pod now, so replicas, requests and limits are those "
        "last known; see that it runs and is scraped");
  } else if (!evidence.kube_state_metrics) {
    missing.emplace_back(
        "kube-state-metrics has no series in the window, so owners are inferred from pod names and "
        "current requests and limits are unknown; `loadline check` says what to mend");
  } else if (!evidence.current_known) {
    missing.emplace_back(
        "kube_pod_container_resource_requests and _limits have no series, so current requests and "
        "limits are unknown; `loadline check` says what to mend");
  }
}

bool any_current_known(const Inventory& inventory) {
  for (const auto& [key, workload] : inventory.workloads_) {
    for (const auto& [name, facts] : workload.containers) {
      if (facts.current_known) return true;
    }
  }
  return false;
}

}  // namespace

Evidence evidence_of(const ReadStats& read, const ProfileSet& profiles,
                     const Inventory& inventory) {
  Evidence evidence{.read = read,
                    .kube_state_metrics = inventory.has_kube_state_metrics(),
                    .current_known = any_current_known(inventory)};
  for (const auto& [key, profile] : profiles) {
    for (const Resource resource : kResources) {
      if (!profile.resources[resource].days.empty()) evidence.usage_seen[resource] = true;
    }
  }
  return evidence;
}

std::vector<std::string> what_is_missing(const Evidence& evidence) {
  std::vector<std::string> missing;
  add_warnings(evidence.server_warnings, missing);
  add_warnings(evidence.read.warnings, missing);
  if (evidence.read.out_of_order > 0) {
    missing.push_back(std::to_string(evidence.read.out_of_order) +
                      " samples came out of order and were lost; try --read-path query");
  }
  add_unseen_usage(evidence.usage_seen, missing);
  add_unknown_cluster(evidence, missing);
  return missing;
}

}  // namespace loadline::service
