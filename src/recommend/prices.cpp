#include "loadline/recommend/prices.hpp"

#include <algorithm>
#include <cmath>

#include "loadline/model/pattern.hpp"

namespace loadline {
namespace {

constexpr double kGi = 1024.0 * 1024.0 * 1024.0;

bool is_name(const PoolPrices& pool) {
  return pool.pattern.find_first_of("*?") == std::string::npos;
}

/// Whole ten-thousandths a month, which is what is written: so totals are the sum of the rows that
/// a reader sees.
double whole(double per_hour) {
  constexpr double kParts = 1e4;
  return std::round(per_hour * kHoursPerMonth * kParts) / kParts / kHoursPerMonth;
}

UnitPrices sum_of(const PriceBook& book, const std::vector<PoolShare>& pools) {
  UnitPrices sum;
  for (const PoolShare& share : pools) {
    const UnitPrices own = prices_of_pool(book, share.pool);
    sum.core_hour += share.pods * own.core_hour;
    sum.gib_hour += share.pods * own.gib_hour;
  }
  return sum;
}

}  // namespace

UnitPrices prices_of_pool(const PriceBook& book, std::string_view pool) {
  if (pool.empty()) return book.base;  // not told: no pattern is meant, "*" neither
  const auto fits = [pool](const PoolPrices& own) { return matches_pattern(own.pattern, pool); };
  const auto exact = std::ranges::find_if(
      book.pools, [&](const PoolPrices& own) { return is_name(own) && fits(own); });
  if (exact != book.pools.end()) return exact->prices;
  const auto found = std::ranges::find_if(book.pools, fits);
  return found == book.pools.end() ? book.base : found->prices;
}

UnitPrices prices_of(const PriceBook& book, const WorkloadFacts* workload) {
  if (workload == nullptr || workload->pools.empty()) return book.base;
  std::uint64_t pods = 0;
  for (const PoolShare& share : workload->pools) pods += share.pods;
  if (pods == 0) return book.base;
  const UnitPrices sum = sum_of(book, workload->pools);
  return {sum.core_hour / static_cast<double>(pods), sum.gib_hour / static_cast<double>(pods)};
}

double cost_per_hour(const PerResource<std::optional<double>>& requests, const UnitPrices& prices) {
  return requests[Resource::kCpu].value_or(0) * prices.core_hour +
         requests[Resource::kMemory].value_or(0) / kGi * prices.gib_hour;
}

std::optional<Cost> cost_of(const Recommendation& row, const UnitPrices& prices) {
  if (!row.current_known || row.type == ContainerType::kInit) return std::nullopt;
  PerResource<std::optional<double>> current;
  PerResource<std::optional<double>> recommended;
  for (const Resource resource : kResources) {
    const ResourceAdvice& advice = row.resources[resource];
    current[resource] = recommended[resource] = advice.current.request;
    const bool changes = row.verdict == Verdict::kChange && advice.recommended.request;
    if (changes) recommended[resource] = advice.recommended.request;
  }
  return Cost{.current_per_hour = whole(row.replicas * cost_per_hour(current, prices)),
              .recommended_per_hour = whole(row.replicas * cost_per_hour(recommended, prices))};
}

void price(std::vector<Recommendation>& rows, const Inventory& inventory, const PriceBook& book) {
  for (Recommendation& row : rows) {
    row.cost = cost_of(row, prices_of(book, inventory.find(row.key.workload)));
  }
}

}  // namespace loadline
