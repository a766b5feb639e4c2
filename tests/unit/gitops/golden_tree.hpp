/// A tree of files held against one that a person has read; LOADLINE_UPDATE_GOLDEN=1 rewrites it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "loadline/gitops/tree.hpp"
#include "support/catch.hpp"

namespace loadline::test {

inline PatchFiles read_files(const std::filesystem::path& root) {
  PatchFiles files;
  if (!std::filesystem::exists(root)) return files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    files[entry.path().lexically_relative(root).generic_string()] =
        std::string{std::istreambuf_iterator<char>(in), {}};
  }
  return files;
}

inline void write_files(const std::filesystem::path& root, const PatchFiles& files) {
  std::filesystem::remove_all(root);
  for (const auto& [path, bytes] : files) {
    std::filesystem::create_directories((root / path).parent_path());
    std::ofstream(root / path, std::ios::binary) << bytes;
  }
}

/// `name` is a folder below tests/golden/gitops: it holds these files and no others.
inline void check_golden_tree(const std::string& name, const PatchFiles& actual) {
  const std::string root = std::string(LOADLINE_SOURCE_DIR) + "/tests/golden/gitops/" + name;
  if (std::getenv("LOADLINE_UPDATE_GOLDEN") != nullptr) write_files(root, actual);
  const PatchFiles golden = read_files(root);
  for (const auto& [path, bytes] : actual) {
    INFO(name << "/" << path << " differs; LOADLINE_UPDATE_GOLDEN=1 rewrites it");
    CHECK(golden.count(path) == 1);
    if (golden.count(path) == 1) CHECK(golden.at(path) == bytes);
  }
  for (const auto& [path, bytes] : golden) {
    INFO(name << "/" << path << " is not made any more; LOADLINE_UPDATE_GOLDEN=1 removes it");
    CHECK(actual.count(path) == 1);
  }
}

}  // namespace loadline::test
