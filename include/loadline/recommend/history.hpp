/// What a policy may look at when it is replayed: one container of one workload up to a midnight,
/// nothing of what came after.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "loadline/model/resources.hpp"
#include "loadline/model/workload.hpp"
#include "loadline/usage/profile.hpp"

namespace loadline {

/// One pod's days of the container, ascending.
struct PodHistory {
  std::string_view pod{};
  PerResource<std::span<const DayUsage>> days{};
};

/// A pod-day on which the replayed policy's own memory limit was exceeded.
struct OomDay {
  std::string_view pod{};
  std::int32_t day = 0;
  double request_bytes = 0;  ///< in force on that day
};

/// A view: lives as long as the walk that made it.
struct HistoryView {
  const ContainerKey& key;
  const ContainerProfile& pooled;      ///< all pods together, days inside the window only
  std::span<const PodHistory> pods{};  ///< those with a day inside the window, by name
  std::size_t containers_of_pod = 1;   ///< containers that share the pod, this one counted
  /// What the container asks for today, for rules that keep the ratio of it; nullptr: unknown.
  const Requirements* current = nullptr;
  std::span<const OomDay> ooms{};  ///< ascending days
};

}  // namespace loadline
