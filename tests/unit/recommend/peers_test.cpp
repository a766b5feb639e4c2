#include "loadline/recommend/peers.hpp"

#include <cmath>

#include "profiles.hpp"
#include "support/catch.hpp"

namespace loadline {
namespace {

using test::kMi;
using test::web_key;

/// Values are edges of sketch buckets, half a bucket added: the sketch's answers are exact.
double exact(double edge) {
  return edge * (1 + 1.0 / 128);
}

DayUsage day_of(std::int32_t day, std::initializer_list<std::pair<double, int>> values) {
  DayUsage usage{.day = day};
  usage.first_ms = day * kMillisecondsPerDay;
  usage.last_ms = usage.first_ms + kMillisecondsPerDay - 60'000;
  for (const auto& [value, times] : values) {
    for (int i = 0; i < times; ++i) usage.sketch.add(value);
  }
  return usage;
}

/// One pod, so that the pooled profile is the pod's.
struct History {
  ContainerKey key = web_key();
  ContainerProfile profile{};
  std::vector<PodHistory> pods{};
  std::vector<OomDay> ooms{};
  std::optional<Requirements> current{};

  HistoryView view(std::size_t containers = 1) {
    pods = {
        {"web-0",
         {{profile.resources[Resource::kCpu].days, profile.resources[Resource::kMemory].days}}}};
    return {.key = key,
            .pooled = profile,
            .pods = pods,
            .containers_of_pod = containers,
            .current = current ? &*current : nullptr,
            .ooms = ooms};
  }
};

TEST_CASE("VPA: p90 + 15 %, the daily peaks of memory, floors shared by the pod's containers") {
  History history;
  history.profile.resources[Resource::kCpu].days = {day_of(1, {{0.1, 1440}})};
  history.profile.resources[Resource::kMemory].days = {
      day_of(1, {{500 * kMi, 99}, {600 * kMi, 1}})};
  const BucketOptions cpu = vpa_buckets(Resource::kCpu);
  const BucketOptions memory = vpa_buckets(Resource::kMemory);
  const Requirements advice = vpa_advice(history.view());
  CHECK(*advice[Resource::kCpu].request == Approx(1.15 * cpu.start(cpu.bucket_of(0.1) + 1)));
  CHECK(*advice[Resource::kMemory].request ==
        Approx(1.15 * memory.start(memory.bucket_of(600 * kMi) + 1)));

  history.profile.resources[Resource::kCpu].days = {day_of(1, {{0.001, 1440}})};
  history.profile.resources[Resource::kMemory].days = {day_of(1, {{kMi, 100}})};
  CHECK(*vpa_advice(history.view(1))[Resource::kCpu].request == 0.025);
  CHECK(*vpa_advice(history.view(2))[Resource::kCpu].request == 0.0125);
  CHECK(*vpa_advice(history.view(1))[Resource::kMemory].request == 250 * kMi);
  CHECK(*vpa_advice(history.view(5))[Resource::kMemory].request == 50 * kMi);
}

TEST_CASE("VPA: yesterday weighs twice the day before") {
  History history;
  // Weights 1, 2, 4 of 7: the newest day alone holds 57 %, the newest two 86 %.
  history.profile.resources[Resource::kMemory].days = {day_of(1, {{3e9, 1}}), day_of(2, {{2e9, 1}}),
                                                       day_of(3, {{1e9, 1}})};
  const BucketOptions memory = vpa_buckets(Resource::kMemory);
  const auto edge = [&](double value) { return memory.start(memory.bucket_of(value) + 1); };
  const auto estimate = vpa_estimate(history.view(), Resource::kMemory);
  REQUIRE(estimate);
  CHECK(estimate->target == Approx(1.15 * edge(3e9)));
  CHECK(estimate->upper >= estimate->target);
  history.profile.resources[Resource::kMemory].days.push_back(day_of(4, {{1e9, 1}}));
  history.profile.resources[Resource::kMemory].days.push_back(day_of(5, {{1e9, 1}}));
  // Now 1 and 2 of 31: p90 lies on the 28 of the last three days.
  CHECK(vpa_estimate(history.view(), Resource::kMemory)->target == Approx(1.15 * edge(1e9)));
}

TEST_CASE("VPA: the bounds widen where there is little confidence") {
  History history;
  history.profile.resources[Resource::kCpu].days = {day_of(1, {{1.0, 720}})};
  const auto estimate = vpa_estimate(history.view(), Resource::kCpu);
  REQUIRE(estimate);
  // c = 720 / 1440, so that the upper bound is three times the margin's.
  CHECK(estimate->upper == Approx(3 * estimate->target));
  CHECK(estimate->lower == Approx(estimate->target * std::pow(1.002, -2)));
}

TEST_CASE("VPA: a kill lifts the peak of its day") {
  History history;
  history.profile.resources[Resource::kMemory].days = {day_of(1, {{400 * kMi, 1}})};
  history.ooms = {{"web-0", 1, 300 * kMi}};
  const BucketOptions memory = vpa_buckets(Resource::kMemory);
  const auto edge = [&](double value) { return memory.start(memory.bucket_of(value) + 1); };
  CHECK(vpa_estimate(history.view(), Resource::kMemory)->target == Approx(1.15 * edge(500 * kMi)));
  history.ooms = {{"web-0", 1, 1000 * kMi}};
  CHECK(vpa_estimate(history.view(), Resource::kMemory)->target == Approx(1.15 * edge(1200 * kMi)));
  history.ooms = {{"web-1", 1, 1000 * kMi}};
  CHECK(vpa_estimate(history.view(), Resource::kMemory)->target == Approx(1.15 * edge(400 * kMi)));
}

TEST_CASE("VPA: the limit keeps today's ratio, none where there is none, 1 where it is unknown") {
  History history;
  history.profile.resources[Resource::kCpu].days = {day_of(1, {{1.0, 1440}})};
  const double target = vpa_estimate(history.view(), Resource::kCpu)->target;
  CHECK(vpa_advice(history.view())[Resource::kCpu] == Requirement{target, target});
  history.current = Requirements{{Requirement{0.5, 2.0}, {}}};
  CHECK(*vpa_advice(history.view())[Resource::kCpu].limit == Approx(4 * target));
  history.current = Requirements{{Requirement{0.5, std::nullopt}, {}}};
  CHECK(vpa_advice(history.view())[Resource::kCpu] == Requirement{target, std::nullopt});
}

TEST_CASE("KRR: the highest pod's p95 without a CPU limit, the maximum of memory + 15 %") {
  const ContainerKey key = web_key();
  const ResourceProfile quiet{{day_of(1, {{exact(0.125), 100}})}};
  const ResourceProfile busy{{day_of(1, {{exact(0.5), 100}})}};
  ContainerProfile pooled;
  pooled.resources[Resource::kCpu].days = {day_of(1, {{exact(0.125), 100}, {exact(0.5), 100}})};
  pooled.resources[Resource::kMemory].days = {day_of(1, {{100 * kMi, 99}, {200 * kMi, 1}})};
  const std::vector<PodHistory> pods{{"a", {{quiet.days, {}}}}, {"b", {{busy.days, {}}}}};
  const Requirements advice = krr_advice({.key = key, .pooled = pooled, .pods = pods});
  CHECK(*advice[Resource::kCpu].request == Approx(exact(0.5)).epsilon(1e-12));
  CHECK(advice[Resource::kCpu].limit == std::nullopt);
  CHECK(*advice[Resource::kMemory].request == Approx(230 * kMi));
  CHECK(advice[Resource::kMemory].limit == advice[Resource::kMemory].request);
}

TEST_CASE("KRR: no advice on fewer than 100 points, floors of 10m and 100Mi") {
  History history;
  history.profile.resources[Resource::kCpu].days = {day_of(1, {{0.001, 99}})};
  history.profile.resources[Resource::kMemory].days = {day_of(1, {{kMi, 100}})};
  Requirements advice = krr_advice(history.view());
  CHECK(advice[Resource::kCpu].request == std::nullopt);
  CHECK(advice[Resource::kMemory].request == 100 * kMi);
  history.profile.resources[Resource::kCpu].days = {day_of(1, {{0.001, 100}})};
  CHECK(krr_advice(history.view())[Resource::kCpu].request == 0.010);
}

TEST_CASE("Autopilot: CPU samples weigh what they use, memory is p98, both + 15 %") {
  History history;
  // Load-adjusted: 90 x 0.125 = 11.25 against 10 x 2 = 20 of 31.25: p95 is 2.
  history.profile.resources[Resource::kCpu].days = {
      day_of(1, {{exact(0.125), 90}, {exact(2), 10}})};
  history.profile.resources[Resource::kMemory].days = {
      day_of(1, {{exact(128 * kMi), 98}, {exact(512 * kMi), 2}})};
  const Requirements advice = autopilot_advice(history.view());
  CHECK(*advice[Resource::kCpu].request == Approx(1.15 * exact(2)));
  CHECK(*advice[Resource::kMemory].request == Approx(1.15 * exact(128 * kMi)));
  CHECK(advice[Resource::kMemory].limit == advice[Resource::kMemory].request);
}

TEST_CASE("Autopilot: memory of two days ago counts half") {
  History history;
  // 3 old samples count 1.5 of 101.5: 1.5 % lie above, so that p98 is the new value.
  history.profile.resources[Resource::kMemory].days = {day_of(1, {{exact(512 * kMi), 3}}),
                                                       day_of(3, {{exact(128 * kMi), 100}})};
  CHECK(*autopilot_advice(history.view())[Resource::kMemory].request ==
        Approx(1.15 * exact(128 * kMi)));
  history.profile.resources[Resource::kMemory].days[0] = day_of(1, {{exact(512 * kMi), 5}});
  CHECK(*autopilot_advice(history.view())[Resource::kMemory].request ==
        Approx(1.15 * exact(512 * kMi)));
}

}  // namespace
}  // namespace loadline
