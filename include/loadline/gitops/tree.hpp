/// A tree of patch files: what formats make, directories hold, archives carry and diffs compare.
#pragma once

#include <map>
#include <string>

#include "loadline/gitops/plan.hpp"

namespace loadline {

/// Relative path with '/' -> bytes. Every path is one that patch_path made: safe and unique on
/// case-insensitive file systems too.
using PatchFiles = std::map<std::string, std::string>;

/// Containers that are no plain ones: a workload that was not seen is written again as it was.
using ContainerTypes = std::map<ContainerKey, ContainerType>;

struct PatchTree {
  PatchFiles files{};
  EmittedValues values{};  ///< what the files say: the next run's dead band starts from it
  ContainerTypes types{};  ///< of `values`, but for plain containers; filled by make_patches
  /// Of the same containers; belongs into the manifest beside the values.
  EmittedOrigins origins{};

  bool operator==(const PatchTree&) const = default;
};

/// The file of a tree that says which files are loadline's, with their SHA-256, and which values
/// they hold.
inline constexpr const char* kTreeManifest = "loadline-patches.json";

}  // namespace loadline
