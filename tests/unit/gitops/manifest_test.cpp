#include "gitops/manifest.hpp"

#include <limits>

#include "loadline/gitops/archive.hpp"
#include "support/catch.hpp"

namespace loadline {
namespace {

ContainerKey key_of(std::string name, std::string container) {
  return {{.namespace_name = "shop", .kind = "Deployment", .name = std::move(name)},
          std::move(container)};
}

Manifest sample() {
  Manifest manifest;
  manifest.files = {{"kustomize/kustomization.yaml", sha256_hex("a")},
                    {"kustomize/shop/deployment-web.yaml", sha256_hex("b")}};
  Requirements both;
  both[Resource::kCpu] = {0.25, std::nullopt};
  both[Resource::kMemory] = {134217728, 268435456};
  Requirements memory_only;
  memory_only[Resource::kMemory] = {1e9, 2e9};
  manifest.values = {{key_of("web", "web"), both}, {key_of("web", "setup"), memory_only}};
  manifest.places = {{key_of("web", "setup"), {ContainerType::kInit, 2, 1}},
                     {key_of("web", "web"), {ContainerType::kContainer, 2, 1}}};
  Requirements original;
  original[Resource::kCpu] = {1.0, std::nullopt};
  manifest.origins = {
      {key_of("web", "setup"), {Requirements{}, {}}},
      {key_of("web", "web"), {original, {{ReasonCode::kRequestTooHigh, Resource::kCpu, ""}}}}};
  return manifest;
}

Manifest read_back(const Manifest& manifest) {
  const std::string text = manifest_text(manifest);
  INFO(text);
  const Result<Manifest> read = parse_manifest(text, "m.json");
  if (!read) FAIL(read.error().message);
  return *read;
}

TEST_CASE("A manifest is text of one line a file and a container") {
  CHECK(manifest_text(sample()) == R"({
  "schema": "loadline/patches.v1",
  "files": {
    "kustomize/kustomization.yaml": "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb",
    "kustomize/shop/deployment-web.yaml": "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d"
  },
  "values": [
    {"cluster": "", "namespace": "shop", "kind": "Deployment", "workload": "web", "container": "setup", "memory": {"request_bytes": 1e+09, "limit_bytes": 2e+09}, "original": {}, "type": "init", "containers": 2, "init_containers": 1},
    {"cluster": "", "namespace": "shop", "kind": "Deployment", "workload": "web", "container": "web", "cpu": {"request_cores": 0.25, "limit_cores": null}, "memory": {"request_bytes": 134217728, "limit_bytes": 268435456}, "original": {"cpu": {"request_cores": 1, "limit_cores": null}}, "reasons": "cpu: request_too_high", "containers": 2, "init_containers": 1}
  ]
}
)");
  CHECK(manifest_text({}) ==
        "{\n  \"schema\": \"loadline/patches.v1\",\n  \"files\": {},\n  \"values\": []\n}\n");
}

TEST_CASE("A manifest reads back as it was") {
  CHECK(read_back(sample()) == sample());
  CHECK(read_back({}) == Manifest{});
}

TEST_CASE("Numbers read back bit for bit") {
  for (const double value : {0.1, 1.0 / 3, 0.1 + 0.2, 5e-324, 1.7976931348623157e308, 0.0,
                             9007199254740993.0, 123456.789}) {
    Manifest manifest;
    manifest.values[key_of("web", "web")][Resource::kCpu] = {value, value / 2};
    CHECK(read_back(manifest) == manifest);
  }
}

TEST_CASE("Hostile names read back as they were and leave no control byte in the text") {
  for (const char* name : {"", "\"", "\\", "a\nb", "a\x1b[31mb", "\x7f", "\xc2\x85",
                           "\xe2\x80\xae"
                           "evil",
                           "\xe2\x80\xa8", "\xf0\x9f\x9a\xa2", "{}", "a: b", "- a", "# x", "../..",
                           "null", "1e3", "\xef\xbb\xbf"}) {
    Manifest manifest;
    manifest.values[{{name, name, name, name}, name}][Resource::kCpu] = {1, 2};
    manifest.places[{{name, name, name, name}, name}] = {ContainerType::kSidecar, 1, 1};
    CHECK(read_back(manifest) == manifest);
    CHECK(manifest_text(manifest).find_first_of("\x1b\x7f\t\r") == std::string::npos);
  }
}

TEST_CASE("A byte that is no text becomes the replacement character") {
  Manifest manifest;
  manifest.values[key_of("a\xff", "web")][Resource::kCpu] = {1, 2};
  CHECK(read_back(manifest).values.contains(key_of("a\xef\xbf\xbd", "web")));
}

TEST_CASE("Only paths inside of the directory are safe") {
  struct Row {
    const char* path;
    bool is_safe;
  };
  const Row rows[] = {
      {"kustomize/shop/deployment-web.yaml", true},
      {"a", true},
      {"a/b..c", true},
      {"", false},
      {"/", false},
      {"/etc/passwd", false},
      {"..", false},
      {"a/../../b", false},
      {"a/./b", false},
      {"a//b", false},
      {"a/", false},
      {".git/hooks/post-merge", false},
      {"a/.b", false},
      {"a\\..\\b", false},
      {"a\nb", false},
      {"a b", false},
      {"a\"b", false},
      {"loadline-patches.json", false},
      {"loadline-patches.json.next", false},
  };
  for (const Row& row : rows) {
    INFO(row.path);
    CHECK(is_safe_path(row.path) == row.is_safe);
  }
  CHECK_FALSE(is_safe_path(std::string_view("a\0b", 3)));
}

TEST_CASE("A manifest that cannot be read says why and what to do") {
  struct Row {
    const char* text;
    ErrorKind kind;
    const char* sentence;
  };
  const Row rows[] = {
      {"", ErrorKind::kCorrupt, "m.json: no manifest of patches; restore it from Git, or remove"},
      {"{", ErrorKind::kCorrupt, "m.json:"},
      {"[]", ErrorKind::kCorrupt, "m.json: no manifest"},
      {R"({"schema": "loadline/report.v1"})", ErrorKind::kCorrupt, "m.json: no manifest"},
      {R"({"schema": "loadline/patches.v"})", ErrorKind::kCorrupt, "m.json: no manifest"},
      {R"({"schema": "loadline/patches.v2", "files": 3})", ErrorKind::kInvalidInput,
       "m.json: a newer loadline wrote these patches; use that one, or another directory"},
      {R"({"schema": "loadline/patches.v1", "values": []})", ErrorKind::kCorrupt,
       "m.json:1: files is missing"},
      {"{\"schema\": \"loadline/patches.v1\", \"values\": [],\n\"files\": {\"../x\": \"00\"}}",
       ErrorKind::kCorrupt, "m.json:2: ../x is no path of a patch"},
      {"{\"schema\": \"loadline/patches.v1\", \"files\": {},\n\"values\": [{}]}",
       ErrorKind::kCorrupt, "m.json:2: cluster is missing"},
      {"{\"schema\": \"loadline/patches.v1\", \"files\": {}, \"values\": [{\"cluster\": \"\", "
       "\"namespace\": \"\", \"kind\": \"\", \"workload\": \"\", \"container\": \"\",\n"
       "\"cpu\": {\"request_cores\": -1}}]}",
       ErrorKind::kCorrupt, "m.json:2: request_cores is no amount"},
      {"{\"schema\": \"loadline/patches.v1\", \"files\": {}, \"values\": [{\"cluster\": \"\", "
       "\"namespace\": \"\", \"kind\": \"\", \"workload\": \"\", \"container\": \"\",\n"
       "\"cpu\": {\"request_cores\": \"1\"}}]}",
       ErrorKind::kCorrupt, "m.json:2: request_cores is no amount"},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    const Result<Manifest> read = parse_manifest(row.text, "m.json");
    REQUIRE_FALSE(read);
    CHECK(read.error().kind == row.kind);
    CHECK_THAT(read.error().message, Catch::Matchers::StartsWith(row.sentence));
  }
}

TEST_CASE("A field that a later version added is no error") {
  const Result<Manifest> read = parse_manifest(
      R"({"schema": "loadline/patches.v1", "files": {}, "values": [], "more": {"x": 1}})", "m");
  REQUIRE(read);
  CHECK(*read == Manifest{});
}

}  // namespace
}  // namespace loadline
