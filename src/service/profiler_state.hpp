/// What a Profiler keeps from cycle to cycle.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "loadline/recommend/hindsight.hpp"
#include "loadline/service/profiler.hpp"
#include "loadline/usage/read.hpp"
#include "service/saver.hpp"
#include "service/server.hpp"

namespace loadline {

/// What a state without any reading begins with.
inline constexpr TimePoint kNeverRead{};

struct Profiler::State {
  State(const Config& settings, Shard own, OpenedStore opened, ServiceTools shared);

  /// True once everything has been read once.
  [[nodiscard]] bool is_complete() const { return header.complete_up_to > kNeverRead; }
  [[nodiscard]] ContainerSelection selection() const;
  /// As configured, else as detected; nullopt: neither.
  [[nodiscard]] std::optional<Milliseconds> scrape_interval() const;
  [[nodiscard]] UsageOptions usage_options() const;
  /// How long samples may be late.
  [[nodiscard]] Milliseconds settle() const;

  /// Saves, and says where it fails; the cycle goes on. A file that is found damaged is set aside,
  /// and a new one gets all there is in memory.
  void save(service::Changes changes);
  /// Opens a store in place of a damaged one and writes everything to it.
  Result<void> replace_store();
  /// Begins anew: nothing read, nothing known.
  void forget_everything(const char* why);
  /// Drops what lies before `first_day`, here and in the store; how many runs.
  std::size_t drop_before(std::int32_t first_day);
  /// Begins anew where the stored profiles were made under other settings.
  void check_fingerprint();

  Config config;
  const Shard shard;
  const ServiceTools tools;

  UsageState usage{};
  Marks marks{};
  StateHeader header{};
  Inventory known{};
  service::Saver saver;

  /// The first day of the window in which all OOM kills were counted; 0: not by this process. And
  /// up to where those after it were.
  std::int32_t kills_first_day = 0;
  TimePoint kills_read_up_to = kNeverRead;
  bool is_store_lost = false;  ///< damaged while in use, and no new one could be opened yet
  std::optional<service::Server> server{};  ///< nullopt: to be looked at
  std::int32_t interval_checked = 0;        ///< the day on which the intervals were detected
  bool per_core = false;
  std::uint64_t cycle = 0;
  std::uint64_t generation = 0;
  std::uint64_t failures_in_a_row = 0;
  ReadStats read{};            ///< of this process
  CollectorStats collected{};  ///< of this process
  HindsightCache hindsight{};
  std::vector<std::uint64_t> advice{};  ///< of the last snapshot: see advice_of
};

}  // namespace loadline
