#include "cli/output_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>

#include "support/catch.hpp"
#include "support/matchers.hpp"
#include "support/temp_dir.hpp"

namespace loadline::cli {
namespace {

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

Result<void> write(const std::string& path, const std::string& text) {
  return write_file(path, [&](std::ostream& out) { out << text; });
}

std::size_t files_in(const std::string& path) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(path)) count += entry.exists();
  return count;
}

}  // namespace

TEST_CASE("a file is made, replaced, and nothing is left beside it") {
  const test::TempDir dir;
  const std::string path = dir.path("report.json");
  REQUIRE(write(path, "one").has_value());
  CHECK(text_of(path) == "one");
  REQUIRE(::chmod(path.c_str(), 0640) == 0);
  REQUIRE(write(path, "two").has_value());
  CHECK(text_of(path) == "two");
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777U) == 0640U);
  CHECK(files_in(dir.path("")) == 1);
}

TEST_CASE("a new file gets the permissions that the umask leaves") {
  const test::TempDir dir;
  const mode_t before = ::umask(027);
  REQUIRE(write(dir.path("f"), "x").has_value());
  ::umask(before);
  struct stat info {};
  REQUIRE(::stat(dir.path("f").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777U) == 0640U);
}

TEST_CASE("a symbolic link stays and its target is replaced") {
  const test::TempDir dir;
  const std::string target = dir.write("target", "old");
  std::filesystem::create_symlink("target", dir.path("link"));
  REQUIRE(write(dir.path("link"), "new").has_value());
  CHECK(std::filesystem::is_symlink(dir.path("link")));
  CHECK(text_of(target) == "new");
}

TEST_CASE("a device is written to, not replaced") {
  REQUIRE(write("/dev/null", "x").has_value());
  CHECK(std::filesystem::is_character_file("/dev/null"));
  const Result<void> full = write("/dev/full", "x");
  REQUIRE_FALSE(full.has_value());
  CHECK_THAT(full.error().message, test::contains("/dev/full: No space left"));
}

TEST_CASE("what cannot be written is named, the old file untouched") {
  const test::TempDir dir;
  const Result<void> absent = write(dir.path("no/such/f"), "x");
  REQUIRE_FALSE(absent.has_value());
  CHECK_THAT(absent.error().message, test::contains("no/such/f: No such file or directory"));
  const Result<void> directory = write(dir.path(""), "x");
  REQUIRE_FALSE(directory.has_value());
  CHECK_THAT(directory.error().message, test::contains("directory"));
}

}  // namespace loadline::cli
