#include "loadline/recommend/prices.hpp"

#include <cmath>

#include "loadline/recommend/totals.hpp"
#include "profiles.hpp"
#include "support/catch.hpp"

namespace loadline {
namespace {

using test::kGi;
using test::kMi;

const PriceBook kBook{.currency = "EUR",
                      .base = {.core_hour = 0.03, .gib_hour = 0.004},
                      .pool_label = "label_pool",
                      .pools = {{"s*", {0.02, 0.002}}, {"spot", {0.01, 0.001}}}};

Recommendation row_of(Verdict verdict, Requirements now, Requirements next,
                      std::uint32_t replicas) {
  Recommendation row{
      .key = test::web_key(), .replicas = replicas, .current_known = true, .verdict = verdict};
  for (const Resource resource : kResources) {
    row.resources[resource].current = now[resource];
    row.resources[resource].recommended = next[resource];
  }
  return row;
}

TEST_CASE("a core hour and a GiB hour are what they say") {
  CHECK(cost_per_hour({{1.0, std::nullopt}}, {0.03, 0.004}) == 0.03);
  CHECK(cost_per_hour({{std::nullopt, kGi}}, {0.03, 0.004}) == 0.004);
  CHECK(cost_per_hour({{0.5, 512 * kMi}}, {2, 8}) == 5);
  CHECK(cost_per_hour({}, {2, 8}) == 0);
}

TEST_CASE("a pool is priced by its name, then by a pattern, then as all others") {
  CHECK(prices_of_pool(kBook, "spot") == UnitPrices{0.01, 0.001});
  CHECK(prices_of_pool(kBook, "small") == UnitPrices{0.02, 0.002});
  CHECK(prices_of_pool(kBook, "large") == kBook.base);
  CHECK(prices_of_pool(kBook, "") == kBook.base);
  const PriceBook any{.base = {1, 1}, .pools = {{"*", {0, 0}}}};
  CHECK(prices_of_pool(any, "") == any.base);  // not told is no name that a pattern fits
}

TEST_CASE("the fleet's cost is the sum of its rows as they are written, to the last digit") {
  std::vector<Recommendation> rows;
  for (int i = 1; i <= 300; ++i) {
    const double cores = 0.0137 * i;
    rows.push_back(row_of(Verdict::kChange, {{{{cores, {}}, {cores * 3.3e9, {}}}}},
                          {{{{cores / 3, {}}, {cores * 1.1e9, {}}}}},
                          static_cast<std::uint32_t>(i % 7)));
  }
  price(rows, {}, {.base = {0.0316, 0.0042}});
  const auto written = [](double per_hour) { return std::llround(730 * per_hour * 1e4); };
  long long now = 0;
  long long saved = 0;
  for (const Recommendation& row : rows) {
    now += written(row.cost->current_per_hour);
    saved += written(row.cost->saving_per_hour());
    CHECK(written(row.cost->saving_per_hour()) ==
          written(row.cost->current_per_hour) - written(row.cost->recommended_per_hour));
  }
  const Cost fleet = *total(rows).cost;
  CHECK(written(fleet.current_per_hour) == now);
  CHECK(written(fleet.saving_per_hour()) == saved);
}

TEST_CASE("a replica costs the mean over its workload's pods") {
  CHECK(prices_of(kBook, nullptr) == kBook.base);
  WorkloadFacts facts;
  CHECK(prices_of(kBook, &facts) == kBook.base);
  facts.pools = {{"", 1}, {"spot", 3}};
  const UnitPrices mean = prices_of(kBook, &facts);
  CHECK(mean.core_hour == Approx((0.03 + 3 * 0.01) / 4));
  CHECK(mean.gib_hour == Approx((0.004 + 3 * 0.001) / 4));
}

TEST_CASE("a raise and a cut of one row are netted, over all replicas") {
  const Requirements now{{{{1.0, 2.0}, {1 * kGi, 2 * kGi}}}};
  const Requirements next{{{{0.5, 1.0}, {3 * kGi, 6 * kGi}}}};
  const auto cost = cost_of(row_of(Verdict::kChange, now, next, 4), {2, 1});
  REQUIRE(cost);
  CHECK(cost->current_per_hour == 4 * (2 + 1));
  CHECK(cost->recommended_per_hour == 4 * (1 + 3));
  CHECK(cost->saving_per_hour() == -4);
}

TEST_CASE("only the verdict change changes what a row costs") {
  const Requirements now{{{{1.0, std::nullopt}, {}}}};
  const Requirements next{{{{0.5, 1.0}, {kGi, 2 * kGi}}}};
  for (const Verdict verdict :
       {Verdict::kKeep, Verdict::kProfiling, Verdict::kNoData, Verdict::kExcluded}) {
    const auto cost = cost_of(row_of(verdict, now, next, 1), {2, 1});
    REQUIRE(cost);
    CHECK(cost->saving_per_hour() == 0);
  }
  CHECK(cost_of(row_of(Verdict::kChange, now, next, 1), {2, 1})->recommended_per_hour == 2);
}

TEST_CASE("what is unknown, and what the scheduler does not add up, has no cost") {
  Recommendation unknown = row_of(Verdict::kChange, {}, {}, 1);
  unknown.current_known = false;
  CHECK_FALSE(cost_of(unknown, {1, 1}));
  Recommendation init = row_of(Verdict::kChange, {}, {}, 1);
  init.type = ContainerType::kInit;
  CHECK_FALSE(cost_of(init, {1, 1}));
}

TEST_CASE("the fleet's cost is the sum of its rows, absent without prices") {
  const Requirements now{{{{1.0, 2.0}, {kGi, kGi}}}};
  const Requirements next{{{{0.5, 1.0}, {kGi, kGi}}}};
  std::vector<Recommendation> rows{row_of(Verdict::kChange, now, next, 2),
                                   row_of(Verdict::kKeep, now, next, 3)};
  CHECK_FALSE(total(rows).cost);
  price(rows, {}, kBook);
  const Totals totals = total(rows);
  REQUIRE(totals.cost);
  CHECK(totals.cost->current_per_hour == Approx(5 * (0.03 + 0.004)));
  CHECK(totals.cost->saving_per_hour() == Approx(2 * 0.5 * 0.03));
}

}  // namespace
}  // namespace loadline
