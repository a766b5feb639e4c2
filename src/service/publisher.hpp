/// From the state to what is published.
#pragma once

#include <string>
#include <vector>

#include "service/profiler_state.hpp"

namespace loadline::service {

/// What a snapshot is made of besides the state.
struct SnapshotFacts {
  TimeRange window{};
  TimePoint now{};
  std::vector<std::string> incomplete{};
  bool kube_state_metrics = false;
};

/// Recommends for everything known and publishes it; how many containers' recommended values differ
/// from those of the last snapshot, or are new.
std::uint64_t publish(Profiler::State& state, SnapshotFacts facts);

/// Sets the gauges that say how large the state is.
void measure_state(Profiler::State& state);

}  // namespace loadline::service
