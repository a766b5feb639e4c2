/// From recommendations and what a tree holds to what the tree should hold: the one composition
/// that the command, the daemon's directory and the API share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "loadline/config/config.hpp"
#include "loadline/gitops/directory.hpp"
#include "loadline/gitops/formats.hpp"
#include "loadline/gitops/plan.hpp"
#include "loadline/model/result.hpp"

namespace loadline {

struct PatchSettings {
  PatchPolicy policy{};
  FormatOptions formats{};
  EditedFiles edited = EditedFiles::kKeep;
  /// Which workloads the rows are of, as the configuration chooses them: all others are unseen.
  std::vector<std::string> namespaces{};
  std::vector<std::string> exclude_namespaces{};
  int total_shards = 1;
  int shard = 0;
};

/// patch.* and the namespaces of a configuration; reads the mapping file of helm-values. Shards,
/// manifests and `edited` are the caller's. kInvalidInput with file and line.
Result<PatchSettings> patch_settings(const Config& config);

/// A YAML list of {namespace, workload, container, release, path}, strict: an unknown key or a
/// missing one is kInvalidInput with file and line. `container` may be left out.
Result<std::vector<HelmMapping>> parse_helm_mapping(std::string_view yaml,
                                                    std::string_view file_name);

/// What the user's manifests say of the workloads, for FormatOptions::manifests: every *.yaml,
/// *.yml and *.json of a directory, or one file. A manifest that names no namespace stands for any,
/// where none names it. kInvalidInput where a file is no YAML, or where two different manifests are
/// of one workload.
Result<ManifestPods> manifest_pods(const std::string& directory,
                                   const std::vector<CustomKind>& kinds,
                                   const std::vector<WorkloadKey>& workloads);

/// Whether the rows hold all that the cluster has (Report::incomplete is empty).
enum class Completeness { kComplete, kIncomplete };

struct PatchOutcome {
  PatchPlan plan{};
  PatchTree tree{};
  std::vector<FileChange> changes{};
  std::vector<Unpatched> unpatched{};  ///< the plan's and the formats', sorted by key
  /// Containers of the tree that were not seen, and stay as they are.
  std::vector<ContainerKey> unseen{};
};

/// A container of the tree that is not among the rows is gone, and so is its patch -- but where the
/// rows cannot know: in namespaces and shards that were not read, in a cluster of which nothing was
/// read, and after an incomplete read. There it is unseen and stays with its values, byte for byte.
/// Pure.
PatchOutcome make_patches(const std::vector<Recommendation>& rows, const OwnedTree& owned,
                          const PatchSettings& settings, Completeness completeness);

}  // namespace loadline
