/// A patch tree on disk: read, compared, written so that a reader and a crash see the old or the
/// new of each file, never half of one, and never touches what is not loadline's.
#pragma once

#include <string>
#include <vector>

#include "loadline/gitops/tree.hpp"
#include "loadline/model/result.hpp"

namespace loadline {

/// What a directory holds of loadline's.
struct OwnedTree {
  PatchTree tree{};                    ///< as the manifest remembers it; files as they are on disk
  std::vector<std::string> edited{};   ///< on disk other than as written: a hand was here
  std::vector<std::string> missing{};  ///< in the manifest, not on disk
  /// Files that are not loadline's but lie in the formats' folders, where one of its may belong.
  PatchFiles foreign{};
};

/// An absent or empty directory is an empty tree. Fails with kCorrupt where the manifest cannot be
/// read (or names a path outside the directory), with kInvalidInput where a newer
/// loadline wrote it; the sentence says what to do.
Result<OwnedTree> read_tree(const std::string& directory);

enum class FileAction { kCreate, kUpdate, kRemove, kKeepEdited };
struct FileChange {
  std::string path{};
  FileAction action = FileAction::kCreate;
  std::string before{};
  std::string after{};
};
enum class EditedFiles { kKeep, kOverwrite };

/// What writing would do, sorted by path; nothing where the tree is as it should be. A file that
/// was edited by hand, or that lies where a new one belongs and is not loadline's, is kept and told
/// (kKeepEdited), unless they are to be overwritten. Pure.
std::vector<FileChange> changes_between(const OwnedTree& old, const PatchTree& tree,
                                        EditedFiles edited);

/// A unified diff of the changes, `diff -u` and `git apply` style ("a/", "b/", /dev/null); control
/// bytes of a terminal are not in it: files hold none.
std::string unified_diff(const std::vector<FileChange>& changes);

/// Does the changes and writes the manifest last, each by a temporary file and a rename, folders
/// that became empty removed. Follows no symbolic link inside the directory. A crash in between
/// leaves a tree that the next call completes. With nothing to change it touches no file.
Result<void> write_tree(const std::string& directory, const PatchTree& tree,
                        const std::vector<FileChange>& changes);

}  // namespace loadline
