#include "loadline/service/patch_shelf.hpp"

#include <filesystem>

#include "service/routes.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "web_fixture.hpp"

namespace loadline::service {
namespace {

HttpAnswer ask(test::World& world, const PatchShelf* shelf, const std::string& query = "",
               const std::string& if_none_match = "") {
  Door open("", nullptr);
  WebView view = world.view();
  view.patches = shelf;
  return answer_to({.path = "/api/v1/patches", .query = query, .if_none_match = if_none_match},
                   {view, open});
}

std::string header(const HttpAnswer& answer, std::string_view name) {
  for (const auto& [key, value] : answer.headers) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace

TEST_CASE("without a directory there is nothing to update, and the answer says what to set") {
  test::World world;
  PatchShelf shelf;
  CHECK(shelf.update(test::snapshot_of(test::three_rows())->report, {}) == PatchFigures{});
  for (const PatchShelf* where : {static_cast<const PatchShelf*>(nullptr), &std::as_const(shelf)}) {
    const HttpAnswer answer = ask(world, where);
    CHECK(answer.status == 404);
    CHECK(answer.body.find("patch.output_dir") != std::string::npos);
  }
}

TEST_CASE("a tree is written once, handed out, and tagged by its bytes") {
  const test::TempDir directory;
  test::World world;
  PatchShelf shelf;
  shelf.use(directory.path("patches"));
  const auto snapshot = test::snapshot_of(test::three_rows());
  const auto first = shelf.update(snapshot->report, {});
  REQUIRE(first);
  CHECK(first->created == 3);  // the two that change, and the index
  CHECK(shelf.update(snapshot->report, {}) == PatchFigures{});
  const HttpAnswer answer = ask(world, &shelf);
  CHECK(answer.status == 200);
  CHECK(answer.content_type == "application/x-tar");
  const std::string etag = header(answer, "ETag");
  CHECK(ask(world, &shelf, "", etag).status == 304);
  const HttpAnswer file = ask(world, &shelf, "path=kustomize/shop/deployment-cart.yaml");
  CHECK(file.status == 200);
  CHECK(file.body.find("name: cart") != std::string::npos);
  CHECK(header(file, "ETag") != etag);
}

TEST_CASE("parameters that the patches do not know are refused, each with its status") {
  const test::TempDir directory;
  test::World world;
  PatchShelf shelf;
  shelf.use(directory.path("patches"));
  REQUIRE(shelf.update(test::snapshot_of(test::three_rows())->report, {}));
  const std::vector<std::pair<std::string, int>> cases{
      {"format=kustomize", 200},  {"format=vpa", 404}, {"format=tar", 400},
      {"format=", 400},           {"path=", 400},      {"format=vpa&format=vpa", 400},
      {"path=../patches/x", 404}, {"path=/etc/", 404}, {"path=loadline-patches.json", 404},
      {"other=1", 400},           {"format=%zz", 400},
  };
  for (const auto& [query, status] : cases) {
    INFO(query);
    CHECK(ask(world, &shelf, query).status == status);
  }
}

TEST_CASE("a tree that cannot be read or written is an error that names it") {
  const test::TempDir directory;
  test::World world;
  PatchShelf shelf;
  shelf.use(directory.write("patches", "a file is in the way"));
  const auto updated = shelf.update(test::snapshot_of(test::three_rows())->report, {});
  REQUIRE_FALSE(updated);
  CHECK(updated.error().message.find(directory.path("patches")) != std::string::npos);
  CHECK(ask(world, &shelf).status == 500);
}

}  // namespace loadline::service
