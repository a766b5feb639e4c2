/// Names are anybody's bytes: every file of every format is parsed back and must hold them as text.
#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "hostile_names.hpp"
#include "loadline/config/yaml.hpp"
#include "loadline/gitops/formats.hpp"
#include "plans.hpp"
#include "support/catch.hpp"

namespace loadline {
namespace {

using test::kMi;
using test::RowBuilder;

Recommendation row_for(const WorkloadKey& workload, const std::string& container) {
  RowBuilder row(workload, container);
  row.today(Resource::kCpu, 1, 2).today(Resource::kMemory, 64 * kMi, 128 * kMi);
  return row.advised(Resource::kCpu, 2, 4).advised(Resource::kMemory, 128 * kMi, 256 * kMi);
}

/// Each name in each place, once beside an honest one and once everywhere at once.
std::vector<Recommendation> hostile_rows(const std::string& kind) {
  std::vector<Recommendation> rows;
  std::set<ContainerKey> seen;
  const auto add = [&](const WorkloadKey& workload, const std::string& container) {
    if (seen.insert({workload, container}).second) rows.push_back(row_for(workload, container));
  };
  for (const std::string& name : test::hostile_names()) {
    add({"", name, kind, "web"}, "app");
    add({"", "shop", kind, name}, "app");
    add({"", "odd-" + std::to_string(rows.size()), kind, "web"}, name);
    add({"", name, kind, name}, name);
  }
  return rows;
}

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

void require_safe_paths(const PatchFiles& files) {
  std::set<std::string> folded;
  for (const auto& [path, bytes] : files) {
    INFO(path);
    REQUIRE(path.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-/") == path.npos);
    REQUIRE(path.find("..") == path.npos);
    REQUIRE(path.front() != '/');
    REQUIRE(path.find("/.") == path.npos);
    REQUIRE(path.find("//") == path.npos);
    REQUIRE(folded.insert(lower(path)).second);
  }
}

YamlNode document_of(const std::string& path, const std::string& bytes) {
  for (const char c : bytes) REQUIRE(((c >= ' ' && c < 0x7f) || c == '\n'));
  const auto documents = parse_yaml_documents(bytes, path);
  INFO(bytes);
  REQUIRE(documents);
  REQUIRE(documents->size() == 1);
  return documents->front();
}

const YamlNode& at(const YamlNode& node, const std::vector<std::string>& path) {
  const YamlNode* found = &node;
  for (const std::string& key : path) {
    found = found->find(key);
    REQUIRE(found != nullptr);
  }
  return *found;
}

/// What an anchored and escaped pattern stands for.
std::string unescaped(const std::string& pattern) {
  REQUIRE(pattern.size() >= 2);
  REQUIRE(pattern.front() == '^');
  REQUIRE(pattern.back() == '$');
  std::string text;
  for (std::size_t i = 1; i + 1 < pattern.size(); ++i) {
    if (pattern[i] == '\\') ++i;
    text += pattern[i];
  }
  return text;
}

using Names = std::multiset<std::string>;

std::string joined(const std::string& a, const std::string& b, const std::string& c) {
  return std::to_string(a.size()) + ":" + a + "/" + std::to_string(b.size()) + ":" + b + "/" + c;
}

Names expected_names(const std::vector<Recommendation>& rows) {
  Names names;
  for (const Recommendation& row : rows) {
    names.insert(joined(row.key.workload.namespace_name, row.key.workload.name, row.key.container));
  }
  return names;
}

/// The names in an object's containers, with what the object says of itself.
void add_object(const YamlNode& object, Names& names) {
  for (const YamlNode& container : at(object, {"spec", "template", "spec", "containers"}).items) {
    names.insert(joined(at(object, {"metadata", "namespace"}).text,
                        at(object, {"metadata", "name"}).text, at(container, {"name"}).text));
  }
}

Rendered rendered(const std::vector<Recommendation>& rows, PatchFormat format) {
  FormatOptions options;
  options.formats = {format};
  for (const Recommendation& row : rows) {
    const std::string number = std::to_string(options.helm.size());
    options.helm.push_back({row.key.workload.namespace_name,
                            row.key.workload.kind + "/" + row.key.workload.name, row.key.container,
                            row.key.container, "c" + number + ".resources"});
  }
  return render_patches(plan_patches(rows, {}, {}), options);
}

TEST_CASE("merges and applied manifests hold hostile names and nothing else") {
  const std::vector<Recommendation> rows = hostile_rows("Deployment");
  for (const PatchFormat format : {PatchFormat::kKustomize, PatchFormat::kKubectl}) {
    const Rendered made = rendered(rows, format);
    require_safe_paths(made.tree.files);
    Names names;
    for (const auto& [path, bytes] : made.tree.files) {
      const YamlNode document = document_of(path, bytes);
      if (!path.ends_with("kustomization.yaml")) add_object(document, names);
    }
    CHECK(names == expected_names(rows));
    CHECK(made.unpatched.empty());
  }
}

TEST_CASE("an index targets each hostile workload and no other") {
  const std::vector<Recommendation> rows = hostile_rows("Deployment");
  const Rendered made = rendered(rows, PatchFormat::kKustomize);
  const std::string path = "kustomize/kustomization.yaml";
  Names found;
  const YamlNode index = document_of(path, made.tree.files.at(path));
  for (const YamlNode& entry : at(index, {"patches"}).items) {
    const YamlNode& target = at(entry, {"target"});
    const YamlNode patch =
        document_of(path, made.tree.files.at("kustomize/" + at(entry, {"path"}).text));
    CHECK(unescaped(at(target, {"name"}).text) == at(patch, {"metadata", "name"}).text);
    CHECK(unescaped(at(target, {"namespace"}).text) == at(patch, {"metadata", "namespace"}).text);
    add_object(patch, found);
  }
  CHECK(found == expected_names(rows));
}

TEST_CASE("operations test hostile container names") {
  const std::vector<Recommendation> rows = hostile_rows("Rollout");
  const Rendered made = rendered(rows, PatchFormat::kJson6902);
  require_safe_paths(made.tree.files);
  Names names;
  Names expected;
  for (const Recommendation& row : rows) expected.insert(row.key.container);
  for (const auto& [path, bytes] : made.tree.files) {
    const YamlNode document = document_of(path, bytes);
    for (const YamlNode& operation : document.items) {
      if (at(operation, {"op"}).text != "test") continue;
      CHECK(at(operation, {"path"}).text == "/spec/template/spec/containers/0/name");
      names.insert(at(operation, {"value"}).text);
    }
  }
  // Of several containers of one workload, no index is certain.
  for (const Unpatched& row : made.unpatched) names.insert(row.key.container);
  CHECK(names == expected);
}

TEST_CASE("post-renderers hold hostile names in a document inside a document") {
  const std::vector<Recommendation> rows = hostile_rows("Deployment");
  const Rendered made = rendered(rows, PatchFormat::kFlux);
  require_safe_paths(made.tree.files);
  Names names;
  for (const auto& [path, bytes] : made.tree.files) {
    const YamlNode document = document_of(path, bytes);
    const YamlNode& renderers = at(document, {"spec", "postRenderers"});
    for (const YamlNode& entry : at(renderers.items.at(0), {"kustomize", "patches"}).items) {
      add_object(document_of(path, at(entry, {"patch"}).text), names);
    }
  }
  CHECK(names == expected_names(rows));
}

TEST_CASE("values files of hostile releases hold each mapped container") {
  const std::vector<Recommendation> rows = hostile_rows("Deployment");
  const Rendered made = rendered(rows, PatchFormat::kHelmValues);
  require_safe_paths(made.tree.files);
  std::size_t containers = 0;
  for (const auto& [path, bytes] : made.tree.files) {
    const YamlNode document = document_of(path, bytes);
    for (const auto& [key, value] : document.members) {
      CHECK(at(value, {"resources", "requests", "cpu"}).text == "2");
      ++containers;
    }
  }
  CHECK(containers + made.unpatched.size() == rows.size());
  // Only the mappings without a container name, of workloads that have several.
  for (const Unpatched& row : made.unpatched) CHECK(row.key.container.empty());
}

TEST_CASE("hostile keys of a values path are text, empty and endless ones are refused") {
  FormatOptions options;
  options.formats = {PatchFormat::kHelmValues};
  const std::vector<Recommendation> rows{row_for({"", "shop", "Deployment", "web"}, "app")};
  for (const std::string& key : test::hostile_names()) {
    std::string escaped;
    for (const char c : key)
      escaped += (c == '.' || c == '\\') ? std::string{'\\', c} : std::string{c};
    options.helm = {{"shop", "web", "app", "shop", "a." + escaped + ".resources"}};
    const Rendered made = render_patches(plan_patches(rows, {}, {}), options);
    if (key.empty() || key.size() > 1000) {
      REQUIRE(made.unpatched.size() == 1);
      CHECK(made.unpatched[0].why.find("empty or too long") != std::string::npos);
    } else {
      const YamlNode document =
          document_of("shop.yaml", made.tree.files.at("helm-values/shop.yaml"));
      CHECK(at(document, {"a", key, "resources", "limits", "cpu"}).text == "4");
    }
  }
}

TEST_CASE("autoscalers hold hostile names and have names that Kubernetes takes") {
  std::vector<Recommendation> rows = hostile_rows("Deployment");
  for (const Recommendation& row : hostile_rows("StatefulSet")) rows.push_back(row);
  const Rendered made = rendered(rows, PatchFormat::kVpa);
  require_safe_paths(made.tree.files);
  Names names;
  std::set<std::string> objects;
  for (const auto& [path, bytes] : made.tree.files) {
    const YamlNode document = document_of(path, bytes);
    const std::string& name = at(document, {"metadata", "name"}).text;
    INFO(name);
    CHECK(name.size() <= 253);
    CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") == name.npos);
    CHECK((name.back() != '-' && name.back() != '.'));
    const std::string& home = at(document, {"metadata", "namespace"}).text;
    CHECK(objects.insert(home + "/" + name).second);
    for (const YamlNode& policy :
         at(document, {"spec", "resourcePolicy", "containerPolicies"}).items) {
      if (policy.find("minAllowed") == nullptr) continue;
      names.insert(joined(home, at(document, {"spec", "targetRef", "name"}).text,
                          at(policy, {"containerName"}).text));
    }
  }
  CHECK(names == expected_names(rows));
}

}  // namespace
}  // namespace loadline
