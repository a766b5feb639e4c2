#include <random>
#include <sstream>

#include "loadline/gitops/directory.hpp"
#include "support/catch.hpp"

namespace loadline {
namespace {

std::string update(std::string before, std::string after) {
  return unified_diff({{.path = "a.yaml",
                        .action = FileAction::kUpdate,
                        .before = std::move(before),
                        .after = std::move(after)}});
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// Applies the hunks of a diff of one file by the book: every context line must be where the head
/// of its hunk says.
std::string applied(const std::vector<std::string>& old_lines, const std::string& diff) {
  std::vector<std::string> result;
  std::size_t at = 0;
  for (const std::string& line : lines_of(diff)) {
    if (line.starts_with("@@ -")) {
      std::size_t begin = std::stoul(line.substr(4));
      const std::string range = line.substr(4, line.find(' ', 4) - 4);
      if (!range.ends_with(",0")) --begin;
      REQUIRE(begin >= at);
      while (at < begin) result.push_back(old_lines.at(at++));
      const std::string added = line.substr(line.find('+') + 1);
      const std::size_t there =
          std::stoul(added) - (added.find(",0 ") == std::string::npos ? 1 : 0);
      CHECK(result.size() == there);
    } else if (line.starts_with(' ') || (line.starts_with('-') && !line.starts_with("---"))) {
      REQUIRE(old_lines.at(at) == line.substr(1));
      if (line[0] == ' ') result.push_back(line.substr(1));
      ++at;
    } else if (line.starts_with('+') && !line.starts_with("+++")) {
      result.push_back(line.substr(1));
    }
  }
  while (at < old_lines.size()) result.push_back(old_lines.at(at++));
  std::string text;
  for (const std::string& line : result) text += line + "\n";
  return text;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

TEST_CASE("A changed line stands between three lines of context") {
  CHECK(update("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n") ==
        "diff --git a/a.yaml b/a.yaml\n--- a/a.yaml\n+++ b/a.yaml\n"
        "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST_CASE("New and removed files are those of git") {
  CHECK(unified_diff({{.path = "x/new.yaml", .action = FileAction::kCreate, .after = "a\nb\n"},
                      {.path = "x/old.yaml", .action = FileAction::kRemove, .before = "c\n"},
                      {.path = "x/kept.yaml",
                       .action = FileAction::kKeepEdited,
                       .before = "mine\n",
                       .after = "ours\n"}}) ==
        "diff --git a/x/new.yaml b/x/new.yaml\nnew file mode 100644\n--- /dev/null\n"
        "+++ b/x/new.yaml\n@@ -0,0 +1,2 @@\n+a\n+b\n"
        "diff --git a/x/old.yaml b/x/old.yaml\ndeleted file mode 100644\n--- a/x/old.yaml\n"
        "+++ /dev/null\n@@ -1 +0,0 @@\n-c\n");
  CHECK(unified_diff({}).empty());
}

TEST_CASE("Changes far apart are hunks of their own and near ones are one") {
  std::vector<std::string> lines;
  for (int i = 1; i <= 40; ++i) lines.push_back(std::to_string(i));
  std::vector<std::string> far = lines;
  far[4] = "x";
  far[30] = "y";
  const std::string diff = update(joined(lines), joined(far));
  CHECK(diff.find("@@ -2,7 +2,7 @@") != std::string::npos);
  CHECK(diff.find("@@ -28,7 +28,7 @@") != std::string::npos);
  std::vector<std::string> near = lines;
  near[4] = "x";
  near[11] = "y";
  CHECK(update(joined(lines), joined(near)).find("@@ -2,14 +2,14 @@") != std::string::npos);
  near[11] = "12";
  near[12] = "y";
  CHECK(update(joined(lines), joined(near)).find("@@ -10,7 +10,7 @@") != std::string::npos);
}

TEST_CASE("A file without a last line end says so") {
  CHECK(update("a\nb", "a\nb\n") ==
        "diff --git a/a.yaml b/a.yaml\n--- a/a.yaml\n+++ b/a.yaml\n"
        "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n");
}

TEST_CASE("Random changes apply and give the new text") {
  std::mt19937 random(4);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::string> before;
    for (std::size_t i = random() % 60; i > 0; --i) {
      before.push_back("l" + std::to_string(random() % 12));
    }
    std::vector<std::string> after = before;
    for (std::size_t i = random() % 8; i > 0; --i) {
      const auto at = after.empty() ? 0 : static_cast<std::ptrdiff_t>(random() % after.size());
      if (random() % 2 == 0 && !after.empty()) {
        after.erase(after.begin() + at);
      } else {
        after.insert(after.begin() + at, "l" + std::to_string(random() % 12));
      }
    }
    const std::string diff = update(joined(before), joined(after));
    INFO(diff);
    CHECK(applied(before, diff) == joined(after));
  }
}

TEST_CASE("An index of a large fleet with few changes gives a short diff") {
  std::vector<std::string> before;
  for (int i = 0; i < 20'000; ++i) {
    before.push_back("  - path: shop/deployment-" + std::to_string(i) + ".yaml");
    before.emplace_back("    target:");
    before.emplace_back("      kind: Deployment");
  }
  std::vector<std::string> after = before;
  after.erase(after.begin() + 9, after.begin() + 12);
  after.insert(after.end() - 6, "  - path: shop/deployment-new.yaml");
  const std::string diff = update(joined(before), joined(after));
  CHECK(lines_of(diff).size() < 40);
  CHECK(applied(before, diff) == joined(after));
}

TEST_CASE("Texts that have nothing in common are replaced") {
  std::vector<std::string> before(3000, "a");
  std::vector<std::string> after(3000, "b");
  CHECK(applied(before, update(joined(before), joined(after))) == joined(after));
}

}  // namespace
}  // namespace loadline
