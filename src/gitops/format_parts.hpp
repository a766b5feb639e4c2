/// Pieces of YAML that several formats share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gitops/format_output.hpp"
#include "gitops/kinds.hpp"
#include "gitops/yaml_text.hpp"

namespace loadline::gitops {

/// Canonical: "250m", "512Mi".
std::string quantity(Resource resource, double value);

/// How a removed limit is said: as null, or not at all.
enum class NoLimit { kNull, kOmitted };
/// {requests: {cpu, memory}, limits: {...}} of the resources that have values.
Yaml resources_yaml(const Requirements& values, NoLimit no_limit);

/// The comment above a container: reason codes.
std::string comment_of(const ContainerPatch& container);

/// "containers", "initContainers": in which list of the pod's spec a container stands.
std::string_view list_of(ContainerType type);
/// That list of the user's manifest; nullptr where no manifest is at hand.
const std::vector<ManifestContainer>* manifest_list(const FormatOptions& options,
                                                    const WorkloadKey& workload,
                                                    ContainerType type);
/// How many containers of the list are known.
std::size_t known_in_list(const WorkloadPatch& workload, ContainerType type);

/// "loadline does not know the kind X; ..."
std::string unknown_kind(std::string_view kind);

/// Calls use(rule, workload) for each workload of a known kind; the others are told to `output`.
template <typename Use>
void for_each_known(FormatOutput& output, const PatchPlan& plan, const FormatOptions& options,
                    Use use) {
  for (const WorkloadPatch& workload : plan.workloads) {
    if (const auto rule = rule_of(workload.workload.kind, options.kinds)) {
      use(*rule, workload);
    } else {
      output.unsaid(workload, unknown_kind(workload.workload.kind));
    }
  }
}

/// What of a workload a merge by name can say and change no order that matters; the rest is told to
/// `output`. Kustomize puts the containers that a patch names before the others, in the patch's
/// order: harmless among containers, but init containers run in their order.
WorkloadPatch mergeable(FormatOutput& output, const WorkloadPatch& workload,
                        const FormatOptions& options);

/// apiVersion, kind, metadata and the pod's lists with name and resources alone. Where the user's
/// manifest is at hand, containers that stand before a patched one are named too: the order stays.
Yaml partial_object(const KindRule& rule, const WorkloadPatch& workload,
                    const FormatOptions& options, NoLimit no_limit);

}  // namespace loadline::gitops
