#include "cli/file_watch.hpp"

#include <filesystem>
#include <fstream>

#include "support/catch.hpp"
#include "support/temp_dir.hpp"

namespace loadline::cli {
namespace {

void write(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

}  // namespace

TEST_CASE("a change of content is noticed once, a touch is none") {
  const test::TempDir dir;
  const std::string path = dir.path("loadline.yaml");
  write(path, "window: 7d");
  FileWatch watch(path);
  CHECK_FALSE(watch.has_changed());
  write(path, "window: 7d");
  CHECK_FALSE(watch.has_changed());
  write(path, "window: 8d");
  CHECK(watch.has_changed());
  CHECK_FALSE(watch.has_changed());
}

TEST_CASE("a file behind links that are swapped, as a ConfigMap's, is followed") {
  const test::TempDir dir;
  std::filesystem::create_directory(dir.path("v1"));
  std::filesystem::create_directory(dir.path("v2"));
  write(dir.path("v1/loadline.yaml"), "window: 7d");
  write(dir.path("v2/loadline.yaml"), "window: 9d");
  std::filesystem::create_directory_symlink("v1", dir.path("data"));
  FileWatch watch(dir.path("data/loadline.yaml"));
  std::filesystem::create_directory_symlink("v2", dir.path("new"));
  std::filesystem::rename(dir.path("new"), dir.path("data"));
  CHECK(watch.has_changed());
}

TEST_CASE("a file that vanishes has not changed, and is watched again when it is back") {
  const test::TempDir dir;
  const std::string path = dir.path("loadline.yaml");
  write(path, "window: 7d");
  FileWatch watch(path);
  std::filesystem::remove(path);
  CHECK_FALSE(watch.has_changed());
  write(path, "window: 7d");
  CHECK_FALSE(watch.has_changed());
  write(path, "window: 8d");
  CHECK(watch.has_changed());
  CHECK_FALSE(FileWatch("").has_changed());
}

}  // namespace loadline::cli
