#include "loadline/gitops/plan.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "gitops/plan_reasons.hpp"
#include "gitops/plan_values.hpp"
#include "loadline/model/pattern.hpp"

namespace loadline {
namespace {

std::string rest_after(std::string_view& text, char separator) {
  const std::size_t at = std::min(text.find(separator), text.size());
  std::string part(text.substr(0, at));
  text.remove_prefix(std::min(at + 1, text.size()));
  return part;
}

/// "namespace/Kind/name", each part a pattern of its own: a `*` spans no slash of the pattern.
bool opts_out(std::string_view pattern, const WorkloadKey& workload) {
  if (std::count(pattern.begin(), pattern.end(), '/') != 2) return false;
  const std::string namespace_name = rest_after(pattern, '/');
  const std::string kind = rest_after(pattern, '/');
  return matches_pattern(namespace_name, workload.namespace_name) &&
         matches_pattern(kind, workload.kind) && matches_pattern(pattern, workload.name);
}

/// Why a container is no matter of patches at all, whatever its values; nullopt where it is.
std::optional<std::string> barred(const Recommendation& row, const PatchPolicy& policy) {
  if (row.verdict == Verdict::kExcluded) return "the configuration excludes it from advice";
  for (const std::string& pattern : policy.exclude) {
    if (opts_out(pattern, row.key.workload)) {
      return "opted out: patch.exclude has \"" + pattern + "\"";
    }
  }
  if (matches_any(policy.exclude_containers, row.key.container)) {
    return "an admission controller injects this container, so no manifest holds it";
  }
  if (row.owner_source == OwnerSource::kPodName) {
    return "its workload is inferred from the pod's name; kube-state-metrics would tell it";
  }
  return std::nullopt;
}

/// Why a container that is not in the tree stays out of it; empty: not worth a word.
std::string waiting(Verdict verdict) {
  switch (verdict) {
    case Verdict::kChange:
      return "what is left to change lies inside the dead band or lowers a value that the days "
             "before today do not agree with yet";
    case Verdict::kProfiling:
      return "it is profiled still: too little history for advice";
    case Verdict::kNoData:
      return "no usage of it was seen in the window";
    case Verdict::kKeep:
    case Verdict::kExcluded:
      return {};
  }
  return {};
}

/// Joins what is known to one plan.
class Planner {
 public:
  Planner(const EmittedValues& emitted, const PatchPolicy& policy, const EmittedOrigins& origins)
      : emitted_(emitted), policy_(policy), origins_(origins) {}

  void add(const Recommendation& row) {
    count(row);
    if (const std::optional<std::string> why = barred(row, policy_)) {
      plan_.unpatched.push_back({row.key, *why});
      return;
    }
    const Requirements* const emitted = find(emitted_, row.key);
    if (emitted == nullptr && row.verdict != Verdict::kChange) {
      leave_out(row);
      return;
    }
    ContainerPatch patch = patch_of(row, emitted);
    if (patch.values == Requirements{}) {
      leave_out(row);
    } else {
      workloads_[row.key.workload].containers.push_back(std::move(patch));
    }
  }

  PatchPlan take() {
    for (auto& [key, workload] : workloads_) {
      if (workload.containers.empty()) continue;
      workload.workload = key;
      std::sort(workload.containers.begin(), workload.containers.end(),
                [](const ContainerPatch& a, const ContainerPatch& b) {
                  return std::tie(a.type, a.container) < std::tie(b.type, b.container);
                });
      plan_.workloads.push_back(std::move(workload));
    }
    std::stable_sort(plan_.unpatched.begin(), plan_.unpatched.end(),
                     [](const Unpatched& a, const Unpatched& b) { return a.key < b.key; });
    return std::move(plan_);
  }

 private:
  template <typename T>
  static const T* find(const std::map<ContainerKey, T>& map, const ContainerKey& key) {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : &found->second;
  }

  void count(const Recommendation& row) {
    if (matches_any(policy_.exclude_containers, row.key.container)) return;
    WorkloadPatch& workload = workloads_[row.key.workload];
    ++(row.type == ContainerType::kContainer ? workload.known_containers
                                             : workload.known_init_containers);
  }

  void leave_out(const Recommendation& row) {
    std::string why = waiting(row.verdict);
    if (!why.empty()) plan_.unpatched.push_back({row.key, std::move(why)});
  }

  [[nodiscard]] ContainerPatch patch_of(const Recommendation& row,
                                        const Requirements* emitted) const {
    const EmittedOrigin* const origin = emitted != nullptr ? find(origins_, row.key) : nullptr;
    ContainerPatch patch;
    patch.container = row.key.container;
    patch.type = row.type;
    patch.current = gitops::current_of(row);
    patch.original = origin != nullptr ? origin->original : patch.current;
    for (const Resource resource : kResources) {
      patch.values[resource] = gitops::planned(row, emitted, resource, policy_.dead_band);
      const auto why = gitops::reasons_of(row, {emitted, origin, patch.values[resource]}, resource);
      patch.reasons.insert(patch.reasons.end(), why.begin(), why.end());
    }
    return patch;
  }

  const EmittedValues& emitted_;
  const PatchPolicy& policy_;
  const EmittedOrigins& origins_;
  std::map<WorkloadKey, WorkloadPatch> workloads_{};
  PatchPlan plan_{};
};

}  // namespace

PatchPlan plan_patches(const std::vector<Recommendation>& rows, const EmittedValues& emitted,
                       const PatchPolicy& policy, const EmittedOrigins& origins) {
  Planner planner(emitted, policy, origins);
  for (const Recommendation& row : rows) planner.add(row);
  return planner.take();
}

EmittedOrigins origins_of(const PatchPlan& plan) {
  EmittedOrigins origins;
  for (const WorkloadPatch& workload : plan.workloads) {
    for (const ContainerPatch& patch : workload.containers) {
      origins[{workload.workload, patch.container}] = {patch.original, patch.reasons};
    }
  }
  return origins;
}

}  // namespace loadline
