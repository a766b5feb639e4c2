#include "service/completeness.hpp"

#include "support/catch.hpp"
#include "support/matchers.hpp"

namespace loadline::service {
namespace {

/// Nothing is missing; tests take one thing away.
Evidence complete() {
  Evidence evidence;
  evidence.kube_state_metrics = true;
  evidence.current_known = true;
  for (const Resource resource : kResources) evidence.usage_seen[resource] = true;
  return evidence;
}

std::string only_sentence(const Evidence& evidence) {
  const std::vector<std::string> missing = what_is_missing(evidence);
  REQUIRE(missing.size() == 1);
  return missing.front();
}

}  // namespace

TEST_CASE("a whole answer lacks nothing") {
  CHECK(what_is_missing(complete()).empty());
}

TEST_CASE("a resource without any sample is missing, never zero") {
  Evidence evidence = complete();
  evidence.usage_seen[Resource::kMemory] = false;
  CHECK_THAT(only_sentence(evidence), test::contains("container_memory_working_set_bytes"));
  evidence = complete();
  evidence.usage_seen[Resource::kCpu] = false;
  CHECK_THAT(only_sentence(evidence), test::contains("container_cpu_usage_seconds_total"));
}

TEST_CASE("without kube-state-metrics the current values are said to be unknown") {
  Evidence evidence = complete();
  evidence.kube_state_metrics = false;
  evidence.current_known = false;
  CHECK_THAT(only_sentence(evidence), test::contains("kube-state-metrics has no series"));
}

TEST_CASE("kube-state-metrics without requests is told apart from none") {
  Evidence evidence = complete();
  evidence.current_known = false;
  CHECK_THAT(only_sentence(evidence), test::contains("kube_pod_container_resource_requests"));
}

TEST_CASE("lost samples are counted") {
  Evidence evidence = complete();
  evidence.read.out_of_order = 17;
  CHECK_THAT(only_sentence(evidence), test::contains("17 samples came out of order"));
}

TEST_CASE("a server's warning is told once, its control bytes escaped") {
  Evidence evidence = complete();
  evidence.server_warnings = {"store \x1b[31m gone"};
  evidence.read.warnings = {"store \x1b[31m gone"};
  const std::string sentence = only_sentence(evidence);
  CHECK_THAT(sentence, test::contains("partial answer"));
  CHECK(sentence.find('\x1b') == std::string::npos);
}

TEST_CASE("evidence is taken from profiles and inventory") {
  CHECK_FALSE(evidence_of({}, {}, {}).kube_state_metrics);
  CHECK_FALSE(evidence_of({}, {}, {}).usage_seen[Resource::kCpu]);

  const ContainerKey key{{"", "shop", "Deployment", "web"}, "app"};
  ProfileSet profiles;
  profiles[key].resources[Resource::kMemory].days.push_back({.day = 20'000});
  Inventory inventory;
  inventory.owners_[{"", "shop", "web-1"}] = key.workload;
  inventory.workloads_[key.workload].containers["app"].current_known = true;
  const Evidence evidence = evidence_of({}, profiles, inventory);
  CHECK_FALSE(evidence.usage_seen[Resource::kCpu]);
  CHECK(evidence.usage_seen[Resource::kMemory]);
  CHECK(evidence.kube_state_metrics);
  CHECK(evidence.current_known);
}

}  // namespace loadline::service
