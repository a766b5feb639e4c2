#include "loadline/gitops/summary.hpp"

#include <string>

#include "golden_tree.hpp"
#include "hostile_names.hpp"
#include "sample_plan.hpp"
#include "support/catch.hpp"

namespace loadline {
namespace {

using test::kMi;
using test::row_of;
using test::workload_of;

/// Two at risk, one new, one that leaves, one whose values stay.
struct World {
  Report report{};
  EmittedValues before{};
  PatchPlan plan{};
  std::vector<FileChange> changes{};
  std::vector<Unpatched> unpatched{};

  [[nodiscard]] std::string text() const {
    return review_text({report, plan, before, changes, unpatched});
  }
};

Recommendation hot(std::string name) {
  Recommendation row = row_of(std::move(name))
                           .today(Resource::kMemory, 64 * kMi, 128 * kMi)
                           .advised(Resource::kMemory, 256 * kMi, 512 * kMi);
  row.replicas = 3;
  row.reasons = {{ReasonCode::kMaxAboveLimit, Resource::kMemory,
                  "memory reached 128Mi, its limit is 128Mi: an OOM kill is near"},
                 {ReasonCode::kLimitTooLow, Resource::kMemory,
                  "memory limit 128Mi is below the recommended 512Mi"}};
  row.coverage.history = std::chrono::hours(14 * 24);
  return row;
}

World sample_world() {
  World world;
  world.report.window = {TimePoint{}, TimePoint{} + std::chrono::hours(24 * 14)};
  world.report.source.url = "http://prometheus:9090";
  world.report.source.server = "Prometheus 2.42.0";
  world.report.policy = default_policy();
  Recommendation kept = test::shrinking(workload_of("same"), "app");
  Recommendation unknown = row_of("unknown").advised(Resource::kCpu, 1, std::nullopt);
  unknown.current_known = false;
  world.report.recommendations = {
      test::shrinking(workload_of("big"), "app"),
      hot("hot"),
      hot("hotter"),
      kept,
      test::unset(workload_of("init"), "first").type(ContainerType::kInit),
      unknown};
  world.before = {{kept.key, test::values_of({0.25, 0.5}, {384 * kMi, 768 * kMi})},
                  {{workload_of("gone"), "app"}, test::values_of({1, 2}, {})},
                  {{workload_of("big"), "app"}, test::values_of({0.5, 1}, {256 * kMi, 512 * kMi})}};
  world.plan = plan_patches(world.report.recommendations, world.before, {});
  world.changes = {{"kustomize/shop/deployment-hot.yaml", FileAction::kCreate, "", "x"},
                   {"kustomize/shop/deployment-big.yaml", FileAction::kUpdate, "x", "y"},
                   {"kustomize/shop/deployment-gone.yaml", FileAction::kRemove, "x", ""},
                   {"kustomize/shop/deployment-same.yaml", FileAction::kKeepEdited, "x", "y"}};
  world.unpatched = {{{workload_of("young"), "app"}, "it is profiled still"}};
  return world;
}

TEST_CASE("the review of a sample is as its golden file") {
  test::check_golden_tree("review", {{"review.md", sample_world().text()}});
}

TEST_CASE("the review of nothing says so") {
  const World world;
  const std::string text = world.text();
  CHECK(text.find("**No value changes.**\n") != std::string::npos);
  CHECK(text.find("0 files created, 0 updated, 0 removed.") != std::string::npos);
  CHECK(text.find("## Values") == std::string::npos);
  CHECK(text.find("## Left out") == std::string::npos);
}

TEST_CASE("missing data stands at the head of the review") {
  World world = sample_world();
  world.report.incomplete = {"namespace <b>shop</b> could not be read"};
  CHECK(world.text().find("> **INCOMPLETE: parts of the data are missing**\n>\n"
                          "> - namespace &#60;b&#62;shop&#60;/b&#62; could not be read\n") !=
        std::string::npos);
}

TEST_CASE("hostile names stay text: in cells, spans and commands") {
  for (const std::string& name : test::hostile_names()) {
    World world;
    Recommendation row = hot(name);
    row.key = {{"", name, "Deployment", name}, name};
    world.report.recommendations = {row};
    world.report.policy = default_policy();
    world.plan = plan_patches(world.report.recommendations, {}, {});
    world.before[{{"", name, "Deployment", "gone"}, name}] = test::values_of({1, 2}, {});
    world.unpatched = {{row.key, name}};
    const std::string text = world.text();
    INFO(text);
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      REQUIRE((c == '\n' || (byte >= 0x20 && byte != 0x7f)));
    }
    CHECK(text.find('<') == std::string::npos);
    // One table of values, one row: nothing in a cell ends it.
    const std::size_t begin = text.find("|--:|--:|\n") + 10;
    const std::string line = text.substr(begin, text.find('\n', begin) - begin);
    CHECK(std::count(line.begin(), line.end(), '|') == 11);
    CHECK(std::count(text.begin(), text.end(), '`') % 2 == 0);
  }
}

TEST_CASE("a command that a reader copies runs no more than loadline") {
  World world;
  Recommendation row = hot("a'b$(reboot)");
  world.report.recommendations = {row};
  world.report.policy = default_policy();
  world.plan = plan_patches(world.report.recommendations, {}, {});
  const std::string text = world.text();
  CHECK(text.find("- `loadline explain 'shop/Deployment/a\\x27b$(reboot)'`\n") !=
        std::string::npos);
}

}  // namespace
}  // namespace loadline
