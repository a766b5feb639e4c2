#include <algorithm>
#include <cmath>
#include <utility>

#include "loadline/publish/report.hpp"
#include "loadline/recommend/change.hpp"

namespace loadline {
namespace {

/// What one share of the fleet is: the requests of all rows, today's where known.
using Fleet = PerResource<double>;

double requested(const ResourceAdvice& advice) {
  return advice.current.request.value_or(advice.recommended.request.value_or(0));
}

Fleet fleet_of(const std::vector<Recommendation>& rows) {
  Fleet fleet;
  for (const Recommendation& row : rows) {
    for (const Resource resource : kResources) {
      fleet[resource] += row.replicas * requested(row.resources[resource]);
    }
  }
  return fleet;
}

/// By how much advice exceeds today's value: positive is missing, negative is wasted. 0 without
/// advice.
double shortfall(const std::optional<double>& current, const std::optional<double>& next) {
  return next ? *next - current.value_or(0) : 0;
}

double request_shortfall(const Recommendation& row, Resource resource) {
  if (!row.current_known) return 0;
  const ResourceAdvice& advice = row.resources[resource];
  return row.replicas * shortfall(advice.current.request, advice.recommended.request);
}

/// An unset limit is no shortage.
double limit_shortfall(const Recommendation& row, Resource resource) {
  const ResourceAdvice& advice = row.resources[resource];
  if (!advice.current.limit) return 0;
  return row.replicas * shortfall(advice.current.limit, advice.recommended.limit);
}

double share(double amount, double fleet) {
  return fleet > 0 ? amount / fleet : 0;
}

double missing_share(const Recommendation& row, const Fleet& fleet) {
  double sum = 0;
  for (const Resource resource : kResources) {
    const double missing =
        std::max({0.0, request_shortfall(row, resource), limit_shortfall(row, resource)});
    sum += share(missing, fleet[resource]);
  }
  return sum;
}

double wasted_share(const Recommendation& row, const Fleet& fleet) {
  double sum = 0;
  for (const Resource resource : kResources) {
    sum += share(std::max(0.0, -request_shortfall(row, resource)), fleet[resource]);
  }
  return sum;
}

int risks_of(const Recommendation& row) {
  return static_cast<int>(std::count_if(row.reasons.begin(), row.reasons.end(),
                                        [](const Reason& reason) { return is_risk(reason.code); }));
}

/// Smaller comes first.
using Rank = std::pair<double, double>;

Rank rank_of(const Recommendation& row, SortKey key, const Fleet& fleet) {
  switch (key) {
    case SortKey::kWaste:
      return at_risk(row) ? Rank{0, -missing_share(row, fleet)}
                          : Rank{1, -wasted_share(row, fleet)};
    case SortKey::kRisk:
      return {-risks_of(row), -missing_share(row, fleet)};
    case SortKey::kName:
      return {};
    case SortKey::kCpu:
      return {-std::abs(request_shortfall(row, Resource::kCpu)), 0};
    case SortKey::kMemory:
      return {-std::abs(request_shortfall(row, Resource::kMemory)), 0};
  }
  return {};
}

struct Ranked {
  Rank rank{};
  std::size_t row = 0;
};

/// Puts the row order[i].row in place i, moving along the cycles of the permutation: a second table
/// of 100,000 rows would be the peak of a cycle's memory. Uses `order` up.
void reorder(std::vector<Recommendation>& rows, std::vector<Ranked>& order) {
  for (std::size_t start = 0; start < order.size(); ++start) {
    if (order[start].row == start) continue;
    Recommendation first = std::move(rows[start]);
    std::size_t place = start;
    for (std::size_t from = order[place].row; from != start; from = order[place].row) {
      rows[place] = std::move(rows[from]);
      order[place].row = place;
      place = from;
    }
    rows[place] = std::move(first);
    order[place].row = place;
  }
}

}  // namespace

void sort_rows(std::vector<Recommendation>& rows, SortKey key) {
  const Fleet fleet = fleet_of(rows);
  std::vector<Ranked> order;
  order.reserve(rows.size());
  for (const Recommendation& row : rows) order.push_back({rank_of(row, key, fleet), order.size()});
  std::sort(order.begin(), order.end(), [&rows](const Ranked& a, const Ranked& b) {
    return a.rank != b.rank ? a.rank < b.rank : rows[a.row].key < rows[b.row].key;
  });
  reorder(rows, order);
}

}  // namespace loadline
