/// Names from a cluster as file names: nothing leaves the directory, no two collide.
#pragma once

#include <string>
#include <string_view>

#include "loadline/model/workload.hpp"

namespace loadline {

/// "<namespace>/<kind>-<name>", lower case, without extension; "<cluster>/" before it where there
/// is one. Kinds other than Kubernetes' own (and Rollout) carry a hash, so that none that differs
/// by case is the same.
std::string patch_path(const WorkloadKey& workload);
/// One part of such a path: a namespace, a release. A part that is a name as Kubernetes makes them
/// (letters a to z, digits, '-' and '.', a letter or digit at both ends, no ".." inside, at most
/// 100 bytes) and that means nothing by itself (no device name of Windows, no "kustomization", no
/// ".yaml", ".yml" or ".json" at its end) stays. Any other keeps the first 40 of its harmless
/// characters and gets "_" and 128 bits of the SHA-256 of the original, so that names that differ
/// by case or by a slash stay different; no other part has a "_".
std::string patch_path_part(std::string_view name);

}  // namespace loadline
