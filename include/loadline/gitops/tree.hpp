/// A tree of patch files: what formats make, directories hold, archives carry and diffs compare.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "loadline/gitops/plan.hpp"

namespace loadline {

/// Relative path with '/' -> bytes. Every path is one that patch_path made: safe and unique on
/// case-insensitive file systems too.
using PatchFiles = std::map<std::string, std::string>;

/// Where a container stands in its pod: with it, one that was not seen is written again as it was.
struct EmittedPlace {
  ContainerType type = ContainerType::kContainer;
  std::size_t known_containers = 0;  ///< as in WorkloadPatch
  std::size_t known_init_containers = 0;

  bool operator==(const EmittedPlace&) const = default;
};
using EmittedPlaces = std::map<ContainerKey, EmittedPlace>;

struct PatchTree {
  PatchFiles files{};
  EmittedValues values{};  ///< what the files say: the next run's dead band starts from it
  /// Of the same containers; belongs into the manifest beside the values.
  EmittedOrigins origins{};
  EmittedPlaces places{};  ///< of the same; filled by make_patches

  bool operator==(const PatchTree&) const = default;
};

/// The file of a tree that says which files are loadline's, with their SHA-256, and which values
/// they hold.
inline constexpr const char* kTreeManifest = "loadline-patches.json";

}  // namespace loadline
