/// Do the patches do to the user's own manifests what they are for, and nothing else?
///
/// A strategic merge silently appends a container whose name is wrong; a patch with a target that
/// matches nothing is silently no patch. Both are found here, before a merge.
#pragma once

#include <string>
#include <vector>

#include "loadline/gitops/formats.hpp"
#include "loadline/model/result.hpp"

namespace loadline {

struct VerifyFinding {
  std::string file{};     ///< the patch, relative to the patch directory
  std::string subject{};  ///< "shop/Deployment/web, container web"
  std::string problem{};  ///< one sentence with the next step

  bool operator==(const VerifyFinding&) const = default;
};

struct VerifyResult {
  std::size_t patches = 0;
  std::size_t manifests = 0;              ///< workloads found
  std::vector<VerifyFinding> findings{};  ///< sorted; empty: good
};

/// Reads every *.yaml, *.yml and *.json below `manifests` (plain objects, Lists, several documents
/// a file) and every file of the patch tree, and applies each patch to a copy in memory. Findings:
/// no target, a container added, anything but resources touched, request above limit, an index
/// whose `test` does not hold. helm-values and vpa trees have nothing to apply to manifests: for
/// vpa the target and the containers must exist. Fails with kInvalidInput where a manifest is no
/// YAML or `patches` holds no patch tree.
Result<VerifyResult> verify_patches(const std::string& patches, const std::string& manifests,
                                    const std::vector<CustomKind>& kinds = {});

}  // namespace loadline
