/// Names from a cluster as file names: nothing leaves the directory, no two collide.
#pragma once

#include <string>
#include <string_view>

#include "loadline/model/workload.hpp"

namespace loadline {

/// "<namespace>/<kind>-<name>", lower case, without extension; "<cluster>/" before it where there
/// is one. A part that is not a DNS label as Kubernetes makes them ([a-z0-9.-], no dot at an end,
/// at most 100 bytes, no device name of Windows) keeps its harmless characters and gets a suffix
/// from the hash of the original, so that names that differ by case or by a slash stay different.
std::string patch_path(const WorkloadKey& workload);
/// One part of such a path: a namespace, a release.
std::string patch_path_part(std::string_view name);

}  // namespace loadline
