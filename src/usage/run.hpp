/// The run of one container, as far as it has been read: what makes folding idempotent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "loadline/model/labels.hpp"
#include "loadline/model/resources.hpp"
#include "loadline/model/series.hpp"
#include "loadline/model/workload.hpp"
#include "loadline/usage/profile.hpp"
#include "usage/day_fold.hpp"

namespace loadline {

struct Run {
  ContainerProfile* profile = nullptr;
  std::string_view pod{};                      ///< views the key of the map that holds the run
  std::size_t series = 0;                      ///< hash of the labels of the series it is read from
  std::int64_t last_ms = DayFold::kNever;      ///< samples up to here have been folded or dropped
  std::int64_t previous_ms = DayFold::kNever;  ///< the latest scrape folded
  std::vector<Sample> tail{};                  ///< CPU: raw samples that the next value may need
};

/// Who a series speaks of; views of the series' labels.
struct SeriesIdentity {
  Resource resource = Resource::kCpu;
  std::string_view cluster{};
  std::string_view namespace_name{};
  std::string_view pod{};
  std::string_view container{};
  std::string_view id{};
  std::string_view core{};  ///< "cpu00" where the counter comes per core, else ""
};

/// nullopt for a series that is no container's usage: no pod or container, the pause container,
/// another metric.
std::optional<SeriesIdentity> identify(const Labels& labels, const std::string& cluster_label);

/// A key that no two identities share, whatever bytes they hold. `pod_offset` is where the pod's
/// name stands.
struct RunKey {
  std::string bytes{};
  std::size_t pod_offset = 0;
};
RunKey key_of(const SeriesIdentity& identity);

std::size_t hash_of(const Labels& labels);

}  // namespace loadline
