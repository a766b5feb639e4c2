/// What the sinks of one collector share: who the runs and profiles are.
#pragma once

#include <mutex>
#include <string>
#include <unordered_map>

#include "loadline/usage/collector.hpp"
#include "usage/run.hpp"

namespace loadline {

/// Maps are node-based: a run or profile stays where it is while its sink works on it unlocked.
struct CollectorState {
  CollectorState(const Inventory& known, UsageOptions settings, TimeRange range);

  /// The run of this identity, made where it is new. Thread-safe.
  Run& run_of(const SeriesIdentity& identity);
  /// Neighbouring scrapes further apart than this belong to no common CPU value.
  [[nodiscard]] Milliseconds gap() const;
  void add(const CollectorStats& more);
  /// Sets live_pods of every profile from the runs that were alive at the end of the window.
  void count_live_pods();

  const Inventory& inventory;
  const UsageOptions options;
  const TimeRange window;
  std::mutex mutex{};
  std::unordered_map<std::string, Run> runs{};
  ProfileSet profiles{};
  CollectorStats stats{};

 private:
  ContainerProfile& profile_of(const SeriesIdentity& identity);
};

}  // namespace loadline
