/// What is known of the cluster from cycle to cycle: each one reads the inventory of a short time
/// only, and what a workload asked for last is remembered until it leaves the window. Pure.
#pragma once

#include <vector>

#include "loadline/inventory/inventory.hpp"
#include "loadline/usage/collector.hpp"
#include "loadline/usage/profile.hpp"

namespace loadline::service {

/// Whether kube-state-metrics told what runs now: a cluster without any living pod is one of which
/// nothing is told (it restarts, or its scraping has stopped).
bool is_current(const Inventory& fresh);

/// Brings `known` up to date with what was read now, for the workloads that the shard holds.
/// Workloads that are not told of any more have no live pods and keep their last facts, and so does
/// a container of which nothing is known now. Where `fresh` is not current, everything stays as it
/// was last known. The workloads that changed, sorted.
std::vector<WorkloadKey> absorb(Inventory& known, Inventory fresh, const Shard& shard);

/// Forgets workloads that have neither a live pod nor a profile; these, sorted.
std::vector<WorkloadKey> forget_unused(Inventory& known, const ProfileSet& profiles);

}  // namespace loadline::service
