/// Notices that a file's content has changed, as when Kubernetes swaps the files of a ConfigMap
/// mount: times and inodes say little there, the bytes say all.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace loadline::cli {

class FileWatch {
 public:
  /// An empty path never changes.
  explicit FileWatch(std::string path);
  /// True once for each change since the construction; a file that cannot be read has not changed.
  bool has_changed();

 private:
  [[nodiscard]] std::optional<std::uint64_t> look() const;

  std::string path_;
  std::optional<std::uint64_t> seen_;
};

}  // namespace loadline::cli
