/// What the sinks of one collector share: who the runs and profiles are.
#pragma once

#include <mutex>
#include <vector>

#include "loadline/usage/collector.hpp"
#include "usage/run.hpp"

namespace loadline {

/// Maps of the UsageState are node-based: a run or profile stays where it is while its sink works
/// on it unlocked.
struct CollectorState {
  CollectorState(UsageState& state, const Inventory& known, UsageOptions settings, TimeRange range);

  /// The run of this identity, made where it is new; nullptr where another shard holds the
  /// workload. Thread-safe.
  RunEntry* run_of(const SeriesIdentity& identity);
  void add(const CollectorStats& more, const Touched& left);
  /// Sets live_pods of every profile from the runs that were alive at the end of the window.
  void count_live_pods();

  UsageState& usage;
  const Inventory& inventory;
  const UsageOptions options;
  const TimeRange window;
  std::mutex mutex{};
  CollectorStats stats{};
  Touched touched{};

 private:
  /// The container to which usage of this pod goes; nullptr for one of another shard.
  ContainerEntry* container_of(const SeriesIdentity& identity);
};

}  // namespace loadline
