#include "loadline/gitops/directory.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <set>

#include "loadline/gitops/archive.hpp"
#include "loadline/model/descriptor.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

namespace loadline {
namespace {

namespace fs = std::filesystem;
using test::TempDir;

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const std::string& path, const std::string& bytes) {
  fs::create_directories(fs::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
}

/// All files below, by relative path.
PatchFiles on_disk(const std::string& directory) {
  PatchFiles files;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.is_directory()) continue;
    files.emplace(fs::relative(entry.path(), directory).string(), read_file(entry.path()));
  }
  return files;
}

PatchTree tree_of(PatchFiles files) {
  PatchTree tree{.files = std::move(files)};
  for (const auto& [path, bytes] : tree.files) {
    tree.values[{{"", "shop", "Deployment", path}, "web"}][Resource::kCpu] = {
        static_cast<double>(bytes.size()), std::nullopt};
  }
  return tree;
}

PatchFiles with_manifest(const PatchTree& tree) {
  PatchFiles files = tree.files;
  files.emplace(kTreeManifest, tree_manifest(tree));
  return files;
}

OwnedTree read(const std::string& directory) {
  Result<OwnedTree> tree = read_tree(directory);
  if (!tree) FAIL(tree.error().message);
  return std::move(*tree);
}

std::vector<FileChange> write(const std::string& directory, const PatchTree& tree,
                              EditedFiles edited = EditedFiles::kKeep) {
  std::vector<FileChange> changes = changes_between(read(directory), tree, edited);
  const Result<void> written = write_tree(directory, tree, changes);
  if (!written) FAIL(written.error().message);
  return changes;
}

std::string error_of_write(const std::string& directory, const PatchTree& tree) {
  const Result<void> written =
      write_tree(directory, tree, changes_between(read(directory), tree, EditedFiles::kKeep));
  REQUIRE_FALSE(written);
  return written.error().message;
}

const PatchTree kTwo = tree_of({{"kustomize/a/one.yaml", "1\n"}, {"kustomize/b/two.yaml", "2\n"}});

TEST_CASE("An absent or empty directory is an empty tree") {
  const TempDir dir;
  CHECK(read(dir.path("absent")).tree == PatchTree{});
  CHECK(read(dir.path("")).tree == PatchTree{});
  CHECK(write(dir.path("absent"), {}).empty());
  CHECK_FALSE(fs::exists(dir.path("absent")));
}

TEST_CASE("A tree is written and read back") {
  const TempDir dir;
  const std::string out = dir.path("deep/out");
  write(out, kTwo);
  CHECK(on_disk(out) == with_manifest(kTwo));
  const OwnedTree read_back = read(out);
  CHECK(read_back.tree == kTwo);
  CHECK(read_back.edited.empty());
  CHECK(read_back.missing.empty());
  CHECK(read_back.foreign.empty());
  struct stat status {};
  REQUIRE(::stat((out + "/kustomize/a/one.yaml").c_str(), &status) == 0);
  CHECK((status.st_mode & 07777U) == 0644);
}

TEST_CASE("With nothing to change no file is touched") {
  const TempDir dir;
  const std::string out = dir.path("out");
  write(out, kTwo);
  std::map<std::string, fs::file_time_type> times;
  for (const auto& entry : fs::recursive_directory_iterator(out)) {
    fs::last_write_time(entry.path(), fs::file_time_type{});
    times[entry.path()] = fs::file_time_type{};
  }
  CHECK(write(out, kTwo).empty());
  for (const auto& entry : fs::recursive_directory_iterator(out)) {
    CHECK(fs::last_write_time(entry.path()) == times[entry.path()]);
  }
}

TEST_CASE("Updates, additions and removals are told by path") {
  const TempDir dir;
  const std::string out = dir.path("out");
  write(out, kTwo);
  const PatchTree next =
      tree_of({{"kustomize/a/one.yaml", "one\n"}, {"kustomize/c/three.yaml", "3\n"}});
  const std::vector<FileChange> changes = write(out, next);
  REQUIRE(changes.size() == 3);
  CHECK(changes[0].path == "kustomize/a/one.yaml");
  CHECK(changes[0].action == FileAction::kUpdate);
  CHECK(changes[0].before == "1\n");
  CHECK(changes[0].after == "one\n");
  CHECK(changes[1].path == "kustomize/b/two.yaml");
  CHECK(changes[1].action == FileAction::kRemove);
  CHECK(changes[2].action == FileAction::kCreate);
  CHECK(on_disk(out) == with_manifest(next));
  CHECK_FALSE(fs::exists(out + "/kustomize/b"));
}

TEST_CASE("What is not loadline's stays") {
  const TempDir dir;
  const std::string out = dir.path("out");
  write_file(out + "/README.md", "ours\n");
  write_file(out + "/kustomize/b/mine.yaml", "mine\n");
  write(out, kTwo);
  write(out, tree_of({}));
  CHECK(read_file(out + "/README.md") == "ours\n");
  CHECK(read_file(out + "/kustomize/b/mine.yaml") == "mine\n");
  CHECK_FALSE(fs::exists(out + "/kustomize/a"));
}

TEST_CASE("A file edited by hand is kept and told until it is to be overwritten") {
  const TempDir dir;
  const std::string out = dir.path("out");
  write(out, kTwo);
  write_file(out + "/kustomize/a/one.yaml", "hand\n");
  CHECK(read(out).edited == std::vector<std::string>{"kustomize/a/one.yaml"});
  for (int run = 0; run < 2; ++run) {
    const std::vector<FileChange> changes = write(out, kTwo);
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].action == FileAction::kKeepEdited);
    CHECK(changes[0].before == "hand\n");
    CHECK(changes[0].after == "1\n");
    CHECK(read_file(out + "/kustomize/a/one.yaml") == "hand\n");
  }
  const std::vector<FileChange> changes = write(out, kTwo, EditedFiles::kOverwrite);
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].action == FileAction::kUpdate);
  CHECK(on_disk(out) == with_manifest(kTwo));
}

TEST_CASE("A file edited by hand outlives its workload") {
  const TempDir dir;
  const std::string out = dir.path("out");
  write(out, kTwo);
  write_file(out + "/kustomize/a/one.yaml", "hand\n");
  const std::vector<FileChange> changes = write(out, tree_of({{"kustomize/b/two.yaml", "2\n"}}));
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].action == FileAction::kKeepEdited);
  CHECK(read_file(out + "/kustomize/a/one.yaml") == "hand\n");
  write(out, kTwo, EditedFiles::kOverwrite);
  write_file(out + "/kustomize/a/one.yaml", "hand\n");
  write(out, tree_of({{"kustomize/b/two.yaml", "2\n"}}), EditedFiles::kOverwrite);
  CHECK_FALSE(fs::exists(out + "/kustomize/a"));
}

TEST_CASE("A hand that wrote what we would write is no edit") {
  const TempDir dir;
  const std::string out = dir.path("out");
  write(out, kTwo);
  PatchTree next = kTwo;
  next.files["kustomize/a/one.yaml"] = "new\n";
  write_file(out + "/kustomize/a/one.yaml", "new\n");
  CHECK(write(out, next).empty());
  CHECK(read(out).edited.empty());
  CHECK(on_disk(out) == with_manifest(next));
}

TEST_CASE("A file of others where one of ours belongs is kept and told") {
  const TempDir dir;
  const std::string out = dir.path("out");
  write_file(out + "/kustomize/a/one.yaml", "theirs\n");
  for (int run = 0; run < 2; ++run) {
    const std::vector<FileChange> changes = write(out, kTwo);
    REQUIRE_FALSE(changes.empty());
    CHECK(changes[0].action == FileAction::kKeepEdited);
    CHECK(read_file(out + "/kustomize/a/one.yaml") == "theirs\n");
  }
  write(out, tree_of({}));
  CHECK(read_file(out + "/kustomize/a/one.yaml") == "theirs\n");
  write(out, kTwo, EditedFiles::kOverwrite);
  CHECK(on_disk(out) == with_manifest(kTwo));
}

TEST_CASE("A file that vanished is made again") {
  const TempDir dir;
  const std::string out = dir.path("out");
  write(out, kTwo);
  fs::remove(out + "/kustomize/a/one.yaml");
  CHECK(read(out).missing == std::vector<std::string>{"kustomize/a/one.yaml"});
  const std::vector<FileChange> changes = write(out, kTwo);
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].action == FileAction::kCreate);
  CHECK(on_disk(out) == with_manifest(kTwo));
}

TEST_CASE("A symbolic link is not followed") {
  const TempDir dir;
  const std::string out = dir.path("out");
  const std::string outside = dir.path("outside");
  write(out, kTwo);
  write_file(outside + "/one.yaml", "1\n");

  SECTION("a file: it is a hand's work, and replaced itself") {
    fs::remove(out + "/kustomize/a/one.yaml");
    fs::create_symlink(outside + "/one.yaml", out + "/kustomize/a/one.yaml");
    CHECK(read(out).edited == std::vector<std::string>{"kustomize/a/one.yaml"});
    PatchTree next = kTwo;
    next.files["kustomize/a/one.yaml"] = "new\n";
    write(out, next, EditedFiles::kOverwrite);
    CHECK(fs::is_regular_file(fs::symlink_status(out + "/kustomize/a/one.yaml")));
    CHECK(read_file(outside + "/one.yaml") == "1\n");
  }
  SECTION("a folder: nothing is read, removed or written there") {
    fs::remove_all(out + "/kustomize/a");
    fs::create_directory_symlink(outside, out + "/kustomize/a");
    CHECK(read(out).missing == std::vector<std::string>{"kustomize/a/one.yaml"});
    CHECK_THAT(error_of_write(out, kTwo), Catch::Matchers::EndsWith("so move it away"));
    write(out, tree_of({{"kustomize/b/two.yaml", "2\n"}}));
    CHECK(read_file(outside + "/one.yaml") == "1\n");
  }
  SECTION("a manifest: what it is a link to is not loadline's") {
    fs::rename(out + "/loadline-patches.json", outside + "/loadline-patches.json");
    fs::create_symlink(outside + "/loadline-patches.json", out + "/loadline-patches.json");
    const Result<OwnedTree> tree = read_tree(out);
    REQUIRE_FALSE(tree);
    CHECK(tree.error().kind == ErrorKind::kCorrupt);
  }
}

TEST_CASE("A manifest that names a file outside removes nothing") {
  const TempDir dir;
  const std::string out = dir.path("out");
  write_file(dir.path("victim"), "x");
  for (const char* path : {"../victim", "/etc/hostname", "a/../../victim", ".git/config"}) {
    write_file(out + "/loadline-patches.json",
               R"({"schema": "loadline/patches.v1", "values": [], "files": {")" +
                   std::string(path) + R"(": ")" + sha256_hex("x") + "\"}}");
    const Result<OwnedTree> tree = read_tree(out);
    REQUIRE_FALSE(tree);
    CHECK(tree.error().kind == ErrorKind::kCorrupt);
  }
  CHECK(fs::exists(dir.path("victim")));
}

TEST_CASE("A folder where a file belongs is told") {
  const TempDir dir;
  const std::string out = dir.path("out");
  fs::create_directories(out + "/kustomize/a/one.yaml");
  CHECK_THAT(error_of_write(out, kTwo),
             Catch::Matchers::EndsWith(
                 "something stands there that is not loadline's; move it away, or run again if it "
                 "is new"));
}

TEST_CASE("A file that changed since it was read is not written over") {
  const TempDir dir;
  const std::string out = dir.path("out");
  write(out, kTwo);
  PatchTree next = kTwo;
  next.files["kustomize/a/one.yaml"] = "new\n";
  const std::vector<FileChange> changes = changes_between(read(out), next, EditedFiles::kKeep);
  write_file(out + "/kustomize/a/one.yaml", "hand\n");
  const Result<void> written = write_tree(out, next, changes);
  REQUIRE_FALSE(written);
  CHECK_THAT(written.error().message,
             Catch::Matchers::EndsWith("one.yaml was changed a moment ago; run again"));
  CHECK(read_file(out + "/kustomize/a/one.yaml") == "hand\n");
  CHECK(write(out, next).at(0).action == FileAction::kKeepEdited);
}

TEST_CASE("What a dead writer announced is its own, and another tree takes its place") {
  const TempDir dir;
  const std::string out = dir.path("out");
  write(out, kTwo);
  const PatchTree dead = tree_of({{"kustomize/a/one.yaml", "half way\n"},
                                  {"kustomize/b/two.yaml", "not reached\n"},
                                  {"kustomize/new/three.yaml", "3\n"}});
  // The writer died between its files, on the way to the next one.
  write_file(out + "/loadline-patches.json.next", tree_manifest(dead));
  write_file(out + "/kustomize/a/one.yaml", "half way\n");
  write_file(out + "/kustomize/new/three.yaml", "3\n");
  write_file(out + "/.loadline-patches.tmp", "not rea");
  const OwnedTree owned = read(out);
  CHECK(owned.edited.empty());
  CHECK(owned.missing.empty());
  CHECK(owned.foreign.empty());
  CHECK(owned.tree.values == kTwo.values);

  SECTION("the same tree is completed") {
    write(out, dead);
    CHECK(on_disk(out) == with_manifest(dead));
  }
  SECTION("another one is written") {
    write(out, kTwo);
    CHECK(on_disk(out) == with_manifest(kTwo));
    CHECK_FALSE(fs::exists(out + "/kustomize/new"));
  }
  SECTION("a hand that came in between is heeded") {
    write_file(out + "/kustomize/new/three.yaml", "hand\n");
    CHECK(read(out).edited == std::vector<std::string>{"kustomize/new/three.yaml"});
    write(out, kTwo);
    CHECK(read_file(out + "/kustomize/new/three.yaml") == "hand\n");
  }
}

TEST_CASE("Traces of a dead writer go even where nothing is to change") {
  const TempDir dir;
  const std::string out = dir.path("out");
  write(out, kTwo);
  for (const char* trace : {"/.loadline-patches.tmp", "/loadline-patches.json.next"}) {
    write_file(out + trace, tree_manifest(kTwo));
    CHECK(write(out, kTwo).empty());
    CHECK(on_disk(out) == with_manifest(kTwo));
  }
}

TEST_CASE("Two writers do not write at once") {
  const TempDir dir;
  const std::string out = dir.path("out");
  write(out, kTwo);
  const Descriptor other(::open(out.c_str(), O_RDONLY | O_DIRECTORY));
  REQUIRE(::flock(other.get(), LOCK_EX) == 0);
  CHECK_THAT(error_of_write(out, tree_of({})),
             Catch::Matchers::StartsWith("another loadline is writing to "));
  CHECK(on_disk(out) == with_manifest(kTwo));
}

TEST_CASE("A directory that cannot be made is an error") {
  const TempDir dir;
  write_file(dir.path("file"), "x");
  const Result<void> written = write_tree(dir.path("file/out"), kTwo, {});
  REQUIRE_FALSE(written);
  CHECK_THAT(written.error().message, Catch::Matchers::StartsWith("cannot open directory "));
}

/// What a writer that dies may be on the way between.
std::vector<PatchTree> stages() {
  std::vector<PatchTree> trees(3);
  for (std::size_t i = 0; i < 20; ++i) {
    const std::string name = "kustomize/n" + std::to_string(i) + "/w.yaml";
    for (std::size_t t = 0; t < trees.size(); ++t) {
      if ((i + t) % 3 == 0) continue;
      trees[t].files[name] = std::string(2000 + i, static_cast<char>('a' + t)) + "\n";
    }
  }
  for (PatchTree& tree : trees) tree = tree_of(tree.files);
  return trees;
}

/// Never returns; goes from tree to tree until it is killed.
[[noreturn]] void write_for_ever(const std::string& directory, const std::vector<PatchTree>& trees,
                                 std::size_t first) {
  for (std::size_t i = first;; ++i) {
    const PatchTree& tree = trees[i % trees.size()];
    const Result<OwnedTree> old = read_tree(directory);
    if (!old || !old->edited.empty()) ::_exit(1);
    const auto changes = changes_between(*old, tree, EditedFiles::kKeep);
    if (!write_tree(directory, tree, changes)) ::_exit(1);
  }
}

/// Every file is one that some tree holds; nothing is half.
void check_whole(const std::string& directory, const std::vector<PatchTree>& trees) {
  for (const auto& [path, bytes] : on_disk(directory)) {
    if (path.find("loadline-patches") != std::string::npos) continue;
    INFO(path);
    const std::string& content = bytes;
    CHECK(std::any_of(trees.begin(), trees.end(), [&, &name = path](const PatchTree& tree) {
      const auto found = tree.files.find(name);
      return found != tree.files.end() && found->second == content;
    }));
  }
}

bool has_empty_folder(const std::string& directory) {
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.is_directory() && fs::is_empty(entry.path())) return true;
  }
  return false;
}

/// Starts a writer and kills it a while after it began.
void kill_a_writer(const std::string& directory, const std::vector<PatchTree>& trees,
                   std::size_t first, std::chrono::microseconds after) {
  int ready[2] = {-1, -1};
  REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    if (::write(ready[1], "", 1) == 1) write_for_ever(directory, trees, first);
    ::_exit(1);
  }
  char byte = 0;
  REQUIRE(::read(ready[0], &byte, 1) == 1);
  ::usleep(static_cast<useconds_t>(after.count()));
  ::kill(child, SIGKILL);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  ::close(ready[0]);
  ::close(ready[1]);
}

/// Writes a tree to the end; how long that takes here and now.
std::chrono::microseconds complete(const std::string& directory, const PatchTree& wanted) {
  const auto begin = std::chrono::steady_clock::now();
  write(directory, wanted);
  const auto end = std::chrono::steady_clock::now();
  CHECK(on_disk(directory) == with_manifest(wanted));
  CHECK_FALSE(has_empty_folder(directory));
  return std::chrono::duration_cast<std::chrono::microseconds>(end - begin);
}

TEST_CASE("A writer that is killed leaves old or new files and the next one completes the tree") {
  // Kills, not power cuts: no disk need be waited for.
  if (::access("/dev/shm", W_OK) == 0) ::setenv("TMPDIR", "/dev/shm", 1);
  const TempDir dir;
  const std::string out = dir.path("out");
  const std::vector<PatchTree> trees = stages();
  std::mt19937 random(20);
  std::chrono::microseconds write_takes = complete(out, trees[0]);
  constexpr std::size_t kLeastInterrupted = 3;
  std::size_t interrupted = 0;
  // A slow machine, or a build with sanitizers, spends less of its time between the two manifests.
  for (std::size_t kill = 0; kill < 220 || (interrupted < kLeastInterrupted && kill < 2'000);
       ++kill) {
    kill_a_writer(out, trees, kill + 1, write_takes * (random() % 1000) / 250);
    check_whole(out, trees);
    if (fs::exists(out + "/loadline-patches.json.next")) ++interrupted;
    CHECK(read(out).edited.empty());
    // Now and then the next writer dies too.
    if (random() % 3 != 0) write_takes = complete(out, trees[random() % trees.size()]);
  }
  CHECK(interrupted >= kLeastInterrupted);
}

}  // namespace
}  // namespace loadline
