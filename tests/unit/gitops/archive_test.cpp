#include "loadline/gitops/archive.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <map>

#include "support/catch.hpp"

namespace loadline {
namespace {

PatchTree sample() {
  PatchTree tree;
  tree.files = {{"kustomize/kustomization.yaml", "resources: []\n"},
                {"kustomize/shop/" + std::string(90, 'x') + "/" + std::string(120, 'y'), "long\n"},
                {"flux/patches.yaml", std::string(5000, 'z')}};
  tree.values[{{"", "shop", "Deployment", "web"}, "web"}][Resource::kCpu] = {0.25, 0.5};
  return tree;
}

struct Member {
  std::string bytes{};
  mode_t mode = 0;
  std::int64_t modified = 0;
  std::int64_t owner = 0;
};

std::map<std::string, Member> members_of(const std::string& tar) {
  archive* const reader = archive_read_new();
  archive_read_support_format_tar(reader);
  REQUIRE(archive_read_open_memory(reader, tar.data(), tar.size()) == ARCHIVE_OK);
  std::map<std::string, Member> members;
  archive_entry* entry = nullptr;
  while (archive_read_next_header(reader, &entry) == ARCHIVE_OK) {
    Member& member = members[archive_entry_pathname(entry)];
    member.bytes.resize(static_cast<std::size_t>(archive_entry_size(entry)));
    archive_read_data(reader, member.bytes.data(), member.bytes.size());
    member.mode = archive_entry_mode(entry);
    member.modified = archive_entry_mtime(entry);
    member.owner = archive_entry_uid(entry);
  }
  archive_read_free(reader);
  return members;
}

TEST_CASE("SHA-256 is the one of everybody") {
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("An archive holds the files and the manifest") {
  const Result<std::string> tar = tar_of(sample());
  REQUIRE(tar);
  const auto members = members_of(*tar);
  CHECK(members.size() == 4);
  for (const auto& [path, bytes] : sample().files) {
    INFO(path);
    REQUIRE(members.contains(path));
    CHECK(members.at(path).bytes == bytes);
    CHECK(members.at(path).mode == (S_IFREG | 0644));
    CHECK(members.at(path).modified == 315532800);
    CHECK(members.at(path).owner == 0);
  }
  CHECK(members.at("loadline-patches.json").bytes == tree_manifest(sample()));
}

TEST_CASE("The same tree is the same bytes") {
  CHECK(*tar_of(sample()) == *tar_of(sample()));
  PatchTree other = sample();
  other.files["flux/patches.yaml"] += "x";
  CHECK(*tar_of(sample()) != *tar_of(other));
}

TEST_CASE("An empty tree is an archive of its manifest") {
  const Result<std::string> tar = tar_of({});
  REQUIRE(tar);
  CHECK(members_of(*tar).size() == 1);
}

}  // namespace
}  // namespace loadline
