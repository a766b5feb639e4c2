#include <algorithm>
#include <set>

#include "loadline/gitops/directory.hpp"

namespace loadline {
namespace {

/// All that may change, in order.
std::set<std::string> paths_of(const OwnedTree& old, const PatchTree& tree) {
  std::set<std::string> paths;
  for (const auto& [path, bytes] : old.tree.files) paths.insert(path);
  for (const auto& [path, bytes] : tree.files) paths.insert(path);
  return paths;
}

const std::string* find(const PatchFiles& files, const std::string& path) {
  const auto found = files.find(path);
  return found == files.end() ? nullptr : &found->second;
}

bool contains(const std::vector<std::string>& paths, const std::string& path) {
  return std::binary_search(paths.begin(), paths.end(), path);
}

FileAction action_of(const std::string* on_disk, const std::string* wanted) {
  if (on_disk == nullptr) return FileAction::kCreate;
  return wanted == nullptr ? FileAction::kRemove : FileAction::kUpdate;
}

}  // namespace

std::vector<FileChange> changes_between(const OwnedTree& old, const PatchTree& tree,
                                        EditedFiles edited) {
  std::vector<std::string> by_hand = old.edited;
  std::sort(by_hand.begin(), by_hand.end());
  std::vector<FileChange> changes;
  for (const std::string& path : paths_of(old, tree)) {
    const std::string* const owned = find(old.tree.files, path);
    const std::string* const foreign = find(old.foreign, path);
    const std::string* const on_disk = owned != nullptr ? owned : foreign;
    const std::string* const wanted = find(tree.files, path);
    if (on_disk != nullptr && wanted != nullptr && *on_disk == *wanted) continue;
    const bool is_kept = edited == EditedFiles::kKeep &&
                         (contains(by_hand, path) || (owned == nullptr && foreign != nullptr));
    changes.push_back({.path = path,
                       .action = is_kept ? FileAction::kKeepEdited : action_of(on_disk, wanted),
                       .before = on_disk != nullptr ? *on_disk : "",
                       .after = wanted != nullptr ? *wanted : ""});
  }
  return changes;
}

}  // namespace loadline
