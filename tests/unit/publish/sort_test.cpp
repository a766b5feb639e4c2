#include <algorithm>

#include "rows.hpp"
#include "support/catch.hpp"

namespace loadline {
namespace {

using test::names_of;
using test::row_of;

std::string sorted(std::vector<Recommendation> rows, SortKey key) {
  std::reverse(rows.begin(), rows.end());
  sort_rows(rows, key);
  return names_of(rows);
}

TEST_CASE("by waste: risks first, the largest shortfall before, then waste over all replicas") {
  const std::vector<Recommendation> rows{row_of("a", 2, 1), row_of("b", 1, 0.5, 10),
                                         row_of("c", 1, 1), row_of("d", 1, 1.5),
                                         row_of("e", 1, 1.2, 10)};
  CHECK(sorted(rows, SortKey::kWaste) == "e d b a c");
}

TEST_CASE("cores and bytes are compared by their share of the fleet's requests") {
  std::vector<Recommendation> rows{row_of("cpu", 100, 90), row_of("memory", 100, 100)};
  Requirement& memory = rows[1].resources[Resource::kMemory].current;
  memory.request = 1e9;
  rows[1].resources[Resource::kMemory].recommended.request = 5e8;
  // A tenth of half of all cores against half of all memory.
  CHECK(sorted(rows, SortKey::kWaste) == "memory cpu");
}

TEST_CASE("a container without a request lacks all of it") {
  std::vector<Recommendation> rows{row_of("low", 1, 2), row_of("unset", 0, 3)};
  rows[1].resources[Resource::kCpu].current.request = std::nullopt;
  CHECK(sorted(rows, SortKey::kWaste) == "unset low");
}

TEST_CASE("a limit that is too low is a shortfall too") {
  std::vector<Recommendation> rows{row_of("request", 1, 1.5), row_of("limit", 1, 1)};
  rows[1].resources[Resource::kCpu].current.limit = 1;
  rows[1].resources[Resource::kCpu].recommended.limit = 4;
  rows[1].reasons = {{ReasonCode::kLimitTooLow, Resource::kCpu, ""}};
  CHECK(sorted(rows, SortKey::kWaste) == "limit request");
}

TEST_CASE("by risk: most risks first") {
  std::vector<Recommendation> rows{row_of("a", 1, 0.1), row_of("b", 1, 5), row_of("c", 1, 2)};
  rows[2].reasons.push_back({ReasonCode::kMaxAboveLimit, Resource::kCpu, ""});
  CHECK(sorted(rows, SortKey::kRisk) == "c b a");
}

TEST_CASE("by name, and by the change of one resource over all replicas") {
  std::vector<Recommendation> rows{row_of("a", 1, 1.5), row_of("b", 4, 1), row_of("c", 1, 0.9, 20)};
  rows[0].resources[Resource::kMemory].current.request = 1e9;
  rows[0].resources[Resource::kMemory].recommended.request = 2e9;
  CHECK(sorted(rows, SortKey::kName) == "a b c");
  CHECK(sorted(rows, SortKey::kCpu) == "b c a");
  CHECK(sorted(rows, SortKey::kMemory) == "a b c");
}

TEST_CASE("rows that are equal in rank stand in the order of their keys") {
  CHECK(sorted({row_of("a", 1, 1), row_of("b", 1, 1), row_of("c", 1, 1)}, SortKey::kWaste) ==
        "a b c");
}

TEST_CASE("a fleet that asks for nothing sorts without a fault") {
  CHECK(sorted({row_of("a", 0, 0, 0), row_of("b", 0, 0, 0)}, SortKey::kWaste) == "a b");
  std::vector<Recommendation> none;
  sort_rows(none, SortKey::kWaste);
  CHECK(none.empty());
}

}  // namespace
}  // namespace loadline
