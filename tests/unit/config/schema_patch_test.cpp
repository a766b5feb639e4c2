#include "loadline/config/config.hpp"
#include "support/catch.hpp"
#include "support/matchers.hpp"

namespace loadline {
namespace {

PatchConfig patch_of(std::string_view yaml, const std::vector<Override>& overrides = {}) {
  const Result<Config> config = parse_config(yaml, "loadline.yaml", overrides);
  INFO(yaml);
  if (!config) FAIL(config.error().message);
  return config->patch;
}

TEST_CASE("every setting of patch arrives") {
  const PatchConfig patch = patch_of(R"(
patch:
  output_dir: deploy/rightsizing
  formats: [json6902, helm-values]
  helm_mapping: mapping.yaml
  vpa_mode: initial
  dead_band: 20%
  exclude: [shop/Deployment/web-*, '*/Job/*']
  exclude_containers: [envoy]
  kinds:
    - {kind: Game, api_version: example.com/v1, pod_spec: spec.pod}
    - {kind: Rollout, api_version: argoproj.io/v1alpha1}
)");
  CHECK(patch.output_dir == "deploy/rightsizing");
  CHECK(patch.formats == std::vector<std::string>{"json6902", "helm-values"});
  CHECK(patch.helm_mapping == "mapping.yaml");
  CHECK(patch.vpa_mode == PatchVpaMode::kInitial);
  CHECK(patch.dead_band == 0.2);
  CHECK(patch.exclude == std::vector<std::string>{"shop/Deployment/web-*", "*/Job/*"});
  CHECK(patch.exclude_containers == std::vector<std::string>{"envoy"});
  CHECK(patch.kinds ==
        std::vector<PatchKind>{{"Game", "example.com/v1", "spec.pod"},
                               {"Rollout", "argoproj.io/v1alpha1", "spec.template.spec"}});
}

TEST_CASE("patch settings can be overridden by text") {
  const PatchConfig patch =
      patch_of("", {{"patch.formats", "flux,vpa", "--format"},
                    {"patch.kinds", "Game:example.com/v1:spec.pod, Rollout:x/v1", "--set"}});
  CHECK(patch.formats == std::vector<std::string>{"flux", "vpa"});
  CHECK(patch.kinds == std::vector<PatchKind>{{"Game", "example.com/v1", "spec.pod"},
                                              {"Rollout", "x/v1", "spec.template.spec"}});
}

TEST_CASE("the printed patch settings load again") {
  const Result<Config> config = parse_config(
      "patch: {kinds: [{kind: Game, api_version: e/v1}], exclude: ['*/Job/*']}", "a.yaml", {});
  REQUIRE(config);
  CHECK(patch_of(print_config(*config)).kinds == config->patch.kinds);
  CHECK(patch_of(print_config(*config)).exclude == config->patch.exclude);
}

TEST_CASE("a wrong patch setting is refused with its line and what would be right") {
  struct Row {
    const char* yaml;
    const char* message;
  };
  const Row rows[] = {
      {"patch: {format: [vpa]}", "did you mean patch.formats?"},
      {"patch:\n  formats: [kustomise]",
       "loadline.yaml:2: patch.formats: \"kustomise\" is none of "
       "kustomize | json6902 | helm-values | flux | kubectl | vpa"},
      {"patch: {formats: []}", "at least one format"},
      {"patch: {vpa_mode: auto}", "is none of off | initial"},
      {"patch: {dead_band: 2}", "patch.dead_band"},
      {"patch: {exclude: [web]}", "is no pattern of NAMESPACE/KIND/NAME"},
      {"patch: {exclude: [a/b/c/d]}", "is no pattern of NAMESPACE/KIND/NAME"},
      {"patch: {kinds: 3}", "a list of {kind, api_version, pod_spec}"},
      {"patch: {kinds: [Rollout]}", "a kind is {kind, api_version, pod_spec}"},
      {"patch: {kinds: [{kind: Game}]}", "a kind is {kind: Rollout, api_version: "},
      {"patch: {kinds: [{kind: G, api_version: v1, pod_spec: a..b}]}", "a kind is {kind: "},
      {"patch: {kinds: [{kind: G, version: v1}]}", "\"version\" is none of kind, "},
      {"patch: {kinds: [{kind: G, api_version: v1}, {kind: G, api_version: v2}]}",
       "kind G stands twice"},
  };
  for (const Row& row : rows) {
    INFO(row.yaml);
    const Result<Config> config = parse_config(row.yaml, "loadline.yaml", {});
    REQUIRE_FALSE(config);
    CHECK(config.error().kind == ErrorKind::kInvalidInput);
    CHECK_THAT(config.error().message, test::contains(row.message));
  }
  const Result<Config> config =
      parse_config("", "", {{"patch.kinds", "Game", "LOADLINE_PATCH_KINDS"}});
  REQUIRE_FALSE(config);
  CHECK_THAT(config.error().message, test::contains("KIND:API_VERSION:POD_SPEC"));
}

}  // namespace
}  // namespace loadline
