#include "gitops/apply_merge.hpp"

#include "support/catch.hpp"

namespace loadline::gitops {
namespace {

YamlNode yaml(std::string_view text) {
  const Result<std::vector<YamlNode>> documents = parse_yaml_documents(text, "a.yaml");
  REQUIRE(documents);
  REQUIRE(documents->size() == 1);
  return documents->front();
}

TEST_CASE("A strategic merge merges maps and named containers, and null removes") {
  struct Row {
    const char* object;
    const char* patch;
    const char* result;
  };
  const Row rows[] = {
      {"{a: 1, b: {c: 2}}", "{b: {d: 3}}", "{a: 1, b: {c: 2, d: 3}}"},
      {"{a: 1, b: 2}", "{b: null}", "{a: 1}"},
      {"{a: 1}", "{b: {c: null, d: 1}}", "{a: 1, b: {d: 1}}"},
      {"{a: 1}", "{a: {b: 2}}", "{a: {b: 2}}"},
      {"{list: [1, 2]}", "{list: [3]}", "{list: [3]}"},
      {"{containers: [{name: a, image: i}, {name: b, x: 1}]}",
       "{containers: [{name: b, x: null, y: 2}]}",
       "{containers: [{name: b, y: 2}, {name: a, image: i}]}"},
      {"{containers: [{name: a}]}", "{containers: [{name: new}]}",
       "{containers: [{name: new}, {name: a}]}"},
      {"{initContainers: [{name: a}]}", "{initContainers: [{name: a, r: 1}]}",
       "{initContainers: [{name: a, r: 1}]}"},
      {"{}", "{containers: [{name: a}]}", "{containers: [{name: a}]}"},
  };
  for (const Row& row : rows) {
    INFO(row.object << " with " << row.patch);
    CHECK(strategic_merge(yaml(row.object), yaml(row.patch)) == yaml(row.result));
  }
}

}  // namespace
}  // namespace loadline::gitops
