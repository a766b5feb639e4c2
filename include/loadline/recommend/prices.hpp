/// What requests cost: a price file's prices, and the cost of a recommendation's rows.
///
/// Only requests cost: the scheduler sets nodes aside for them, while limits set nothing aside. So
/// a raise and a cut of one container are netted, no saving is counted twice, and the fleet's cost
/// is the sum of its rows'. A saving is money only once nodes go away.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loadline/inventory/inventory.hpp"
#include "loadline/recommend/recommendation.hpp"

namespace loadline {

inline constexpr double kHoursPerMonth = 730;  ///< 365 x 24 / 12

/// In the book's currency.
struct UnitPrices {
  double core_hour = 0;
  double gib_hour = 0;  ///< of 2^30 bytes

  bool operator==(const UnitPrices&) const = default;
};

struct PoolPrices {
  std::string pattern{};  ///< of the pool's name (model/pattern.hpp)
  UnitPrices prices{};

  bool operator==(const PoolPrices&) const = default;
};

struct PriceBook {
  std::string currency{};    ///< "EUR"; for people
  UnitPrices base{};         ///< where no pool is known, or none of `pools` fits
  std::string pool_label{};  ///< label of kube_node_labels that names a node's pool; empty: none
  std::vector<PoolPrices> pools{};

  bool operator==(const PriceBook&) const = default;
};

/// Of a pool: a name before a pattern, of equals the first.
UnitPrices prices_of_pool(const PriceBook& book, std::string_view pool);
/// Of one replica of a workload: the mean over its pods, each by its node's pool. `workload` may be
/// nullptr.
UnitPrices prices_of(const PriceBook& book, const WorkloadFacts* workload);

/// Cores and bytes for an hour. What is not set asks for nothing and costs nothing.
double cost_per_hour(const PerResource<std::optional<double>>& requests, const UnitPrices& prices);

/// Of all replicas now: by today's requests, and by the recommended ones where the verdict is
/// change. nullopt for what nobody can price: today's requests unknown, and init containers, whose
/// requests do not add up (totals.hpp).
std::optional<Cost> cost_of(const Recommendation& row, const UnitPrices& prices);

/// Sets the cost of each row.
void price(std::vector<Recommendation>& rows, const Inventory& inventory, const PriceBook& book);

}  // namespace loadline
