/// What reading leaves behind and the next read builds on: profiles, and for each run of a
/// container up to where it has been read.
///
/// A plain value that can be kept on disk between any two series: because a run knows what it has
/// given, reading again from any earlier time adds nothing twice, and reading on from here gives
/// bit for bit what one read of everything would have given. Not thread-safe; a UsageCollector that
/// fills it does its own locking.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <unordered_map>
#include <vector>

#include "loadline/model/resources.hpp"
#include "loadline/model/series.hpp"
#include "loadline/usage/profile.hpp"

namespace loadline {

/// One run of a container: (cluster, namespace, pod, container, id) as a name-based UUID (version
/// 5, RFC 4122), so that 16 bytes stand for some 200, in memory and on disk, on any machine.
struct RunId {
  std::array<std::uint8_t, 16> bytes{};

  bool operator==(const RunId&) const = default;
  auto operator<=>(const RunId&) const = default;
};
struct RunIdHash {
  std::size_t operator()(const RunId& id) const {
    std::size_t hash = 0;
    std::memcpy(&hash, id.bytes.data(), sizeof hash);
    return hash;
  }
};

/// One resource of a run, as far as it has been read.
struct Track {
  static constexpr std::int64_t kNever = INT64_MIN;

  std::uint64_t series = 0;           ///< hash of the labels of the series it is read from
  std::int64_t last_ms = kNever;      ///< samples up to here have been folded or dropped
  std::int64_t previous_ms = kNever;  ///< the latest scrape folded
  std::vector<Sample> tail{};         ///< CPU: raw samples that the next value may need

  bool operator==(const Track&) const = default;
};

/// Containers by key; an entry stays where it is until it is erased.
using ContainerEntry = ProfileSet::value_type;

struct Run {
  ContainerEntry* container = nullptr;  ///< where its usage goes; never null in a UsageState
  std::uint64_t pod = 0;                ///< hash of the pod's name: counts the living
  PerResource<Track> tracks{};
};
/// The latest sample of either resource, Track::kNever where there is none.
std::int64_t last_sample_ms(const Run& run);
using RunSet = std::unordered_map<RunId, Run, RunIdHash>;
using RunEntry = RunSet::value_type;

struct UsageState {
  ProfileSet profiles{};
  RunSet runs{};
  std::uint32_t next_container_id = 1;  ///< see ContainerProfile::id

  UsageState() = default;
  UsageState(UsageState&&) = default;
  UsageState& operator=(UsageState&&) = default;
  UsageState(const UsageState&) = delete;  // runs point into profiles
  UsageState& operator=(const UsageState&) = delete;
  ~UsageState() = default;

  /// The entry of this container, made with a new id where there is none.
  ContainerEntry& container(ContainerKey key);
  /// Drops days before `first_day`, then runs whose last scrape lies before it, then containers
  /// without a day and without a run. The ids of the runs that went.
  std::vector<RunId> drop_before(std::int32_t first_day);
};

/// A day of a container that has been added to.
struct TouchedDay {
  const ContainerEntry* container = nullptr;
  std::int32_t day = 0;

  bool operator==(const TouchedDay&) const = default;
};

/// What has changed since it was last asked for; pointers into the UsageState. Nothing twice; days
/// ascending by (day, container id), runs ascending by id: the order in which a store likes them.
struct Touched {
  std::vector<const RunEntry*> runs{};
  std::vector<TouchedDay> days{};

  [[nodiscard]] bool empty() const { return runs.empty() && days.empty(); }
  /// Adds what another has, and restores order.
  void add(const Touched& other);
};

}  // namespace loadline
