#include "prometheus/secret_file.hpp"

#include <sys/stat.h>

#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/matchers.hpp"
#include "support/temp_dir.hpp"

namespace loadline {
namespace {

using test::contains;
using test::ends_with;
using test::TempDir;

Result<std::string> read_back(std::string_view content) {
  const TempDir dir;
  return read_secret_file(dir.write("secret", content), "prometheus.x_file");
}

TEST_CASE("secret file: only newlines at the end are taken off") {
  struct Row {
    std::string content{};
    std::string secret{};
  };
  for (const Row& row :
       {Row{"abc", "abc"}, Row{"abc\n", "abc"}, Row{"abc\r\n", "abc"}, Row{"abc\n\n", "abc"},
        Row{" a b \n", " a b "}, Row{"\xc3\xa9", "\xc3\xa9"}, Row{"a\tb", "a\tb"}}) {
    CHECK(read_back(row.content) == row.secret);
  }
}

TEST_CASE("secret file: what cannot be a secret is refused and never quoted") {
  struct Row {
    std::string content{};
    std::string says{};
  };
  const std::vector<Row> rows = {
      {"", "it is empty"},
      {"\n", "it is empty"},
      {"hidden\nX-Admin: 1", "it holds a line break or another control character"},
      {"hidden\rmore", "it holds a line break or another control character"},
      {std::string("hid\0den", 7), "it holds a line break or another control character"},
      {"hidden\x7f", "it holds a line break or another control character"},
      {std::string(65'537, 'h'), "it is over 64 KiB"},
      {std::string(1'000'000, 'h'), "it is over 64 KiB"},
  };
  for (const Row& row : rows) {
    const auto secret = read_back(row.content);
    REQUIRE_FALSE(secret);
    CHECK(secret.error().kind == ErrorKind::kInvalidInput);
    CHECK_THAT(secret.error().message, ends_with(row.says + "; check prometheus.x_file"));
    CHECK_THAT(secret.error().message, !contains("hidden") && !contains("hhh"));
  }
}

TEST_CASE("secret file: 64 KiB are the most") {
  CHECK(read_back(std::string(65'536, 'h'))->size() == 65'536);
}

TEST_CASE("secret file: neither directory nor FIFO nor nothing is a secret") {
  const TempDir dir;
  REQUIRE(::mkfifo(dir.path("fifo").c_str(), 0600) == 0);
  CHECK(read_secret_file(dir.path("fifo"), "s").error().message ==
        "cannot use " + dir.path("fifo") + ": it is not a regular file; check s");
  CHECK(read_secret_file(dir.path("."), "s").error().message ==
        "cannot use " + dir.path(".") + ": it is not a regular file; check s");
  CHECK(read_secret_file(dir.path("none"), "s").error().message ==
        "cannot use " + dir.path("none") + ": No such file or directory; check s");
}

}  // namespace
}  // namespace loadline
