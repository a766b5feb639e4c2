/// What makes a result incomplete (exit code 3), decided from what was seen.
#pragma once

#include <string>
#include <vector>

#include "loadline/inventory/inventory.hpp"
#include "loadline/model/resources.hpp"
#include "loadline/prometheus/source.hpp"
#include "loadline/usage/profile.hpp"

namespace loadline::service {

struct Evidence {
  ReadStats read{};                            ///< of the samples
  std::vector<std::string> server_warnings{};  ///< of all other queries
  PerResource<bool> usage_seen{};              ///< any sample of the resource, of any container
  bool kube_state_metrics = false;
  bool current_known = false;  ///< any container's requests or limits
  bool is_last_known = false;  ///< replicas, requests and limits are those of an earlier time
};

/// Looks through what was read.
Evidence evidence_of(const ReadStats& read, const ProfileSet& profiles, const Inventory& inventory);

/// One sentence each, with the next step; empty where nothing is missing.
std::vector<std::string> what_is_missing(const Evidence& evidence);

}  // namespace loadline::service
