/// RFC 6902: operations on a container by its index.
#pragma once

#include "gitops/format_output.hpp"
#include "gitops/kinds.hpp"
#include "gitops/yaml_text.hpp"

namespace loadline::gitops {

/// The operations for one workload, a list; empty where nothing can be said. Containers whose index
/// or whose existing values are not certain are left out and told to `output`, the others are said.
///
/// A `test` of the container's name stands first, so that a wrong index fails the build instead of
/// patching a neighbour. Where a whole map is added, a `test` that nothing is there (null, which
/// kustomize and kubectl take for "missing") keeps, say, a limit of GPUs from being overwritten.
Yaml json6902_operations(FormatOutput& output, const KindRule& rule, const WorkloadPatch& workload,
                         const FormatOptions& options);

}  // namespace loadline::gitops
