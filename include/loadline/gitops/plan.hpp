/// Which values belong into a patch tree: a pure function of the recommendations and of what the
/// tree says already. No clock and no state but the tree.
///
/// A patch overlays the team's manifests, so that taking one away gives the old values back. A
/// container therefore enters with the verdict `change`, and then stays, with the values last
/// emitted, under any verdict but excluded, until its workload is gone.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "loadline/model/workload.hpp"
#include "loadline/recommend/recommendation.hpp"

namespace loadline {

/// What the tree says of one container. A limit of nullopt beside a request is "no limit".
using EmittedValues = std::map<ContainerKey, Requirements>;

/// patch.* of the configuration that decides what is planned.
struct PatchPolicy {
  /// A value that differs by less from the one last emitted stays as it is.
  double dead_band = 0.10;
  /// "namespace/Kind/name" patterns (model/pattern.hpp, each part by itself) that opt out.
  std::vector<std::string> exclude{};
  /// Container patterns that are never patched: what admission controllers inject is in no
  /// manifest.
  std::vector<std::string> exclude_containers{"istio-proxy", "istio-init", "istio-validation",
                                              "linkerd-proxy", "linkerd-init"};

  bool operator==(const PatchPolicy&) const = default;
};

/// The values of one container as they will be written.
struct ContainerPatch {
  std::string container{};
  ContainerType type = ContainerType::kContainer;
  /// A resource without request is left alone; a limit of nullopt beside a request removes it.
  Requirements values{};
  /// What the pods ask for today, where it is known: a JSON6902 patch depends on what exists.
  std::optional<Requirements> current{};
  /// Stable: codes and resources, no live numbers. "memory: limit_too_low, max_above_limit".
  std::vector<Reason> reasons{};

  bool operator==(const ContainerPatch&) const = default;
};

struct WorkloadPatch {
  WorkloadKey workload{};
  std::vector<ContainerPatch> containers{};  ///< by type, then name

  bool operator==(const WorkloadPatch&) const = default;
};

/// Why a container that one might look for is not in the tree.
struct Unpatched {
  ContainerKey key{};
  std::string why{};  ///< one sentence

  bool operator==(const Unpatched&) const = default;
};

struct PatchPlan {
  std::vector<WorkloadPatch> workloads{};  ///< sorted by key
  std::vector<Unpatched> unpatched{};      ///< sorted by key; verdict keep is not worth a word

  bool operator==(const PatchPlan&) const = default;
};

/// Each value by itself: raised at once where the recommendation is at least the dead band higher
/// (or where usage reached the emitted limit: then by any amount); lowered to
/// max(recommended, until_yesterday) where that is at least the dead band lower; else kept. The
/// value compared with is the last emitted one, or today's where the container is new. A limit
/// below the request is raised to it. Workloads whose owner was inferred from a pod's name are
/// never patched.
PatchPlan plan_patches(const std::vector<Recommendation>& rows, const EmittedValues& emitted,
                       const PatchPolicy& policy);

}  // namespace loadline
