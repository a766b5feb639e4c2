#include "gitops/apply_operations.hpp"

#include "support/catch.hpp"

namespace loadline::gitops {
namespace {

YamlNode yaml(std::string_view text) {
  const Result<std::vector<YamlNode>> documents = parse_yaml_documents(text, "a.yaml");
  REQUIRE(documents);
  REQUIRE(documents->size() == 1);
  return documents->front();
}

constexpr const char* kObject = "{a: {b: [x, y], c/d: 1}, n: null}";

TEST_CASE("Operations change an object one after the other") {
  struct Row {
    const char* operations;
    const char* result;
  };
  const Row rows[] = {
      {"[]", kObject},
      {"[{op: test, path: /a/b/0, value: x}]", kObject},
      {"[{op: test, path: /a/nothing, value: null}]", kObject},
      {"[{op: test, path: /n, value: null}]", kObject},
      {"[{op: test, path: /a/b, value: [x, y]}]", kObject},
      {"[{op: add, path: /a/e, value: {f: 1}}]", "{a: {b: [x, y], c/d: 1, e: {f: 1}}, n: null}"},
      {"[{op: add, path: /a/b/1, value: z}]", "{a: {b: [x, z, y], c/d: 1}, n: null}"},
      {"[{op: add, path: /a/b/-, value: z}]", "{a: {b: [x, y, z], c/d: 1}, n: null}"},
      {"[{op: add, path: /a/b, value: z}]", "{a: {b: z, c/d: 1}, n: null}"},
      {"[{op: replace, path: /a/c~1d, value: 2}]", "{a: {b: [x, y], c/d: 2}, n: null}"},
      {"[{op: remove, path: /a/b/0}]", "{a: {b: [y], c/d: 1}, n: null}"},
      {"[{op: remove, path: /a/b}, {op: add, path: /a/b, value: []}]",
       "{a: {b: [], c/d: 1}, n: null}"},
  };
  for (const Row& row : rows) {
    INFO(row.operations);
    const Result<YamlNode> after = apply_operations(yaml(kObject), yaml(row.operations));
    if (!after) FAIL(after.error().message);
    CHECK(*after == yaml(row.result));
  }
}

TEST_CASE("An operation that does not hold is told with its number and path") {
  struct Row {
    const char* operations;
    const char* message;
  };
  const Row rows[] = {
      {"[{op: test, path: /a/b/0, value: x}, {op: test, path: /a/b/1, value: x}]",
       "operation 2 (test /a/b/1) fails: the manifest has \"y\" there, the patch expects \"x\""},
      {"[{op: test, path: /a/b/2, value: x}]",
       "operation 1 (test /a/b/2) fails: the manifest has nothing there, the patch expects \"x\""},
      {"[{op: test, path: /a, value: null}]",
       "operation 1 (test /a) fails: the manifest has a map there, the patch expects nothing"},
      {"[{op: test, path: /a/c~1d, value: '1'}]",
       "operation 1 (test /a/c~1d) fails: the manifest has \"1\" there, the patch expects \"1\""},
      {"[{op: replace, path: /a/x, value: 1}]",
       "operation 1 (replace /a/x) fails: the manifest has nothing there"},
      {"[{op: remove, path: /a/b/7}]",
       "operation 1 (remove /a/b/7) fails: the manifest has nothing there"},
      {"[{op: add, path: /a/b/3, value: 1}]",
       "operation 1 (add /a/b/3) fails: the manifest's list is shorter"},
      {"[{op: add, path: /a/b/0/c, value: 1}]",
       "operation 1 (add /a/b/0/c) fails: the manifest has no map or list there"},
      {"[{op: add, path: /x/y, value: 1}]",
       "operation 1 (add /x/y) fails: the manifest has nothing there"},
      {"[{op: add, path: /x}]", "operation 1 (add /x) fails: it has no value"},
      {"[{op: move, path: /a, from: /b}]",
       "operation 1 (move /a) fails: only test, add, replace and remove are expected"},
      {"[{op: remove, path: a}]", "operation 1 fails: it has no path"},
      {"[7]", "operation 1 fails: it has no path"},
  };
  for (const Row& row : rows) {
    INFO(row.operations);
    const Result<YamlNode> after = apply_operations(yaml(kObject), yaml(row.operations));
    REQUIRE_FALSE(after);
    CHECK(after.error().message == row.message);
  }
}

}  // namespace
}  // namespace loadline::gitops
