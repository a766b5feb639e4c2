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

/// The window's start: kills before it are forgotten. And from where on what was read now counts
/// kills: from the window's start on it knows all of them.
struct KillTimes {
  TimePoint window_start{};
  TimePoint counted_from{};
};

/// OOM kills of one container, as known until now and as read now. A later kill adds what was
/// counted, at least one; the same kill told again adds nothing. A read of the whole window that
/// knows the latest of them tells the count. The highest limit stays.
OomKills merged(const OomKills& known, const OomKills& fresh, const KillTimes& times);

/// Brings `known` up to date with what was read now, for the workloads that the shard holds.
/// Workloads that are not told of any more have no live pods and keep their last facts, and so does
/// a container of which nothing is known now. Where `fresh` is not current, everything stays as it
/// was last known, but for kills that have left the window. The workloads that changed, sorted.
///
/// OOM kills are remembered until they leave the window; restarts are those of pods that live;
/// throttling and autoscalers are what is read now, or what was last known where no pod lives.
std::vector<WorkloadKey> absorb(Inventory& known, Inventory fresh, const Shard& shard,
                                const KillTimes& times);

/// Takes over what bounds workloads from outside; whether that changed anything. Where `fresh` is
/// not current, it stays as it was last known.
bool absorb_bounds(Inventory& known, const Inventory& fresh);

/// Forgets workloads that have neither a live pod nor a profile; these, sorted.
std::vector<WorkloadKey> forget_unused(Inventory& known, const ProfileSet& profiles);

}  // namespace loadline::service
