/// Files below one directory, reached part by part without following a symbolic link: whatever a
/// repository holds, nothing outside of the directory is read or written.
///
/// Not thread-safe. Paths are relative, with '/', and safe (is_safe_path) or one of our own names.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "loadline/gitops/tree.hpp"
#include "loadline/model/descriptor.hpp"
#include "loadline/model/result.hpp"

namespace loadline {

/// The one temporary file; a crash leaves it, the next writer removes it.
inline constexpr const char* kTemporaryFile = ".loadline-patches.tmp";

class Folder {
 public:
  enum class IfAbsent { kNone, kCreate };
  /// Opens the directory, which may itself be a symbolic link. nullptr where there is none and none
  /// is to be made.
  static Result<std::unique_ptr<Folder>> open(const std::string& directory, IfAbsent if_absent);
  Folder(std::string directory, int fd);

  enum class Kind { kAbsent, kFile, kOther };  ///< other: a link, a folder, a device
  struct Content {
    Kind kind = Kind::kAbsent;
    std::string bytes{};  ///< of a file
  };
  /// What is behind a link or under a file is absent. Fails where a file cannot be read or is
  /// larger than 256 MiB.
  [[nodiscard]] Result<Content> read(const std::string& path) const;

  /// Every file below a folder, and what is no file as empty; nothing where there is no folder.
  [[nodiscard]] Result<PatchFiles> read_below(const std::string& path) const;

  enum class Existing { kRefuse, kReplace };
  /// Puts a new file, mode 0644, in the place of what is there; it is synced before it is seen.
  /// Folders are made.
  Result<void> write(const std::string& path, std::string_view bytes, Existing existing);
  /// Between two names in the directory itself.
  Result<void> rename(const char* from, const char* to);
  /// No failure where it is absent.
  Result<void> remove(const std::string& path);
  /// Removes the folders on the way to `path` that hold nothing.
  void remove_empty_parents(const std::string& path);

  /// Until the Folder dies; fails where another process holds it.
  Result<void> lock();

 private:
  [[nodiscard]] tl::unexpected<Error> failed(std::string_view doing, std::string_view path,
                                             int error) const;

  std::string directory_;
  Descriptor root_;
};

}  // namespace loadline
