/// What formats do with the user's own manifests: indexes, order and what exists.
#include <string>

#include "loadline/config/yaml.hpp"
#include "loadline/gitops/formats.hpp"
#include "sample_plan.hpp"
#include "support/catch.hpp"

namespace loadline {
namespace {

using test::workload_of;

constexpr Resource kCpu = Resource::kCpu;
constexpr Resource kMemory = Resource::kMemory;

YamlNode parsed(const std::string& yaml) {
  const auto documents = parse_yaml_documents(yaml, "manifest.yaml");
  REQUIRE(documents);
  return documents->at(0);
}

ManifestPods pods_of(const std::string& yaml) {
  const auto pod = manifest_pod(parsed(yaml), {}, "shop");
  REQUIRE(pod);
  return {{pod->first, pod->second}};
}

const char* const kWeb =
    "apiVersion: apps/v1\n"
    "kind: Deployment\n"
    "metadata: {name: web}\n"
    "spec:\n"
    "  template:\n"
    "    spec:\n"
    "      initContainers:\n"
    "      - {name: one}\n"
    "      - {name: two, resources: {}}\n"
    "      containers:\n"
    "      - {name: proxy}\n"
    "      - {name: app, resources: {requests: {cpu: 1}, limits: {nvidia.com/gpu: 1}}}\n"
    "      - {name: last, resources: {limits: null}}\n";

TEST_CASE("a manifest is its workload, its containers in order and what they set") {
  const auto pod = manifest_pod(parsed(kWeb), {}, "shop");
  REQUIRE(pod);
  CHECK(pod->first == workload_of("web"));
  REQUIRE(pod->second.containers.size() == 3);
  CHECK(pod->second.containers[0] == ManifestContainer{"proxy", {}});
  CHECK(pod->second.containers[1] ==
        ManifestContainer{"app",
                          {"resources", "resources/requests", "resources/requests/cpu",
                           "resources/limits", "resources/limits/nvidia.com/gpu"}});
  CHECK(pod->second.containers[2] == ManifestContainer{"last", {"resources"}});
  REQUIRE(pod->second.init_containers.size() == 2);
  CHECK(pod->second.init_containers[1] == ManifestContainer{"two", {"resources"}});
}

TEST_CASE("what is no workload of a known kind is no pod") {
  for (const char* yaml :
       {"kind: Deployment\nmetadata: {name: x}\n", "apiVersion: v1\nkind: Service\n",
        "apiVersion: apps/v1\nkind: Deployment\nspec: {}\n", "apiVersion: v1\nkind: Deployment\n",
        "- a\n", "text\n", "kind: [Deployment]\n"}) {
    INFO(yaml);
    CHECK_FALSE(manifest_pod(parsed(yaml), {}, "shop"));
  }
  const char* const clone =
      "apiVersion: x.io/v1\nkind: Clone\nmetadata: {name: a, namespace: b}\nspec: {pod: {}}\n";
  const auto pod = manifest_pod(parsed(clone), {{"Clone", "x.io/v1", "spec.pod"}}, "shop");
  REQUIRE(pod);
  CHECK(pod->first == workload_of("a", "Clone", "b"));
}

/// A plan for the containers of `web`, and what a format makes of it.
Rendered rendered(PatchFormat format, const std::vector<Recommendation>& rows,
                  const ManifestPods& manifests) {
  FormatOptions options;
  options.formats = {format};
  options.manifests = manifests;
  return render_patches(plan_patches(rows, {}, {}), options);
}

/// "test /0/name=app; add /0/resources/...": the pod's path left out.
std::string operations(const Rendered& made) {
  std::string text;
  for (const YamlNode& row :
       parsed(made.tree.files.at("json6902/shop/deployment-web.yaml")).items) {
    const std::string path =
        row.find("path")->text.substr(std::string("/spec/template/spec/").size());
    text += row.find("op")->text + " " + path + "; ";
  }
  return text;
}

Recommendation app(std::string container = "app") {
  return test::shrinking(workload_of("web"), std::move(container));
}

TEST_CASE("operations follow the manifest's index and what is there") {
  const Rendered made =
      rendered(PatchFormat::kJson6902, {app(), app("proxy"), app("last")}, pods_of(kWeb));
  CHECK(made.unpatched.empty());
  CHECK(operations(made) ==
        "test containers/1/name; "
        "replace containers/1/resources/requests/cpu; "
        "add containers/1/resources/requests/memory; "
        "add containers/1/resources/limits/cpu; "
        "add containers/1/resources/limits/memory; "
        "test containers/2/name; "
        "test containers/2/resources/requests; add containers/2/resources/requests; "
        "test containers/2/resources/limits; add containers/2/resources/limits; "
        "test containers/0/name; "
        "test containers/0/resources; add containers/0/resources; ");
}

TEST_CASE("a limit is removed only where it is known to be") {
  Recommendation row = app();
  row.resources[kCpu].recommended.limit = std::nullopt;
  row.resources[kMemory].recommended.request = std::nullopt;
  const auto made = [&row](const std::string& resources) {
    return operations(rendered(
        PatchFormat::kJson6902, {row},
        pods_of("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: "
                "{spec: {containers: [{name: app, resources: " +
                resources + "}]}}}\n")));
  };
  const std::string test = "test containers/0/name; ";
  CHECK(made("{requests: {cpu: 1}, limits: {cpu: 2}}") ==
        test +
            "replace containers/0/resources/requests/cpu; remove "
            "containers/0/resources/limits/cpu; ");
  CHECK(made("{requests: {cpu: 1}, limits: {memory: 2}}") ==
        test + "replace containers/0/resources/requests/cpu; ");
  CHECK(made("{requests: {cpu: 1}}") == test + "replace containers/0/resources/requests/cpu; ");
  CHECK(made("{}") ==
        test + "test containers/0/resources/requests; add containers/0/resources/requests; ");
}

TEST_CASE("without a manifest the values before the first patch tell what exists") {
  Recommendation row = app();
  row.resources[kCpu].current = {1, std::nullopt};
  row.resources[kMemory].current = {};
  CHECK(operations(rendered(PatchFormat::kJson6902, {row}, {})) ==
        "test containers/0/name; "
        "replace containers/0/resources/requests/cpu; "
        "add containers/0/resources/requests/memory; "
        "test containers/0/resources/limits; add containers/0/resources/limits; ");
  row.current_known = false;
  const Rendered unknown = rendered(PatchFormat::kJson6902, {row}, {});
  REQUIRE(unknown.unpatched.size() == 1);
  CHECK(unknown.unpatched[0].why ==
        "json6902: which resources its manifest sets is not known; pass --manifests with the "
        "manifests that it is for");
}

TEST_CASE("an index among several known containers is not guessed") {
  const std::vector<Recommendation> rows{
      app(), test::quiet(workload_of("web"), "proxy"),
      test::shrinking(workload_of("web"), "one").type(ContainerType::kInit)};
  const Rendered made = rendered(PatchFormat::kJson6902, rows, {});
  REQUIRE(made.unpatched.size() == 1);
  CHECK(made.unpatched[0].key.container == "app");
  CHECK(operations(made).find("test initContainers/0/name; ") == 0);
  CHECK(made.tree.values.size() == 1);
}

TEST_CASE("a container that the manifest does not have is told and not added") {
  for (const PatchFormat format : {PatchFormat::kKustomize, PatchFormat::kJson6902,
                                   PatchFormat::kFlux, PatchFormat::kKubectl}) {
    const Rendered made = rendered(format, {app("other")}, pods_of(kWeb));
    CHECK(made.tree.values.empty());
    REQUIRE(made.unpatched.size() == 1);
    CHECK(made.unpatched[0].why.find("the manifest has no container of this name") !=
          std::string::npos);
  }
}

/// The names in a patch's list, in order; those with resources marked.
std::string names(const Rendered& made, const std::string& list) {
  const YamlNode patch = parsed(made.tree.files.at("kustomize/shop/deployment-web.yaml"));
  std::string text;
  for (const YamlNode& row :
       patch.find("spec")->find("template")->find("spec")->find(list)->items) {
    text += row.find("name")->text + (row.find("resources") != nullptr ? "* " : " ");
  }
  return text;
}

TEST_CASE("a merge names what stands before a patched container, so that the order stays") {
  const std::vector<Recommendation> rows{
      app("last"), app("app"),
      test::shrinking(workload_of("web"), "two").type(ContainerType::kInit)};
  const Rendered made = rendered(PatchFormat::kKustomize, rows, pods_of(kWeb));
  CHECK(names(made, "containers") == "proxy app* last* ");
  CHECK(names(made, "initContainers") == "one two* ");
  CHECK(names(rendered(PatchFormat::kKustomize, {app("proxy")}, pods_of(kWeb)), "containers") ==
        "proxy* ");
}

TEST_CASE("without a manifest, several init containers keep their order by being left out") {
  const std::vector<Recommendation> rows{
      app("app"), test::shrinking(workload_of("web"), "two").type(ContainerType::kInit),
      test::quiet(workload_of("web"), "one").type(ContainerType::kSidecar)};
  for (const PatchFormat format :
       {PatchFormat::kKustomize, PatchFormat::kFlux, PatchFormat::kKubectl}) {
    const Rendered made = rendered(format, rows, {});
    CHECK(made.tree.values.size() == 1);
    REQUIRE(made.unpatched.size() == 1);
    CHECK(made.unpatched[0].key.container == "two");
  }
}

TEST_CASE("Initial is the other mode of an autoscaler") {
  FormatOptions options;
  options.formats = {PatchFormat::kVpa};
  options.vpa_mode = VpaMode::kInitial;
  const Rendered made = render_patches(plan_patches({app()}, {}, {}), options);
  CHECK(made.tree.files.at("vpa/shop/deployment-web.yaml").find("updateMode: Initial\n") !=
        std::string::npos);
}

TEST_CASE("a path of a custom kind is escaped as a pointer") {
  FormatOptions options;
  options.formats = {PatchFormat::kJson6902};
  options.kinds = {{"Odd", "x.io/v1", R"(spec.a/b.c~d.e\.f)"}};
  const PatchPlan plan = plan_patches({test::shrinking(workload_of("web", "Odd"), "app")}, {}, {});
  const Rendered made = render_patches(plan, options);
  REQUIRE(made.tree.files.size() == 2);
  for (const auto& [path, bytes] : made.tree.files) {
    if (path == "json6902/kustomization.yaml") continue;
    CHECK(parsed(bytes).items.at(0).find("path")->text == "/spec/a~1b/c~0d/e.f/containers/0/name");
  }
}

}  // namespace
}  // namespace loadline
