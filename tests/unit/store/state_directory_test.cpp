#include "store/state_directory.hpp"

#include <sys/stat.h>

#include "loadline/store/profile_store.hpp"
#include "processes.hpp"
#include "support/catch.hpp"
#include "support/matchers.hpp"
#include "support/temp_dir.hpp"

namespace loadline {
namespace {

using test::TempDir;

std::string why_not(const std::string& directory) {
  const auto path = prepare_state_file(directory);
  if (path) return "no error: " + *path;
  CHECK(path.error().kind == ErrorKind::kInvalidInput);
  return path.error().message;
}

std::string why_not_as_other(const std::string& directory) {
  return test::as_other_user([&] {
    const auto opened = open_store(directory, TimePoint{});
    if (opened) return std::string("no error");
    return (opened.error().kind == ErrorKind::kInvalidInput ? "" : "wrong kind: ") +
           opened.error().message;
  });
}

void allow(const std::string& path, mode_t mode) {
  REQUIRE(::chmod(path.c_str(), mode) == 0);
}

}  // namespace

TEST_CASE("missing directories are made, a trailing slash does no harm") {
  const TempDir dir;
  for (const char* name : {"a/b/c", "d/", "e/./f//"}) {
    CAPTURE(name);
    const auto path = prepare_state_file(dir.path(name));
    REQUIRE(path.has_value());
    CHECK(std::filesystem::is_regular_file(*path));
  }
}

TEST_CASE("what stands in the way of directory or file is named") {
  const TempDir dir;
  dir.write("file", "x");
  CHECK_THAT(why_not(dir.path("file")), test::contains("file: it is no directory"));
  CHECK_THAT(why_not(dir.path("file/below")), test::contains("Not a directory"));
  std::filesystem::create_directories(dir.path("s/loadline.db"));
  CHECK_THAT(why_not(dir.path("s")), test::contains("loadline.db: it is no regular file; move"));
  std::filesystem::create_directories(dir.path("p"));
  REQUIRE(::mkfifo(dir.path("p/loadline.db").c_str(), 0600) == 0);
  CHECK_THAT(why_not(dir.path("p")), test::contains("it is no regular file"));
  std::filesystem::create_directories(dir.path("l"));
  std::filesystem::create_symlink("nowhere", dir.path("l/loadline.db"));
  CHECK_THAT(why_not(dir.path("l")), test::contains("No such file or directory; remove it"));
}

TEST_CASE("without permission the message names the path and what to do") {
  const TempDir dir;
  allow(dir.path(""), 0755);
  std::filesystem::create_directories(dir.path("state"));
  allow(dir.path("state"), 0555);
  for (const char* name : {"state", "state/deeper"}) {
    const std::string message = why_not_as_other(dir.path(name));
    CHECK_THAT(message, test::contains("Permission denied; make it writable for this user"));
    CHECK_THAT(message, test::contains(dir.path(name)));
  }
  allow(dir.path("state"), 0755);
}

TEST_CASE("a file that this user may only read is named") {
  const TempDir dir;
  allow(dir.path(""), 0755);
  std::filesystem::create_directories(dir.path("state"));
  allow(dir.path("state"), 0777);
  dir.write("state/loadline.db", "");
  allow(dir.path("state/loadline.db"), 0444);
  const std::string message = why_not_as_other(dir.path("state"));
  CHECK_THAT(message, test::contains("loadline.db: Permission denied; make it writable"));
}

}  // namespace loadline
