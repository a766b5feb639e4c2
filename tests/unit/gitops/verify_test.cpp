#include "loadline/gitops/verify.hpp"

#include <filesystem>

#include "gitops/verify_target.hpp"
#include "loadline/gitops/patch.hpp"
#include "plans.hpp"
#include "support/catch.hpp"
#include "support/matchers.hpp"
#include "support/temp_dir.hpp"

namespace loadline {
namespace {

namespace fs = std::filesystem;
using test::kMi;
using test::row_of;
using test::RowBuilder;
using test::TempDir;
using test::workload_of;

/// A directory of patches and one of manifests.
struct Place {
  TempDir dir{};

  void manifest(const std::string& name, const std::string& text) const {
    put("manifests/" + name, text);
  }
  void patch(const std::string& name, const std::string& text) const { put("out/" + name, text); }
  [[nodiscard]] Result<VerifyResult> verify(const std::vector<CustomKind>& kinds = {}) const {
    return verify_patches(dir.path("out"), dir.path("manifests"), kinds);
  }
  [[nodiscard]] VerifyResult result(const std::vector<CustomKind>& kinds = {}) const {
    Result<VerifyResult> result = verify(kinds);
    if (!result) FAIL(result.error().message);
    return std::move(*result);
  }
  /// The one finding as "file: subject: problem".
  [[nodiscard]] std::string finding() const {
    const VerifyResult all = result();
    REQUIRE(all.findings.size() == 1);
    const VerifyFinding& one = all.findings.front();
    std::string text = one.file + ": " + one.subject + ": " + one.problem;
    // The place of the manifest begins with the temporary directory.
    const std::string root = dir.path("");
    for (std::size_t at = 0; (at = text.find(root)) != std::string::npos;) {
      text.erase(at, root.size());
    }
    return text;
  }

 private:
  void put(const std::string& name, const std::string& text) const {
    fs::create_directories(fs::path(dir.path(name)).parent_path());
    dir.write(name, text);
  }
};

constexpr const char* kWeb = R"(apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  replicas: 2
  template:
    spec:
      initContainers:
        - {name: first, image: i}
        - {name: setup, image: i}
      containers:
        - {name: log, image: l}
        - name: app
          image: a
          resources:
            requests: {cpu: "1", memory: 1Gi, ephemeral-storage: 1Gi}
            limits: {cpu: 2, memory: 2Gi}
)";

std::string index_of(const std::string& name, const std::string& namespace_name = "shop") {
  return "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n"
         "  - path: shop/web.yaml\n    target: {group: ^apps$, version: ^v1$, kind: "
         "^Deployment$, name: ^" +
         name + "$, namespace: ^" + namespace_name + "$}\n";
}

std::string merge_of(const std::string& pod) {
  return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\n"
         "spec: {template: {spec: " +
         pod + "}}\n";
}

/// The usual tree with this patch of the pod.
void kustomize(const Place& place, const std::string& pod) {
  place.manifest("web.yaml", kWeb);
  place.patch("kustomize/kustomization.yaml", index_of("web"));
  place.patch("kustomize/shop/web.yaml", merge_of(pod));
}

TEST_CASE("A patch of resources alone is good") {
  const Place place;
  kustomize(place,
            "{containers: [{name: app, resources: {requests: {cpu: 500m}, limits: {cpu: "
            "null, memory: 1Gi}}}]}");
  const VerifyResult result = place.result();
  CHECK(result.findings.empty());
  CHECK(result.patches == 1);
  CHECK(result.manifests == 1);
}

TEST_CASE("What else a merge would do is found") {
  struct Row {
    const char* pod;
    const char* finding;
  };
  const Row rows[] = {
      {"{containers: [{name: wep, resources: {requests: {cpu: 1}}}]}",
       "kustomize/shop/web.yaml: shop/Deployment/web, container wep: it would be added; the "
       "manifest's containers are log, app (manifests/web.yaml:1)"},
      {"{containers: [{name: app, image: evil}]}",
       "kustomize/shop/web.yaml: shop/Deployment/web, container app: something else than its "
       "resources would change (manifests/web.yaml:1)"},
      {"{containers: [{name: app, image: null}]}",
       "kustomize/shop/web.yaml: shop/Deployment/web, container app: something else than its "
       "resources would change (manifests/web.yaml:1)"},
      {"{hostNetwork: true}",
       "kustomize/shop/web.yaml: shop/Deployment/web: something else than resources would change "
       "(manifests/web.yaml:1)"},
      {"{containers: null}", nullptr},
      {"{containers: [{name: app, resources: {requests: {cpu: 3}}}]}",
       "kustomize/shop/web.yaml: shop/Deployment/web, container app: its cpu request would be "
       "above its limit, which Kubernetes refuses; the manifest sets what the patch leaves alone "
       "(manifests/web.yaml:1)"},
      {"{containers: [{name: app, resources: {limits: {memory: 512Mi}}}]}",
       "kustomize/shop/web.yaml: shop/Deployment/web, container app: its memory request would be "
       "above its limit, which Kubernetes refuses; the manifest sets what the patch leaves alone "
       "(manifests/web.yaml:1)"},
      {"{initContainers: [{name: setup, resources: {requests: {cpu: 1}}}]}",
       "kustomize/shop/web.yaml: shop/Deployment/web: its init containers would run in another "
       "order; write the patches with --manifests (manifests/web.yaml:1)"},
      {"{initContainers: [{name: app, resources: {requests: {cpu: 1}}}]}",
       "kustomize/shop/web.yaml: shop/Deployment/web, container app: it would be added; the "
       "manifest's containers are first, setup (manifests/web.yaml:1)"},
  };
  for (const Row& row : rows) {
    INFO(row.pod);
    const Place place;
    kustomize(place, row.pod);
    if (row.finding == nullptr) {
      CHECK(place.result().findings.size() == 2);
    } else {
      CHECK(place.finding() == row.finding);
    }
  }
}

TEST_CASE("A target that no manifest has is found") {
  const Place place;
  kustomize(place, "{containers: [{name: app, resources: {requests: {cpu: 1}}}]}");
  place.patch("kustomize/kustomization.yaml", index_of("wep"));
  CHECK(place.finding() ==
        "kustomize/shop/web.yaml: shop/Deployment/wep: no manifest is its target, so that it does "
        "nothing; remove it, or look for another name or namespace in the manifests");
  place.patch("kustomize/kustomization.yaml", index_of("web", "shopp"));
  CHECK_THAT(place.finding(), test::contains("shopp/Deployment/web: no manifest is its target"));
}

TEST_CASE("A manifest without a namespace is told where a target has one") {
  const Place place;
  kustomize(place, "{containers: [{name: app, resources: {requests: {cpu: 1}}}]}");
  std::string unnamed = kWeb;
  unnamed.erase(unnamed.find(", namespace: shop"), 17);
  place.manifest("web.yaml", unnamed);
  CHECK_THAT(place.finding(),
             test::contains("; manifests/web.yaml:1 names no namespace: set metadata.namespace in "
                            "it, or give the rendered manifests"));
  place.patch("kustomize/kustomization.yaml", index_of("web", "default"));
  CHECK(place.result().findings.empty());
}

TEST_CASE("Operations are applied, and an index that is off by one is found") {
  const Place place;
  place.manifest("web.yaml", kWeb);
  place.patch("json6902/kustomization.yaml", index_of("web"));
  const auto operations = [](const std::string& index) {
    const std::string path = "/spec/template/spec/containers/" + index;
    return "- {op: test, path: " + path + "/name, value: app}\n- {op: replace, path: " + path +
           "/resources/requests/cpu, value: 500m}\n";
  };
  place.patch("json6902/shop/web.yaml", operations("1"));
  CHECK(place.result().findings.empty());
  place.patch("json6902/shop/web.yaml", operations("0"));
  CHECK(place.finding() ==
        "json6902/shop/web.yaml: shop/Deployment/web: operation 1 (test "
        "/spec/template/spec/containers/0/name) fails: the manifest has \"log\" there, the patch "
        "expects \"app\"; write the patches again with --manifests");
  place.patch("json6902/shop/web.yaml", operations("2"));
  CHECK_THAT(place.finding(), test::contains("the manifest has nothing there"));
  place.patch("json6902/shop/web.yaml", "- {op: remove, path: /spec/template/spec/containers/0}\n");
  CHECK_THAT(place.finding(), test::contains("container log: it would be removed"));
  place.patch("json6902/shop/web.yaml", "- {op: add, path: /spec/replicas, value: 9}\n");
  CHECK_THAT(place.finding(), test::contains("something else than resources would change"));
}

TEST_CASE("A target that matches everything is refused") {
  for (const char* target : {"{}", "{kind: ^Deployment$}", "{name: ^web$}", "null"}) {
    INFO(target);
    const Place place;
    kustomize(place, "{containers: [{name: app, resources: {requests: {cpu: 1}}}]}");
    place.patch("kustomize/kustomization.yaml",
                "patches: [{path: shop/web.yaml, target: " + std::string(target) + "}]");
    CHECK_THAT(place.finding(), test::contains("so that it would match every object"));
  }
}

TEST_CASE("A target is a regular expression of the whole text") {
  struct Row {
    const char* name;
    std::size_t findings;
  };
  const Row rows[] = {{"web", 0},     {"w.b", 0},          {"we", 1}, {"^(web|api)$", 0},
                      {"web|api", 0}, {"^we\\b$", 1},      {"(", 1},  {".*", 0},
                      {"(a*)*b", 1},  {"w.*e.*b.*.*.*", 1}};
  for (const Row& row : rows) {
    INFO(row.name);
    const Place place;
    kustomize(place, "{containers: [{name: app, resources: {requests: {cpu: 1}}}]}");
    place.patch("kustomize/kustomization.yaml",
                "patches: [{path: shop/web.yaml, target: {kind: Deployment, name: '" +
                    std::string(row.name) + "'}}]");
    CHECK(place.result().findings.size() == row.findings);
  }
}

TEST_CASE("The text of an anchored and escaped pattern") {
  using gitops::literal_of;
  CHECK(literal_of("^web$") == "web");
  CHECK(literal_of("^a\\.b$") == "a.b");
  CHECK(literal_of("^\\$\\^$") == "$^");
  CHECK(literal_of("^$") == "");
  for (const char* pattern : {"web", "^web", "web$", "^w.b$", "^a\\d$", "^a\\", "^a|b$", ""}) {
    INFO(pattern);
    CHECK_FALSE(literal_of(pattern));
  }
}

TEST_CASE("A patch that no index names, and an index that names no patch, are found") {
  const Place place;
  kustomize(place, "{containers: [{name: app, resources: {requests: {cpu: 1}}}]}");
  place.patch("kustomize/shop/lost.yaml", merge_of("{}"));
  CHECK_THAT(place.finding(),
             test::contains("kustomize/shop/lost.yaml: : no kustomization names it"));
  fs::remove(place.dir.path("out/kustomize/shop/lost.yaml"));
  fs::remove(place.dir.path("out/kustomize/shop/web.yaml"));
  CHECK_THAT(place.finding(), test::contains("kustomize/shop/web.yaml: : cannot read patch "));
  place.patch("kustomize/kustomization.yaml",
              "patches: [{path: ../../secret.yaml, target: {kind: a, name: b}}]");
  CHECK_THAT(place.finding(), test::contains("its path leads out of the tree"));
  place.patch("kustomize/kustomization.yaml", "patches: [");
  CHECK_THAT(place.finding(), test::contains("kustomize/kustomization.yaml: : "));
}

TEST_CASE("Manifests are found in Lists, in several documents and in JSON") {
  const Place place;
  kustomize(place, "{containers: [{name: app, resources: {requests: {cpu: 1}}}]}");
  const std::string pod = "{containers: [{name: app, image: a}]}";
  const auto deployment = [&](const std::string& name) {
    return "{apiVersion: apps/v1, kind: Deployment, metadata: {name: " + name +
           ", namespace: shop}, spec: {template: {spec: " + pod + "}}}";
  };
  const std::string json =
      R"({"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "x", "namespace": "n"},
          "spec": {"jobTemplate": {"spec": {"template": {"spec": {"containers": [{"name": "c",
          "image": "i"}]}}}}}})";
  place.manifest("web.yaml", "# nothing\n---\n" + deployment("web") + "\n---\n{kind: Service}\n");
  place.manifest("sub/list.yml", "{apiVersion: v1, kind: List, items: [" + deployment("a") + ", " +
                                     deployment("b") + "]}");
  place.manifest("sub/cron.json", json);
  place.manifest("notes.txt", "{{");
  place.manifest(".git/broken.yaml", "{{");
  const VerifyResult result = place.result();
  CHECK(result.findings.empty());
  CHECK(result.manifests == 4);
}

TEST_CASE("A manifest that is no YAML is named with what to do") {
  const Place place;
  kustomize(place, "{}");
  place.manifest("chart.yaml", "a: {{ .Values.x }}\n");
  const Result<VerifyResult> result = place.verify();
  REQUIRE_FALSE(result);
  CHECK(result.error().kind == ErrorKind::kInvalidInput);
  CHECK_THAT(result.error().message, test::contains("manifests/chart.yaml:1: "));
  CHECK_THAT(result.error().message, test::contains("render charts and templates first"));
}

TEST_CASE("A directory without patches or manifests is an error") {
  const Place place;
  place.manifest("web.yaml", kWeb);
  const Result<VerifyResult> patches = place.verify();
  REQUIRE_FALSE(patches);
  CHECK_THAT(patches.error().message, test::contains("holds no patches"));
  const Result<VerifyResult> manifests =
      verify_patches(place.dir.path("manifests"), place.dir.path("absent"));
  REQUIRE_FALSE(manifests);
  CHECK_THAT(manifests.error().message, test::contains("No such file or directory"));
}

TEST_CASE("Patches beside the manifests are not taken for manifests") {
  const Place place;
  kustomize(place, "{containers: [{name: app, resources: {requests: {cpu: 1}}}]}");
  const Result<VerifyResult> result = verify_patches(place.dir.path("out"), place.dir.path(""));
  REQUIRE(result);
  CHECK(result->findings.empty());
  CHECK(result->manifests == 1);
}

TEST_CASE("The inline patches of a HelmRelease are applied") {
  const auto release = [](const std::string& patch) {
    return "spec:\n  postRenderers:\n    - kustomize:\n        patches:\n"
           "          - target: {kind: ^Deployment$, name: ^web$, namespace: ^(shop|default)$}\n"
           "            patch: |\n              " +
           patch + "\n";
  };
  const Place place;
  place.manifest("web.yaml", kWeb);
  place.patch("flux/shop.yaml",
              release("{kind: Deployment, metadata: {name: web}, spec: {template: {spec: "
                      "{containers: [{name: app, resources: {requests: {cpu: 1}}}]}}}}"));
  CHECK(place.result().findings.empty());
  CHECK(place.result().patches == 1);
  place.patch("flux/shop.yaml",
              release("{kind: Deployment, metadata: {name: web}, spec: {template: {spec: "
                      "{containers: [{name: apq}]}}}}"));
  CHECK_THAT(place.finding(), test::contains("flux/shop.yaml: shop/Deployment/web, container apq: "
                                             "it would be added"));
  place.patch("flux/shop.yaml", release("[{op: test, path: /spec/replicas, value: 3}]"));
  CHECK_THAT(place.finding(), test::contains("operation 1 (test /spec/replicas) fails"));
  place.patch("flux/shop.yaml", release("["));
  CHECK_THAT(place.finding(), test::contains("its patch is not readable"));
}

TEST_CASE("Objects of server-side apply are merged by name, in any order") {
  const Place place;
  place.manifest("web.yaml", kWeb);
  place.patch("kubectl/shop/web.yaml",
              merge_of("{initContainers: [{name: setup, resources: {requests: {cpu: 1}}}]}"));
  CHECK(place.result().findings.empty());
  place.patch("kubectl/shop/web.yaml", merge_of("{containers: [{name: b}]}"));
  CHECK_THAT(place.finding(), test::contains("container b: it would be added"));
  place.manifest("web.yaml", "{}");
  CHECK_THAT(place.finding(), test::contains("shop/Deployment/web: no manifest is its target"));
}

TEST_CASE("An autoscaler's target and containers must exist") {
  const auto autoscaler = [](const std::string& name, const std::string& container) {
    return "metadata: {name: x, namespace: shop}\nspec:\n  targetRef: {kind: Deployment, name: " +
           name + "}\n  resourcePolicy: {containerPolicies: [{containerName: " + container +
           "}, {containerName: '*'}]}\n";
  };
  const Place place;
  place.manifest("web.yaml", kWeb);
  place.patch("vpa/shop/web.yaml", autoscaler("web", "app"));
  CHECK(place.result().findings.empty());
  place.patch("vpa/shop/web.yaml", autoscaler("web", "apq"));
  CHECK_THAT(place.finding(), test::contains("container apq: the manifest has no such container"));
  place.patch("vpa/shop/web.yaml", autoscaler("wep", "app"));
  CHECK_THAT(place.finding(), test::contains("shop/Deployment/wep: no manifest is its target"));
}

TEST_CASE("A custom kind is known by its configuration") {
  const Place place;
  place.manifest("game.yaml",
                 "apiVersion: e/v1\nkind: Game\nmetadata: {name: g, namespace: shop}\n"
                 "spec: {pod: {containers: [{name: app, image: i}]}}\n");
  place.patch("json6902/kustomization.yaml",
              "patches: [{path: g.yaml, target: {kind: ^Game$, name: ^g$}}]");
  place.patch("json6902/g.yaml",
              "[{op: add, path: /spec/pod/containers/0/resources, value: {requests: {cpu: 1}}}]");
  CHECK(place.result({{"Game", "e/v1", "spec.pod"}}).findings.empty());
  CHECK_THAT(place.finding(), test::contains("no manifest is its target"));
}

TEST_CASE("What loadline writes for manifests at hand is good in every format") {
  const Place place;
  place.manifest("web.yaml", kWeb);
  place.manifest("roll.yaml",
                 "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: roll, "
                 "namespace: shop}\nspec: {template: {spec: {containers: [{name: side, image: i}, "
                 "{name: app, image: i, resources: {limits: {cpu: 2}}}]}}}\n");
  const auto advised = [](RowBuilder row) {
    return row.today(Resource::kCpu, 1, 2)
        .advised(Resource::kCpu, 0.25, std::nullopt)
        .today(Resource::kMemory, 1024 * kMi, 2048 * kMi)
        .advised(Resource::kMemory, 128 * kMi, 256 * kMi);
  };
  const std::vector<Recommendation> rows{advised(row_of("web", "app")),
                                         advised(row_of("web", "setup").type(ContainerType::kInit)),
                                         advised(RowBuilder(workload_of("roll", "Rollout")))};
  PatchSettings settings;
  settings.formats.formats = {PatchFormat::kKustomize, PatchFormat::kJson6902, PatchFormat::kFlux,
                              PatchFormat::kKubectl, PatchFormat::kVpa};
  const auto pods = manifest_pods(place.dir.path("manifests"), {},
                                  {workload_of("web"), workload_of("roll", "Rollout")});
  REQUIRE(pods);
  CHECK(pods->size() == 2);
  settings.formats.manifests = *pods;
  const PatchOutcome outcome = make_patches(rows, {}, settings, Completeness::kComplete);
  CHECK(write_tree(place.dir.path("out"), outcome.tree, outcome.changes));
  const VerifyResult result = place.result();
  for (const VerifyFinding& finding : result.findings) {
    FAIL_CHECK(finding.file << ": " << finding.subject << ": " << finding.problem);
  }
  CHECK(result.patches == 9);
}

TEST_CASE("The manifests of several environments cannot be one workload's") {
  const Place place;
  place.manifest("prod/web.yaml", kWeb);
  std::string staging = kWeb;
  staging.replace(staging.find("name: log"), 9, "name: lag");
  place.manifest("staging/web.yaml", staging);
  const auto pods = manifest_pods(place.dir.path("manifests"), {}, {workload_of("web")});
  REQUIRE_FALSE(pods);
  CHECK_THAT(pods.error().message, test::contains("prod/web.yaml:1 and "));
  CHECK_THAT(pods.error().message, test::contains("give the manifests of one environment"));
  place.manifest("staging/web.yaml", kWeb);
  CHECK(manifest_pods(place.dir.path("manifests"), {}, {workload_of("web")}));
}

TEST_CASE("A manifest without a namespace stands for any") {
  const Place place;
  std::string unnamed = kWeb;
  unnamed.erase(unnamed.find(", namespace: shop"), 17);
  place.manifest("web.yaml", unnamed);
  const auto pods = manifest_pods(place.dir.path("manifests"), {},
                                  {workload_of("web", "Deployment", "any", "eu-1")});
  REQUIRE(pods);
  REQUIRE(pods->contains(workload_of("web", "Deployment", "any")));
  CHECK(pods->begin()->second.containers.at(1).name == "app");
}

}  // namespace
}  // namespace loadline
