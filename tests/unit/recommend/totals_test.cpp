#include "loadline/recommend/totals.hpp"

#include "profiles.hpp"
#include "support/catch.hpp"

namespace loadline {
namespace {

using test::web_key;

Recommendation row_of(std::uint32_t replicas, std::optional<double> current,
                      std::optional<double> recommended, Verdict verdict = Verdict::kChange) {
  Recommendation row;
  row.key = web_key();
  row.replicas = replicas;
  row.current_known = true;
  row.verdict = verdict;
  row.resources[Resource::kCpu].current.request = current;
  row.resources[Resource::kCpu].recommended.request = recommended;
  return row;
}

ResourceTotals cpu_of(const std::vector<Recommendation>& rows) {
  return total(rows).resources[Resource::kCpu];
}

TEST_CASE("sums are weighted by replicas") {
  const ResourceTotals cpu = cpu_of({row_of(10, 2, 0.5), row_of(3, 0.25, 1)});
  CHECK(cpu.requested == 20.75);
  CHECK(cpu.recommended == 8);
  CHECK(cpu.reclaimable == 15);
  CHECK(cpu.reclaimable_replicas == 10);
  CHECK(cpu.over_provisioned == 1);
  CHECK(cpu.missing == 2.25);
}

TEST_CASE("sums leave no floating-point dust") {
  const ResourceTotals cpu = cpu_of({row_of(1, 0.1, 0.3), row_of(1, 0.2, 0.3)});
  CHECK(cpu.requested == 0.3);
  CHECK(cpu.recommended == 0.6);
}

TEST_CASE("an unset request is missing as a whole") {
  const Totals totals = total({row_of(4, std::nullopt, 0.5)});
  CHECK(totals.resources[Resource::kCpu].requested == 0);
  CHECK(totals.resources[Resource::kCpu].recommended == 2);
  CHECK(totals.resources[Resource::kCpu].missing == 2);
  CHECK(totals.unset_requests[Resource::kCpu] == 1);
}

TEST_CASE("only changes are reclaimable or missing") {
  for (const Verdict verdict : {Verdict::kKeep, Verdict::kProfiling, Verdict::kExcluded}) {
    const ResourceTotals cpu = cpu_of({row_of(1, 2, 1, verdict), row_of(1, 1, 2, verdict)});
    CHECK(cpu.reclaimable == 0);
    CHECK(cpu.missing == 0);
    CHECK(cpu.over_provisioned == 0);
    CHECK(cpu.requested == 3);
    CHECK(cpu.recommended == cpu.requested);
  }
}

TEST_CASE(
    "ignorance reclaims nothing: no advice keeps today's request, no knowledge adds nothing") {
  const ResourceTotals silent = cpu_of({row_of(2, 1, std::nullopt, Verdict::kNoData)});
  CHECK(silent.requested == 2);
  CHECK(silent.recommended == 2);
  CHECK(silent.reclaimable == 0);
  Recommendation unknown = row_of(2, std::nullopt, 1);
  unknown.current_known = false;
  const Totals totals = total({unknown});
  CHECK(totals.resources[Resource::kCpu].recommended == 0);
  CHECK(totals.resources[Resource::kCpu].missing == 0);
  CHECK(totals.unset_requests[Resource::kCpu] == 0);
}

TEST_CASE("a CronJob between runs has no replicas and adds nothing to the sums") {
  const Totals totals = total({row_of(0, 2, 1)});
  CHECK(totals.containers == 1);
  CHECK(totals.replicas == 0);
  CHECK(totals.resources[Resource::kCpu].requested == 0);
  CHECK(totals.resources[Resource::kCpu].reclaimable == 0);
  CHECK(totals.resources[Resource::kCpu].over_provisioned == 1);
}

TEST_CASE("init containers are rows but no sums") {
  Recommendation init = row_of(5, 2, 1);
  init.type = ContainerType::kInit;
  const Totals totals = total({init});
  CHECK(totals.containers == 1);
  CHECK(totals.resources[Resource::kCpu].requested == 0);
  CHECK(totals.resources[Resource::kCpu].reclaimable == 0);
}

TEST_CASE("risks, verdicts and distinct workloads are counted by row") {
  Recommendation risky = row_of(1, 0.1, 1);
  risky.reasons = {{ReasonCode::kRequestTooLow, Resource::kCpu, ""},
                   {ReasonCode::kMaxAboveLimit, Resource::kCpu, ""},
                   {ReasonCode::kRequestTooHigh, Resource::kMemory, ""}};
  Recommendation other = row_of(2, 1, 1, Verdict::kKeep);
  other.key.workload.kind = "StatefulSet";
  const Totals totals = total({risky, row_of(1, 1, 1, Verdict::kKeep), other});
  CHECK(totals.workloads == 2);
  CHECK(totals.containers == 3);
  CHECK(totals.replicas == 4);
  CHECK(totals.at_risk == 1);
  CHECK(totals.resources[Resource::kCpu].under_provisioned == 1);
  CHECK(totals.resources[Resource::kMemory].under_provisioned == 0);
  CHECK(totals.by_verdict[static_cast<int>(Verdict::kChange)] == 1);
  CHECK(totals.by_verdict[static_cast<int>(Verdict::kKeep)] == 2);
}

TEST_CASE("nothing sums up to nothing") {
  const Totals totals = total({});
  CHECK(totals.containers == 0);
  CHECK(totals.resources[Resource::kMemory].requested == 0);
}

}  // namespace
}  // namespace loadline
