/// What an open store knows of its file without asking it: how many rows each table has, and which
/// containers are there.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>

#include "loadline/inventory/inventory.hpp"

namespace loadline {

/// A table, or for `usage_day` one day of it; `day` is 0 for the others.
struct TallyKey {
  std::string part{};
  std::int32_t day = 0;

  bool operator==(const TallyKey&) const = default;
  auto operator<=>(const TallyKey&) const = default;
};
/// Rows of each part; an empty part has no entry. Kept in the file too, in the transaction that
/// changes it, so that rows that are lost with a whole page are missed.
using Tally = std::map<TallyKey, std::uint64_t>;

struct KnownContainer {
  OwnerSource owner_source = OwnerSource::kKubeStateMetrics;  ///< as stored
  std::int32_t last_day = INT32_MIN;  ///< the latest day with a row; days before it may be missing

  bool operator==(const KnownContainer&) const = default;
};
using KnownContainers = std::unordered_map<std::uint32_t, KnownContainer>;

struct StoreIndex {
  Tally tally{};
  KnownContainers containers{};
};

}  // namespace loadline
