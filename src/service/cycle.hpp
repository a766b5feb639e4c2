/// One cycle of a Profiler, step by step.
#pragma once

#include "loadline/inventory/inventory.hpp"
#include "loadline/prometheus/query_api.hpp"
#include "service/profiler_state.hpp"

namespace loadline::service {

/// What a cycle did, for the summary.
struct CycleFigures {
  ReadStats read{};
  CollectorStats collected{};
  std::uint64_t changes = 0;   ///< containers whose recommended values changed
  std::size_t containers = 0;  ///< published
  bool is_complete = true;     ///< nothing missing from what was published
  TimePoint up_to{};
};

class Cycle {
 public:
  Cycle(Profiler::State& state, HttpTransport& transport);
  Result<void> run();
  [[nodiscard]] const CycleFigures& figures() const { return figures_; }

 private:
  Result<void> look();
  Result<void> find_intervals();
  void set_window();
  void roll_window();
  Result<void> learn_cluster();
  /// From where on kills have not been counted.
  [[nodiscard]] TimePoint kills_counted_from() const;
  void note_kills_counted();
  Result<void> read_samples();
  Result<void> look_for_cores(TimeRange range);
  Result<void> read_groups_of(const std::vector<ReadGroup>& groups);
  Result<void> keep_group(const GroupRead& read);
  void show_plan(const std::vector<ReadGroup>& groups);
  void publish_all();
  void write_patches();

  Profiler::State& state_;
  HttpTransport& transport_;
  QueryApi api_;
  const TimePoint now_;
  TimePoint end_{};  // of what is read
  TimeRange window_{};
  bool is_cluster_current_ = false;
  CycleFigures figures_{};
};

}  // namespace loadline::service
