/// Who a series speaks of, and the names under which that is remembered.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "loadline/model/labels.hpp"
#include "loadline/model/resources.hpp"
#include "loadline/usage/state.hpp"

namespace loadline {

/// Views of the series' labels.
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

/// The id of the run: SHA-1 over lengths and bytes of its parts, so that no two identities share
/// one, whatever bytes they hold. The resource and the core are no part of it.
RunId run_id(const SeriesIdentity& identity);

/// Tells one series of a run from another; stable (StableHash).
std::uint64_t hash_of(const Labels& labels);

}  // namespace loadline
