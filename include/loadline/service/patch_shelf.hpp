/// The patch tree that `serve` keeps in a directory (patch.output_dir): the cycle brings it up to
/// date, the web hands it out. The tree on disk is the only memory of what was emitted, so that it
/// outlives restarts and lost state.
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>

#include "loadline/gitops/patch.hpp"
#include "loadline/model/result.hpp"
#include "loadline/publish/report.hpp"

namespace loadline {

/// What bringing a tree up to date did.
struct PatchFigures {
  std::size_t created = 0;
  std::size_t updated = 0;
  std::size_t removed = 0;
  std::size_t kept = 0;    ///< files that a hand has edited
  std::size_t unseen = 0;  ///< containers that the report does not tell of and that stay

  bool operator==(const PatchFigures&) const = default;
};

/// Thread-safe. One writer; readers never wait for it.
class PatchShelf {
 public:
  /// From now on; empty: no patches.
  void use(std::string directory);
  [[nodiscard]] std::string directory() const;

  /// Writes what differs. Without a directory it does nothing. Errors name the file.
  Result<PatchFigures> update(const Report& report, const PatchSettings& settings);
  /// The tree as it lies there. nullopt while it is being written. Needs a directory.
  [[nodiscard]] Result<std::optional<PatchTree>> tree() const;

 private:
  mutable std::mutex mutex_{};  // of directory_
  std::string directory_{};
  mutable std::shared_mutex files_{};
};

}  // namespace loadline
