#include "loadline/gitops/patch_path.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "hostile_names.hpp"
#include "loadline/gitops/archive.hpp"
#include "plans.hpp"
#include "support/catch.hpp"

namespace loadline {
namespace {

using test::workload_of;

TEST_CASE("a path is the namespace and the kind with the name, lower case") {
  CHECK(patch_path(workload_of("web")) == "shop/deployment-web");
  CHECK(patch_path(workload_of("a.b-1", "CronJob", "kube-system")) == "kube-system/cronjob-a.b-1");
  CHECK(patch_path(workload_of("web", "Rollout")) == "shop/rollout-web");
  CHECK(patch_path(workload_of("web", "Deployment", "shop", "eu-1")) == "eu-1/shop/deployment-web");
}

TEST_CASE("what is no name of Kubernetes keeps its harmless characters and gets a hash") {
  struct Row {
    std::string name;
    const char* kept;
  };
  const Row rows[] = {{"Web", "web_"},         {"", "_"},
                      {"../x", "x_"},          {"con", "con_"},
                      {"con.txt", "contxt_"},  {"kustomization", "kustomization_"},
                      {"x.yaml", "xyaml_"},    {"a_b", "ab_"},
                      {"caf\xc3\xa9", "caf_"}, {std::string(101, 'a'), nullptr},
                      {"a..b", "ab_"},         {"com0", "com0_"}};
  for (const Row& row : rows) {
    const std::string kept = row.kept == nullptr ? std::string(40, 'a') + "_" : row.kept;
    CHECK(patch_path_part(row.name) == kept + sha256_hex(row.name).substr(0, 32));
  }
  for (const char* clean :
       {"web", "a", "1", "a.b", "a-b", "comet", "com10", "console", "nullable"}) {
    CHECK(patch_path_part(clean) == clean);
  }
  CHECK(patch_path_part(std::string(100, 'a')) == std::string(100, 'a'));
}

TEST_CASE("a kind that is not Kubernetes' own carries a hash, so that case does not matter") {
  const std::string path = patch_path(workload_of("web", "deployment"));
  CHECK(path == "shop/deployment_" + sha256_hex("deployment").substr(0, 32) + "-web");
  CHECK(patch_path(workload_of("web", "CloneSet")) != patch_path(workload_of("web", "Cloneset")));
}

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

/// Two or three parts of [a-z0-9._-] that no system reads anything into.
void require_safe(const std::string& path) {
  REQUIRE(path == lower(path));
  REQUIRE(path.size() < 400);
  REQUIRE(path.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-/") == std::string::npos);
  REQUIRE(("/" + path + "/").find("/.") == std::string::npos);
  REQUIRE(("/" + path + "/").find("./") == std::string::npos);
  REQUIRE(("/" + path + "/").find("//") == std::string::npos);
  REQUIRE(("/" + path + "/").find("/-") == std::string::npos);
  REQUIRE(path.find("..") == std::string::npos);
  const auto slashes = std::count(path.begin(), path.end(), '/');
  REQUIRE((slashes == 1 || slashes == 2));
}

TEST_CASE("no name leaves the directory and no two share a path") {
  std::vector<std::string> names = test::hostile_names();
  // What another name's path looks like is a name as well.
  for (const std::string& name : test::hostile_names()) names.push_back(patch_path_part(name));
  std::map<std::string, WorkloadKey> paths;
  std::size_t keys = 0;
  const auto add = [&](const WorkloadKey& key) {
    const std::string path = patch_path(key);
    require_safe(path);
    REQUIRE(path == patch_path(key));
    const auto [found, is_new] = paths.emplace(path, key);
    if (!is_new) REQUIRE(found->second == key);
    if (is_new) ++keys;
  };
  for (const std::string& name : names) {
    for (const std::string& other : names) {
      add({"", name, "Deployment", other});
      add({"", "shop", name, other});
      if (!name.empty()) add({name, other, "Deployment", "web"});
    }
  }
  CHECK(keys > 20'000);
}

TEST_CASE("no file's path is the folder of another") {
  std::set<std::string> folders;
  std::set<std::string> files;
  for (const std::string& name : test::hostile_names()) {
    for (const std::string& cluster : {std::string(), std::string("shop"), name}) {
      const std::string path = patch_path({cluster, "shop", "Deployment", name}) + ".yaml";
      const std::string other = patch_path({cluster, name, "Deployment", "web"}) + ".yaml";
      for (const std::string& file : {path, other}) {
        files.insert(file);
        folders.insert(file.substr(0, file.rfind('/')));
        folders.insert(file.substr(0, file.find('/')));
      }
    }
  }
  for (const std::string& folder : folders) CHECK(files.count(folder) == 0);
}

}  // namespace
}  // namespace loadline
