#include "publish/summary.hpp"

#include "sample_report.hpp"
#include "support/catch.hpp"

namespace loadline::publish {
namespace {

TEST_CASE("counts are grouped and agree with their noun") {
  CHECK(counted(0, "sample") == "0 samples");
  CHECK(counted(1, "sample") == "1 sample");
  CHECK(counted(999, "sample") == "999 samples");
  CHECK(counted(40123456, "sample") == "40,123,456 samples");
  CHECK(counted(1000, "series") == "1,000 series");
}

TEST_CASE("the list of risks is cut, and only it") {
  Report report = test::sample_report();
  report.recommendations.resize(1);
  report.recommendations.resize(8, report.recommendations[0]);
  report.totals = total(report.recommendations);
  const Summary summary = summarise(report);
  CHECK(summary.risks.size() == kMostRisks);
  CHECK(summary.headline == "8 of 8 containers of 1 workload (96 replicas) are at risk");
  CHECK(summary.risks[0].path == "shop/Deployment/search/search");
}

TEST_CASE("without kube-state-metrics nothing is claimed to be saved") {
  Report report = test::sample_report();
  report.source.kube_state_metrics = false;
  for (Recommendation& row : report.recommendations) row.current_known = false;
  report.totals = total(report.recommendations);
  const Summary summary = summarise(report);
  CHECK(summary.totals[0].reclaimable == "unknown");
  CHECK(summary.totals[1].requested == "unknown");
  CHECK(summary.notes[1] ==
        "no kube-state-metrics series found: owners are inferred, today's requests unknown");
}

TEST_CASE("resources with rules of their own are told apart") {
  Report report = test::sample_report();
  report.policy.resources[Resource::kCpu].limit_factor = std::nullopt;
  CHECK(summarise(report).policy ==
        "CPU request = p95, no limit; memory request = p95, limit = 2 x p95; changes of 10% and "
        "more, after 3 days of history");
}

TEST_CASE("a fleet without risks says so") {
  Report report = test::sample_report();
  report.recommendations = {report.recommendations[2]};
  report.totals = total(report.recommendations);
  CHECK(summarise(report).headline == "None of 1 container of 1 workload (6 replicas) is at risk");
  CHECK(summarise(report).risks.empty());
}

}  // namespace
}  // namespace loadline::publish
