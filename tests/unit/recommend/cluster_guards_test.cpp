#include "profiles.hpp"
#include "recommend/guards.hpp"
#include "support/catch.hpp"

namespace loadline::recommend_stage {
namespace {

using test::facts_of;
using test::kGi;
using test::kMi;
using test::profile_of;
using test::steady;
using test::web_key;

/// 1 core asked for, 2 as the limit, of one that asks for half as much today.
struct Scene {
  Policy policy = default_policy();
  ResourceAdvice advice{};
  WorkloadFacts workload{};
  NamespaceFacts space{};
  Surroundings around{};

  Scene() {
    advice.target = 1;
    advice.current = {0.5, 1.0};
    around.workload = &workload;
    around.space = &space;
    around.replicas = 3;
  }
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;

  ContainerBounds& bounds() { return space.bounds[Resource::kCpu]; }
  Requirement& quota() { return space.quota_left[Resource::kCpu]; }
  [[nodiscard]] Draft run(Guard guard) const {
    Draft draft;
    draft.request = 1;
    draft.limit = 2;
    return guard(draft, {Resource::kCpu, policy.resources[Resource::kCpu], advice, around});
  }
};

void check_values(const Draft& draft, double request, double limit) {
  CHECK(draft.request == request);
  CHECK(draft.limit == limit);
}

TEST_CASE("nothing is above the largest node, on the grid") {
  Scene scene;
  scene.around.largest_node = 1.93;
  const Draft draft = scene.run(node_guard);
  check_values(draft, 1, 1.9);
  REQUIRE(draft.reasons.size() == 1);
  CHECK(draft.reasons[0].code == ReasonCode::kNodeCap);
  CHECK(draft.reasons[0].sentence == "CPU is capped at what the largest node offers, 1930m");
  scene.around.guards.node = false;
  check_values(scene.run(node_guard), 1, 2);
}

TEST_CASE("a node that holds it all caps nothing") {
  Scene scene;
  scene.around.largest_node = 2;
  CHECK(scene.run(node_guard).reasons.empty());
}

TEST_CASE("a LimitRange moves values inside and says so") {
  Scene scene;
  scene.bounds() = {.least = 1.2, .most = 1.5};
  const Draft draft = scene.run(limit_range_guard);
  check_values(draft, 1.2, 1.5);
  REQUIRE(draft.reasons.size() == 1);
  CHECK(draft.reasons[0].code == ReasonCode::kLimitRange);
  CHECK(draft.reasons[0].sentence ==
        "the namespace's LimitRange asks for CPU of at least 1200m and at most 1500m");
}

TEST_CASE("a LimitRange's ratio raises the request, not the risk") {
  Scene scene;
  scene.bounds() = {.most_ratio = 1.6};
  check_values(scene.run(limit_range_guard), 1.25, 2);
  scene.bounds().most_ratio = 2;
  CHECK(scene.run(limit_range_guard).reasons.empty());
  scene.bounds().most_ratio = 1;
  check_values(scene.run(limit_range_guard), 2, 2);
  scene.around.guards.limit_range = false;
  check_values(scene.run(limit_range_guard), 1, 2);
}

TEST_CASE("a resource by which an HPA scales is left as it is") {
  Scene scene;
  scene.workload.autoscaler = "web";
  scene.workload.autoscaled[Resource::kCpu] = true;
  const Draft draft = scene.run(autoscaler_guard);
  check_values(draft, 0.5, 1.0);
  REQUIRE(draft.reasons.size() == 1);
  CHECK(draft.reasons[0].sentence ==
        "HorizontalPodAutoscaler web scales by CPU utilisation: CPU is left as it is");
}

TEST_CASE("an HPA on another resource, or without a request to scale by, moves nothing") {
  Scene scene;
  scene.workload.autoscaler = "web";
  scene.workload.autoscaled[Resource::kMemory] = true;
  CHECK(scene.run(autoscaler_guard).reasons.empty());
  scene.workload.autoscaled[Resource::kCpu] = true;
  scene.advice.current = {};
  CHECK(scene.run(autoscaler_guard).reasons.empty());
}

TEST_CASE("a raise that does not fit the quota is said, not made smaller") {
  Scene scene;
  scene.quota() = {.request = 1.4, .limit = 10};  // 3 replicas x 0.5 more
  const Draft draft = scene.run(quota_guard);
  check_values(draft, 1, 2);
  REQUIRE(draft.reasons.size() == 1);
  CHECK(draft.reasons[0].code == ReasonCode::kQuotaExceeded);
  CHECK(draft.reasons[0].sentence ==
        "raising the CPU requests of all replicas by 1500m does not fit the 1400m that the "
        "ResourceQuota leaves");
  scene.quota() = {.request = 1.5, .limit = 2.9};
  CHECK(scene.run(quota_guard).reasons.at(0).sentence ==
        "raising the CPU limits of all replicas by 3 does not fit the 2900m that the "
        "ResourceQuota leaves");
  scene.quota() = {.request = 1.5, .limit = 3};
  CHECK(scene.run(quota_guard).reasons.empty());
}

TEST_CASE("the policy's ceiling holds both, its own values hold everything") {
  Scene scene;
  scene.policy.resources[Resource::kCpu].ceiling = 1.5;
  check_values(scene.run(ceiling_guard), 1, 1.5);
  CHECK(scene.run(ceiling_guard).reasons.at(0).code == ReasonCode::kCeiling);
  scene.policy.resources[Resource::kCpu].fixed = {.request = 0.3};
  check_values(scene.run(fixed_guard), 0.3, 2);
  scene.policy.resources[Resource::kCpu].fixed = {.limit = 0.75};
  check_values(scene.run(fixed_guard), 0.75, 0.75);
  scene.policy.resources[Resource::kCpu].fixed = {.request = 0.3, .limit = 0.7};
  check_values(scene.run(fixed_guard), 0.3, 0.7);
}

TEST_CASE("what the cluster tells reaches the recommendation") {
  const ContainerProfile profile = profile_of(steady(0.25, 0.25), steady(kGi, kGi));
  const ContainerFacts facts = facts_of({0.5, 0.5}, {kGi, 2 * kGi});
  WorkloadFacts workload;
  workload.live_pods = 3;
  workload.autoscaler = "keda-hpa-web";
  workload.autoscaled[Resource::kCpu] = true;
  ClusterFacts cluster;
  cluster.namespaces[{"", "shop"}].bounds[Resource::kMemory].most = 1.5 * kGi;
  const ContainerKey key = web_key();
  const Recommendation row =
      recommend({key, profile, &workload, &facts, INT32_MAX, &cluster}, default_policy());
  CHECK(row.resources[Resource::kCpu].recommended == Requirement{0.5, 0.5});
  CHECK(row.resources[Resource::kMemory].recommended.limit == 1.5 * kGi);
}

TEST_CASE("the facts of another namespace or cluster bound nothing") {
  const ContainerProfile profile = profile_of(steady(0.25, 0.25), steady(kGi, kGi));
  ClusterFacts cluster;
  cluster.namespaces[{"", "bank"}].bounds[Resource::kMemory].most = kMi;
  cluster.largest_nodes["eu-2"][Resource::kMemory] = kMi;
  const ContainerKey key = web_key();
  const Recommendation row =
      recommend({key, profile, nullptr, nullptr, INT32_MAX, &cluster}, default_policy());
  CHECK(*row.resources[Resource::kMemory].recommended.limit > kGi);
}

}  // namespace
}  // namespace loadline::recommend_stage
