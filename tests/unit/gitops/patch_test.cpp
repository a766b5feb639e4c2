#include "loadline/gitops/patch.hpp"

#include <algorithm>

#include "plans.hpp"
#include "support/catch.hpp"
#include "support/matchers.hpp"
#include "support/temp_dir.hpp"

namespace loadline {
namespace {

using test::kMi;
using test::row_of;
using test::RowBuilder;
using test::workload_of;

RowBuilder advised(RowBuilder row, double cpu = 0.25) {
  return row.today(Resource::kCpu, 1, 2)
      .advised(Resource::kCpu, cpu, 2 * cpu)
      .today(Resource::kMemory, 1024 * kMi, 2048 * kMi)
      .advised(Resource::kMemory, 128 * kMi, 256 * kMi);
}

PatchSettings all_formats() {
  PatchSettings settings;
  settings.formats.formats = {PatchFormat::kKustomize,  PatchFormat::kJson6902,
                              PatchFormat::kHelmValues, PatchFormat::kFlux,
                              PatchFormat::kKubectl,    PatchFormat::kVpa};
  settings.formats.helm = {{"shop", "web", "app", "shop", "web.resources"}};
  return settings;
}

std::vector<Recommendation> some_rows() {
  return {advised(row_of("web", "app")), advised(row_of("web", "setup").type(ContainerType::kInit)),
          advised(row_of("api")), advised(RowBuilder(workload_of("canary", "Rollout"))),
          advised(RowBuilder(workload_of("db", "StatefulSet", "data")))};
}

/// What the tree would be on disk afterwards.
OwnedTree written(const PatchOutcome& outcome) {
  return {.tree = outcome.tree};
}

PatchOutcome patched(const std::vector<Recommendation>& rows, const OwnedTree& owned,
                     const PatchSettings& settings = all_formats(),
                     Completeness completeness = Completeness::kComplete) {
  return make_patches(rows, owned, settings, completeness);
}

std::vector<Recommendation> without(const std::string& name) {
  std::vector<Recommendation> rows = some_rows();
  std::erase_if(rows, [&](const auto& row) { return row.key.workload.name == name; });
  return rows;
}

TEST_CASE("The first run creates the tree and the second one finds nothing to do") {
  const PatchOutcome first = patched(some_rows(), {});
  CHECK(first.changes.size() == first.tree.files.size());
  CHECK(first.tree.files.contains("kustomize/shop/deployment-web.yaml"));
  CHECK(first.tree.values.size() == 5);
  CHECK(first.unseen.empty());
  const PatchOutcome second = patched(some_rows(), written(first));
  CHECK(second.changes.empty());
  CHECK(second.tree == first.tree);
}

TEST_CASE("Of a workload that is gone nothing is left") {
  const PatchOutcome first = patched(some_rows(), {});
  const PatchOutcome second = patched(without("api"), written(first));
  CHECK(second.unseen.empty());
  CHECK_FALSE(second.tree.files.contains("kustomize/shop/deployment-api.yaml"));
  const auto removed =
      std::count_if(second.changes.begin(), second.changes.end(),
                    [](const FileChange& change) { return change.action == FileAction::kRemove; });
  CHECK(removed == 4);  // kustomize, json6902, kubectl, vpa
}

TEST_CASE("After an incomplete read the tree of what was not seen stays byte for byte") {
  const PatchOutcome first = patched(some_rows(), {});
  for (const char* name : {"web", "api", "canary", "db"}) {
    INFO(name);
    const PatchOutcome second =
        patched(without(name), written(first), all_formats(), Completeness::kIncomplete);
    CHECK(second.changes.empty());
    CHECK(second.tree == first.tree);
    REQUIRE_FALSE(second.unseen.empty());
    CHECK(second.unseen.front().workload.name == name);
  }
  const PatchOutcome nothing = patched({}, written(first));
  CHECK(nothing.changes.empty());
  CHECK(nothing.unseen.size() == 5);
}

TEST_CASE("A sibling that was seen changes while the other one stays") {
  const PatchOutcome first = patched(some_rows(), {});
  std::vector<Recommendation> rows = without("web");
  rows.push_back(advised(row_of("web", "app"), 0.5));
  const PatchOutcome second =
      patched(rows, written(first), all_formats(), Completeness::kIncomplete);
  const ContainerKey app{workload_of("web"), "app"};
  const ContainerKey setup{workload_of("web"), "setup"};
  CHECK(second.unseen == std::vector<ContainerKey>{setup});
  CHECK(second.tree.values.at(app)[Resource::kCpu].request == 0.5);
  CHECK(second.tree.values.at(setup) == first.tree.values.at(setup));
  CHECK(second.tree.places == first.tree.places);
}

TEST_CASE("What the rows are not of stays") {
  const PatchOutcome first = patched(some_rows(), {});
  PatchSettings settings = all_formats();
  SECTION("other namespaces") {
    settings.namespaces = {"sh*"};
  }
  SECTION("excluded namespaces") {
    settings.exclude_namespaces = {"data"};
  }
  SECTION("other shards") {
    settings.total_shards = 2;
    settings.shard = 1 - shard_of(workload_of("db", "StatefulSet", "data"), 2);
  }
  const PatchOutcome second = patched(without("db"), written(first), settings);
  CHECK(second.changes.empty());
  CHECK(second.unseen.size() == 1);
}

TEST_CASE("A cluster of which nothing was read is unseen") {
  std::vector<Recommendation> rows = some_rows();
  rows.push_back(advised(RowBuilder(workload_of("web", "Deployment", "shop", "eu-1"))));
  const PatchOutcome first = patched(rows, {});
  const PatchOutcome second = patched(some_rows(), written(first));
  CHECK(second.changes.empty());
  REQUIRE(second.unseen.size() == 1);
  CHECK(second.unseen[0].workload.cluster == "eu-1");
}

TEST_CASE("What is opted out goes, seen or not") {
  const PatchOutcome first = patched(some_rows(), {});
  PatchSettings settings = all_formats();
  settings.policy.exclude = {"data/StatefulSet/db"};
  settings.namespaces = {"shop"};
  const PatchOutcome second = patched(without("db"), written(first), settings);
  CHECK_FALSE(second.tree.files.contains("kustomize/data/statefulset-db.yaml"));
}

TEST_CASE("Without kube-state-metrics for a while, guesses do not displace what is known") {
  const PatchOutcome first = patched(some_rows(), {});
  std::vector<Recommendation> rows = some_rows();
  for (Recommendation& row : rows) {
    row.owner_source = OwnerSource::kPodName;
    row.current_known = false;
    row.type = ContainerType::kContainer;
  }
  rows.push_back(rows.front());  // a sibling that is not in the tree, and seems a plain container
  rows.back().key.container = "another";
  const PatchOutcome second =
      patched(rows, written(first), all_formats(), Completeness::kIncomplete);
  CHECK(second.changes.empty());
  CHECK(second.unseen.size() == 5);
}

TEST_CASE("The configuration's words are those of the formats") {
  const Result<Config> config = parse_config(
      "patch:\n"
      "  formats: [kustomize, json6902, helm-values, flux, kubectl, vpa]\n"
      "  vpa_mode: initial\n"
      "  dead_band: 5%\n"
      "  kinds: [{kind: Game, api_version: e/v1, pod_spec: spec.pod}]\n"
      "namespaces: [shop]\n"
      "exclude_namespaces: [kube-*]\n",
      "a.yaml", {});
  if (!config) FAIL(config.error().message);
  const Result<PatchSettings> settings = patch_settings(*config);
  REQUIRE(settings);
  CHECK(settings->formats.formats == all_formats().formats.formats);
  CHECK(settings->formats.vpa_mode == VpaMode::kInitial);
  CHECK(settings->formats.kinds == std::vector<CustomKind>{{"Game", "e/v1", "spec.pod"}});
  CHECK(settings->policy.dead_band == 0.05);
  CHECK(settings->namespaces == std::vector<std::string>{"shop"});
  CHECK(settings->exclude_namespaces == std::vector<std::string>{"kube-*"});
}

TEST_CASE("The configuration's defaults are those of the stage") {
  const Result<PatchSettings> settings = patch_settings(Config{});
  REQUIRE(settings);
  CHECK(settings->policy == PatchPolicy{});
  CHECK(settings->formats == FormatOptions{});
}

TEST_CASE("A mapping file is read with the configuration") {
  const test::TempDir dir;
  Config config;
  config.patch.helm_mapping = dir.path("absent.yaml");
  const Result<PatchSettings> absent = patch_settings(config);
  REQUIRE_FALSE(absent);
  CHECK(absent.error().kind == ErrorKind::kInvalidInput);
  CHECK_THAT(absent.error().message, test::contains("cannot read mapping file "));
  CHECK_THAT(absent.error().message, test::contains("absent.yaml: No such file or directory"));
  config.patch.helm_mapping = dir.path("");
  CHECK_THAT(patch_settings(config).error().message, test::contains("Is a directory"));
  config.patch.helm_mapping = dir.write(
      "mapping.yaml",
      "- {namespace: shop, workload: Deployment/web, container: app, release: r, path: 'a\\.b.c'}\n"
      "- {namespace: shop, workload: api, release: r, path: api.resources}\n");
  const Result<PatchSettings> settings = patch_settings(config);
  REQUIRE(settings);
  CHECK(settings->formats.helm ==
        std::vector<HelmMapping>{{"shop", "Deployment/web", "app", "r", "a\\.b.c"},
                                 {"shop", "api", "", "r", "api.resources"}});
}

TEST_CASE("A mapping that is wrong is refused with file and line") {
  struct Row {
    const char* yaml;
    const char* message;
  };
  const Row rows[] = {
      {"{}", "m.yaml:1: a list of {namespace, workload, container, release, path} is expected"},
      {"- web", "m.yaml:1: a row is {namespace, "},
      {"- namespace: a\n  workload: b\n  release: c\n", "m.yaml:1: path is missing"},
      {"- {namespace: a, workload: b, release: c, path: ''}", "m.yaml:1: path is missing"},
      {"- namespace: a\n  name: b\n", "m.yaml:2: name is none of {namespace, "},
      {"- namespace: [a]\n", "m.yaml:1: namespace must be text"},
      {"- {namespace: a, workload: b, release: c, path: a..b}", "m.yaml:1: path a..b has an empty"},
      {"- {namespace: a, workload: b, release: c, path: d}\n"
       "- {namespace: a, workload: b, release: c, path: d}\n",
       "m.yaml:2: this row stands in the mapping already"},
      {"- {namespace: a, namespace: b}", "m.yaml:1: key namespace stands twice"},
      {"- [", "m.yaml:1: "},
  };
  for (const Row& row : rows) {
    INFO(row.yaml);
    const Result<std::vector<HelmMapping>> mapping = parse_helm_mapping(row.yaml, "m.yaml");
    REQUIRE_FALSE(mapping);
    CHECK(mapping.error().kind == ErrorKind::kInvalidInput);
    CHECK_THAT(mapping.error().message, Catch::Matchers::StartsWith(row.message));
  }
  CHECK(parse_helm_mapping("", "m.yaml")->empty());
}

}  // namespace
}  // namespace loadline
