/// Kustomize's index of patches: what each is for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gitops/format_output.hpp"
#include "gitops/kinds.hpp"
#include "gitops/yaml_text.hpp"

namespace loadline::gitops {

/// {group, version, kind, name, namespace} of exactly one workload. Kustomize reads each as a
/// regular expression and anchors it, in versions before 3.5 by half; so they are escaped and
/// anchored here. The core group is "^$", as an empty field would match any. Objects that name no
/// namespace count as "default" to kustomize.
enum class Unnamed { kOther, kMatches };
Yaml target_yaml(const KindRule& rule, const WorkloadKey& workload, Unnamed namespaces);

/// One file of a format, with the workload that it patches.
struct IndexEntry {
  KindRule rule{};
  WorkloadKey workload{};
};
/// kustomization.yaml of kind Component, one for each cluster of the plan, also where it is empty.
void put_indexes(FormatOutput& output, const PatchPlan& plan,
                 const std::vector<IndexEntry>& entries);

}  // namespace loadline::gitops
