#include "loadline/gitops/plan.hpp"

#include <random>
#include <string>

#include "loadline/model/quantity.hpp"
#include "plans.hpp"
#include "support/catch.hpp"

namespace loadline {
namespace {

using test::emitted_of;
using test::kMi;
using test::row_of;
using test::RowBuilder;
using test::values_of;
using test::workload_of;

constexpr Resource kCpu = Resource::kCpu;
constexpr Resource kMemory = Resource::kMemory;

PatchPlan plan_of(const Recommendation& row, const EmittedValues& emitted = {},
                  const PatchPolicy& policy = {}, const EmittedOrigins& origins = {}) {
  return plan_patches({row}, emitted, policy, origins);
}

/// "250m/500m", "250m/none", "-" for a resource that is left alone.
std::string spelled(Resource resource, const Requirement& value) {
  const auto spell = [resource](const std::optional<double>& amount) -> std::string {
    if (!amount) return "none";
    return resource == kCpu ? format_cpu(*amount) : format_memory(*amount);
  };
  return value.request ? spell(value.request) + "/" + spell(value.limit) : "-";
}

/// Of the only container of the plan.
std::string spelled(const PatchPlan& plan, Resource resource) {
  if (plan.workloads.empty()) return "out";
  return spelled(resource, plan.workloads.at(0).containers.at(0).values[resource]);
}

std::string why(const PatchPlan& plan) {
  return plan.unpatched.empty() ? "" : plan.unpatched.at(0).why;
}

TEST_CASE("each value moves by itself, up at once and down with the days before") {
  struct Row {
    const char* what;
    Requirement emitted, advised, before;
    double max;
    const char* expected;
  };
  const Row rows[] = {
      {"raised at the band", {1, 2}, {1.1, 2.2}, {1.1, 2.2}, 0, "1100m/2200m"},
      {"kept under the band", {1, 2}, {1.09, 2.19}, {1.09, 2.19}, 0, "1/2"},
      {"raised though the days before say less", {1, 2}, {1.5, 3}, {0.5, 1}, 0, "1500m/3"},
      {"lowered at the band", {1, 2}, {0.9, 1.8}, {0.9, 1.8}, 0, "900m/1800m"},
      {"not lowered inside the band", {1, 2}, {0.91, 1.81}, {0.91, 1.81}, 0, "1/2"},
      {"lowered to the days before", {1, 2}, {0.5, 1}, {0.8, 1.6}, 0, "800m/1600m"},
      {"not lowered while the days before say as much", {1, 2}, {0.5, 1}, {1, 2}, 0, "1/2"},
      {"not lowered while the days before say more", {1, 2}, {0.5, 1}, {3, 6}, 0, "1/2"},
      {"not lowered while they say nearly as much", {1, 2}, {0.5, 1}, {0.95, 1.9}, 0, "1/2"},
      {"not lowered without days before", {1, 2}, {0.5, 1}, {}, 0, "1/2"},
      {"the request alone", {1, 2}, {1.5, 2.1}, {1.5, 2.1}, 0, "1500m/2"},
      {"the limit alone", {1, 2}, {1.05, 3}, {1.05, 3}, 0, "1/3"},
      {"one up, one down", {1, 4}, {1.5, 3}, {1.5, 3}, 0, "1500m/3"},
      {"usage at the limit raises it by any amount", {1, 2}, {1, 2.01}, {1, 2.01}, 2, "1/2010m"},
      {"usage below the limit does not", {1, 2}, {1, 2.01}, {1, 2.01}, 1.99, "1/2"},
      {"a hot limit does not raise the request", {1, 2}, {1.01, 2.02}, {1, 2}, 2, "1/2020m"},
      {"a limit below the raised request follows",
       {1, 1.05},
       {1.1, 1.1},
       {1.1, 1.1},
       0,
       "1100m/1100m"},
      {"a limit is removed at once", {1, 2}, {1, std::nullopt}, {1, std::nullopt}, 0, "1/none"},
      {"a limit is set where the days before agree", {1, std::nullopt}, {1, 2}, {1, 3}, 0, "1/3"},
      {"a limit is not set without them", {1, std::nullopt}, {1, 2}, {}, 0, "1/none"},
      {"no limit stays no limit",
       {1, std::nullopt},
       {1, std::nullopt},
       {1, std::nullopt},
       0,
       "1/none"},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    const Requirements held = values_of(row.emitted, {});
    for (const Verdict verdict : {Verdict::kChange, Verdict::kKeep}) {
      RowBuilder made = row_of().today(kCpu, 7, 8).verdict(verdict);
      made.advised(kCpu, row.advised.request, row.advised.limit);
      made.before(kCpu, row.before.request, row.before.limit).max(kCpu, row.max);
      CHECK(spelled(plan_of(made, {{made.row.key, held}}), kCpu) == row.expected);
    }
    // A container that is new is compared with today in the same way.
    RowBuilder fresh = row_of().today(kCpu, row.emitted.request, row.emitted.limit);
    fresh.advised(kCpu, row.advised.request, row.advised.limit);
    fresh.before(kCpu, row.before.request, row.before.limit).max(kCpu, row.max);
    fresh.today(kMemory, 64 * kMi, 128 * kMi).advised(kMemory, 128 * kMi, 256 * kMi);
    const bool stays = row.expected == spelled(kCpu, row.emitted);
    CHECK(spelled(plan_of(fresh), kCpu) == (stays ? "-" : row.expected));
  }
}

TEST_CASE("an unset request is nothing, so that any is a raise") {
  const RowBuilder row = row_of().today(kCpu, std::nullopt, std::nullopt).advised(kCpu, 0.2, 0.4);
  CHECK(spelled(plan_of(row), kCpu) == "200m/400m");
  const RowBuilder unsure = RowBuilder(row).before(kCpu, std::nullopt, std::nullopt);
  CHECK(spelled(plan_of(unsure), kCpu) == "200m/none");
}

TEST_CASE("unknown values of today give the recommended ones") {
  RowBuilder row = row_of().advised(kCpu, 0.2, 0.4).before(kCpu, std::nullopt, std::nullopt);
  row.row.current_known = false;
  const PatchPlan plan = plan_of(row);
  CHECK(spelled(plan, kCpu) == "200m/400m");
  CHECK(reasons_text(plan.workloads[0].containers[0].reasons) == "cpu: current_unknown");
  CHECK_FALSE(plan.workloads[0].containers[0].current);
}

TEST_CASE("a container enters with the verdict change and no other") {
  RowBuilder row = row_of().today(kCpu, 1, 2).advised(kCpu, 2, 4);
  CHECK(spelled(plan_of(row), kCpu) == "2/4");
  for (const Verdict verdict :
       {Verdict::kKeep, Verdict::kProfiling, Verdict::kNoData, Verdict::kExcluded}) {
    CHECK(plan_of(row.verdict(verdict)).workloads.empty());
  }
}

TEST_CASE("a container stays with its last values under any verdict but excluded") {
  RowBuilder row = row_of().today(kCpu, 1, 2).advised(kCpu, 5, 9);
  const EmittedValues emitted{{row.row.key, values_of({2, 4}, {256 * kMi, std::nullopt})}};
  for (const Verdict verdict : {Verdict::kProfiling, Verdict::kNoData}) {
    const PatchPlan plan = plan_of(row.verdict(verdict), emitted);
    CHECK(emitted_of(plan) == emitted);
    CHECK(plan.unpatched.empty());
  }
  const PatchPlan excluded = plan_of(row.verdict(Verdict::kExcluded), emitted);
  CHECK(excluded.workloads.empty());
  CHECK(why(excluded) == "the configuration excludes it from advice");
}

TEST_CASE("a container that has advice for one resource alone keeps the other as emitted") {
  const RowBuilder row = row_of().today(kCpu, 1, 2).advised(kCpu, 5, 9);
  const EmittedValues emitted{{row.row.key, values_of({2, 4}, {256 * kMi, 512 * kMi})}};
  const PatchPlan plan = plan_of(row, emitted);
  CHECK(spelled(plan, kCpu) == "5/9");
  CHECK(spelled(plan, kMemory) == "256Mi/512Mi");
  CHECK(spelled(plan_of(row), kMemory) == "-");
}

TEST_CASE("a workload that is gone leaves the plan without a word") {
  const EmittedValues emitted{{{workload_of("gone"), "app"}, values_of({2, 4}, {})}};
  CHECK(plan_patches({}, emitted, {}) == PatchPlan{});
}

TEST_CASE("a workload whose owner was inferred is never patched") {
  RowBuilder row = row_of().today(kCpu, 1, 2).advised(kCpu, 5, 9);
  row.row.owner_source = OwnerSource::kPodName;
  const PatchPlan plan = plan_of(row, {{row.row.key, values_of({2, 4}, {})}});
  CHECK(plan.workloads.empty());
  CHECK(why(plan) ==
        "its workload is inferred from the pod's name; kube-state-metrics would tell it");
}

TEST_CASE("opting out takes namespace, kind and name, each as a pattern of its own") {
  const RowBuilder row = row_of().today(kCpu, 1, 2).advised(kCpu, 5, 9);
  const auto is_out = [&row](const std::string& pattern) {
    PatchPolicy policy;
    policy.exclude = {pattern};
    return plan_of(row, {{row.row.key, values_of({2, 4}, {})}}, policy).workloads.empty();
  };
  for (const char* pattern : {"shop/Deployment/web", "*/*/web", "shop/*/*", "sh?p/Deploy*/w*"}) {
    INFO(pattern);
    CHECK(is_out(pattern));
  }
  for (const char* pattern : {"shop/Deployment/we", "web", "shop/web", "*", "*/*", "*/*/*/*", "",
                              "shop/deployment/web", "shop/StatefulSet/web"}) {
    INFO(pattern);
    CHECK_FALSE(is_out(pattern));
  }
}

TEST_CASE("injected containers are not patched and do not count as siblings") {
  const PatchPlan plan = plan_patches(
      {row_of().today(kCpu, 1, 2).advised(kCpu, 5, 9),
       row_of("web", "istio-proxy").today(kCpu, 1, 2).advised(kCpu, 5, 9),
       row_of("web", "logs").verdict(Verdict::kKeep),
       row_of("web", "migrate").type(ContainerType::kInit).verdict(Verdict::kNoData),
       row_of("web", "tail").type(ContainerType::kSidecar).today(kCpu, 1, 2).advised(kCpu, 5, 9)},
      {}, {});
  REQUIRE(plan.workloads.size() == 1);
  CHECK(plan.workloads[0].known_containers == 2);
  CHECK(plan.workloads[0].known_init_containers == 2);
  REQUIRE(plan.workloads[0].containers.size() == 2);
  CHECK(plan.workloads[0].containers[0].container == "app");
  CHECK(plan.workloads[0].containers[1].container == "tail");
  REQUIRE(plan.unpatched.size() == 2);
  CHECK(plan.unpatched[0].key.container == "istio-proxy");
  CHECK(plan.unpatched[1].key.container == "migrate");
}

TEST_CASE("a change that must wait is told") {
  const RowBuilder row =
      row_of().today(kCpu, 1, 2).advised(kCpu, 0.5, 1).before(kCpu, std::nullopt, std::nullopt);
  const PatchPlan plan = plan_of(row);
  CHECK(plan.workloads.empty());
  CHECK(why(plan) ==
        "what is left to change lies inside the dead band or lowers a value that the days before "
        "today do not agree with yet");
  CHECK(why(plan_of(RowBuilder(row).verdict(Verdict::kProfiling))) ==
        "it is profiled still: too little history for advice");
  CHECK(why(plan_of(RowBuilder(row).verdict(Verdict::kKeep))).empty());
}

TEST_CASE("workloads, containers and what is left out are sorted") {
  const auto row = [](const char* name, const char* container) {
    return row_of(name, container).today(kCpu, 1, 2).advised(kCpu, 5, 9);
  };
  const PatchPlan plan = plan_patches(
      {row("b", "z"), row("b", "a").type(ContainerType::kInit), row("b", "y"), row("a", "x"),
       row("d", "x").verdict(Verdict::kNoData), row("c", "x").verdict(Verdict::kNoData)},
      {}, {});
  REQUIRE(plan.workloads.size() == 2);
  CHECK(plan.workloads[0].workload.name == "a");
  std::string order;
  for (const ContainerPatch& patch : plan.workloads[1].containers) order += patch.container;
  CHECK(order == "yza");
  CHECK(plan.unpatched[0].key.workload.name == "c");
}

TEST_CASE("values are as a file says them, so that the next run compares with what is there") {
  const RowBuilder row = row_of().today(kCpu, 0.12345, 5).advised(kCpu, 0.12346, 6.00001);
  CHECK(emitted_of(plan_of(row)).begin()->second[kCpu] == Requirement{0.124, 6.001});
}

TEST_CASE("reasons are the way each value went, with the evidence for it") {
  struct Row {
    Requirement today, advised;
    const char* expected;
  };
  const Row rows[] = {
      {{1, 2}, {2, 4}, "cpu: request_too_low, limit_too_low, max_above_limit"},
      {{4, 8}, {2, 4}, "cpu: request_too_high, limit_too_high, max_above_limit"},
      {{1, 4}, {2, 4}, "cpu: request_too_low, max_above_limit"},
      {{std::nullopt, std::nullopt}, {2, 4}, "cpu: request_unset, limit_unset, max_above_limit"},
      {{2, 4}, {2, std::nullopt}, "cpu: limit_unwanted, max_above_limit"},
  };
  for (const Row& row : rows) {
    RowBuilder made = row_of().today(kCpu, row.today.request, row.today.limit);
    made.advised(kCpu, row.advised.request, row.advised.limit);
    made.row.reasons = {{ReasonCode::kMaxAboveLimit, kCpu, "reached 3, its limit is 2"},
                        {ReasonCode::kFloor, kMemory, "not of this resource"},
                        {ReasonCode::kLowCoverage, std::nullopt, "82.1 % of the scrapes"}};
    const PatchPlan plan = plan_of(made);
    CHECK(reasons_text(plan.workloads.at(0).containers.at(0).reasons) == row.expected);
    for (const Reason& reason : plan.workloads[0].containers[0].reasons) {
      CHECK(reason.sentence.empty());
    }
  }
}

TEST_CASE("reasons and what stood before stay as they were until a value changes") {
  RowBuilder row = row_of().today(kCpu, 1, 2).advised(kCpu, 2, 4);
  const PatchPlan first = plan_of(row);
  // Merged: today's values are the patch's, and nothing is too low any more.
  row.today(kCpu, 2, 4).verdict(Verdict::kKeep);
  row.row.reasons = {{ReasonCode::kWithinBand, std::nullopt, "all is well"}};
  const PatchPlan second = plan_of(row, emitted_of(first), {}, origins_of(first));
  CHECK(origins_of(second) == origins_of(first));
  CHECK(second.workloads[0].containers[0].reasons == first.workloads[0].containers[0].reasons);
  CHECK((*second.workloads[0].containers[0].original)[kCpu] == Requirement{1, 2});
  CHECK((*second.workloads[0].containers[0].current)[kCpu] == Requirement{2, 4});
  row.advised(kCpu, 3, 4).verdict(Verdict::kChange);
  const PatchPlan third = plan_of(row, emitted_of(second), {}, origins_of(second));
  CHECK(reasons_text(third.workloads[0].containers[0].reasons) == "cpu: request_too_low");
  CHECK((*third.workloads[0].containers[0].original)[kCpu] == Requirement{1, 2});
}

TEST_CASE("what a container was that left the tree is forgotten") {
  RowBuilder row = row_of().today(kCpu, 1, 2).advised(kCpu, 2, 4);
  const EmittedOrigins origins{{row.row.key, {values_of({7, 8}, {}), {}}}};
  const PatchPlan plan = plan_of(row, {}, {}, origins);
  CHECK((*plan.workloads[0].containers[0].original)[kCpu] == Requirement{1, 2});
}

TEST_CASE("reasons are read back as they were written") {
  const std::vector<Reason> reasons{{ReasonCode::kCurrentUnknown, std::nullopt, ""},
                                    {ReasonCode::kRequestTooLow, kCpu, ""},
                                    {ReasonCode::kFloor, kCpu, ""},
                                    {ReasonCode::kLimitUnset, kMemory, ""}};
  CHECK(reasons_text(reasons) ==
        "current_unknown; cpu: request_too_low, floor; memory: limit_unset");
  CHECK(parse_reasons(reasons_text(reasons)) == reasons);
  CHECK(parse_reasons("").empty());
  CHECK(parse_reasons("cpu: from_the_future, floor; gpu: floor; x").size() == 1);
  for (int code = 0; code <= static_cast<int>(kLastReasonCode); ++code) {
    const std::vector<Reason> one{{static_cast<ReasonCode>(code), kMemory, ""}};
    CHECK(parse_reasons(reasons_text(one)) == one);
  }
}

/// Days of advice around a level, with verdicts as they come.
class Days {
 public:
  explicit Days(unsigned seed) : random_(seed) {}

  Recommendation next(double spread) {
    RowBuilder row = row_of().today(kCpu, amount(spread), maybe(2 * amount(spread)));
    row.today(kMemory, maybe(amount(spread) * kMi), maybe(2 * amount(spread) * kMi));
    for (const Resource resource : kResources) {
      const double unit = resource == kCpu ? 1 : kMi;
      row.advised(resource, maybe(amount(spread) * unit), maybe(2.5 * amount(spread) * unit));
      row.before(resource, maybe(amount(spread) * unit), maybe(2.5 * amount(spread) * unit));
      row.max(resource, 2 * amount(spread) * unit);
    }
    row.row.current_known = draw(10) != 0;
    row.verdict(static_cast<Verdict>(draw(4)));
    return row;
  }

 private:
  unsigned draw(unsigned many) {
    return std::uniform_int_distribution<unsigned>(0, many - 1)(random_);
  }
  double amount(double spread) {
    return std::uniform_real_distribution<double>(100 * (1 - spread), 100 * (1 + spread))(random_);
  }
  std::optional<double> maybe(double value) {
    return draw(5) == 0 ? std::nullopt : std::optional(value);
  }

  std::mt19937 random_;
};

TEST_CASE("a plan whose values are emitted is planned again the same") {
  for (unsigned seed = 0; seed < 2000; ++seed) {
    Days days(seed);
    EmittedValues emitted;
    EmittedOrigins origins;
    for (int day = 0; day < 4; ++day) {
      const Recommendation row = days.next(0.6);
      const PatchPlan first = plan_of(row, emitted, {}, origins);
      const PatchPlan second = plan_of(row, emitted_of(first), {}, origins_of(first));
      INFO("seed " << seed << " day " << day);
      REQUIRE(emitted_of(second) == emitted_of(first));
      if (!first.workloads.empty()) REQUIRE(second == first);
      for (const auto& [key, values] : emitted_of(first)) {
        for (const Requirement& value : values.values) {
          if (value.limit) REQUIRE(*value.limit >= value.request.value());
        }
      }
      emitted = emitted_of(first);
      origins = origins_of(first);
    }
  }
}

TEST_CASE("advice that stays inside the band of what was emitted changes nothing") {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> near(0.91, 1.09);
  RowBuilder row = row_of().today(kCpu, 1, 2).advised(kCpu, 2, 4);
  EmittedValues emitted = emitted_of(plan_of(row));
  const EmittedValues first = emitted;
  for (int day = 0; day < 1000; ++day) {
    row.advised(kCpu, 2 * near(random), 4 * near(random))
        .before(kCpu, 2 * near(random), 4 * near(random));
    emitted = emitted_of(plan_of(row, emitted));
    REQUIRE(emitted == first);
  }
}

}  // namespace
}  // namespace loadline
