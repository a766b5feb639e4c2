/// Profiles: for each container of each workload one sketch a resource and UTC day.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "loadline/inventory/inventory.hpp"
#include "loadline/model/resources.hpp"
#include "loadline/model/time.hpp"
#include "loadline/model/workload.hpp"
#include "loadline/usage/usage_sketch.hpp"

namespace loadline {

/// One UTC day of one resource, all replicas pooled.
struct DayUsage {
  std::int32_t day = 0;  ///< days since 1970-01-01
  std::uint32_t scrapes_seen = 0;
  /// At the detected scrape interval, over each series' own life.
  std::uint32_t scrapes_expected = 0;
  /// The part of `scrapes_expected` that was due in gaps which began the day before. The coverage
  /// of a profile's first day leaves it out: what lies before the window is not to be known.
  std::uint32_t scrapes_carried = 0;
  std::int64_t first_ms = 0;  ///< earliest and latest scrape
  std::int64_t last_ms = 0;
  UsageSketch sketch{};

  bool operator==(const DayUsage&) const = default;
};

/// Days ascending, none twice.
struct ResourceProfile {
  std::vector<DayUsage> days{};

  /// All days from `first_day` on as one sketch; minimum and maximum exact.
  [[nodiscard]] UsageSketch merged(std::int32_t first_day = INT32_MIN) const;
  /// All days before `day` as one sketch.
  [[nodiscard]] UsageSketch merged_before(std::int32_t day) const;
  bool operator==(const ResourceProfile&) const = default;
};

struct ContainerProfile {
  PerResource<ResourceProfile> resources{};
  OwnerSource owner_source = OwnerSource::kKubeStateMetrics;
  /// Pods of this container that had a sample in the last 5 minutes (or 5 scrape intervals) of the
  /// window: the replica count where kube-state-metrics tells none.
  std::uint32_t live_pods = 0;
  /// Names the container inside one UsageState and its store; no part of the value.
  std::uint32_t id = 0;

  bool operator==(const ContainerProfile& other) const {
    return resources == other.resources && owner_source == other.owner_source &&
           live_pods == other.live_pods;
  }
};

/// The same day of several, as one read of them together would have given it; `parts` not empty.
DayUsage pooled_day(std::span<const DayUsage* const> parts);
/// Profiles of the pods of one container as one of all of them: exact.
ContainerProfile pooled(std::span<const ContainerProfile* const> pods);

using ProfileSet = std::unordered_map<ContainerKey, ContainerProfile, KeyHash>;

/// How much of its life a container was watched.
struct Coverage {
  /// Scrapes seen / scrapes expected, the lower of the two resources; nullopt without any scrape.
  std::optional<double> ratio{};
  /// min(last - first scrape, days with a scrape x 24 h), the lower of the two resources: what
  /// min_history is held against. A CronJob that runs an hour a day for 14 days has 14 days, a pod
  /// started at 23:50 yesterday 20 minutes.
  Milliseconds history{0};

  bool operator==(const Coverage&) const = default;
};
Coverage coverage_of(const ContainerProfile& profile);

}  // namespace loadline
