/// Which values belong into a patch tree: a pure function of the recommendations and of what the
/// tree says already. No clock and no state but the tree.
///
/// A patch overlays the team's manifests, so that taking one away gives the old values back. A
/// container therefore enters with the verdict `change`, and then stays, with the values last
/// emitted, under any verdict but excluded, until its workload is gone.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loadline/model/workload.hpp"
#include "loadline/recommend/recommendation.hpp"

namespace loadline {

/// What the tree says of one container. A limit of nullopt beside a request is "no limit".
using EmittedValues = std::map<ContainerKey, Requirements>;

/// What the tree remembers of a container beside its values. Once a patch is merged, today's values
/// are its own and today's reasons are gone; a file must not change before one of its values does.
struct EmittedOrigin {
  /// What the pods asked for before the container entered the tree; nullopt: it was unknown.
  std::optional<Requirements> original{};
  std::vector<Reason> reasons{};  ///< of the last change of each value; without sentences

  bool operator==(const EmittedOrigin&) const = default;
};
using EmittedOrigins = std::map<ContainerKey, EmittedOrigin>;

/// "cpu: request_too_high, limit_too_high; memory: limit_too_low", and back. Codes without a
/// resource stand first and alone. parse_reasons leaves out what it does not know; sentences are
/// empty.
std::string reasons_text(const std::vector<Reason>& reasons);
std::vector<Reason> parse_reasons(std::string_view text);

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
  /// What the pods ask for today, where it is known.
  std::optional<Requirements> current{};
  /// What they asked for before the container entered the tree, where it was known: what stands in
  /// the team's own manifest, on which a JSON6902 patch depends.
  std::optional<Requirements> original{};
  /// Why the values are not what they were before their last change. Stable: codes and resources,
  /// no sentences and so no live numbers.
  std::vector<Reason> reasons{};

  bool operator==(const ContainerPatch&) const = default;
};

struct WorkloadPatch {
  WorkloadKey workload{};
  std::vector<ContainerPatch> containers{};  ///< by type, then name
  /// How many containers of the pod's two lists are known, patched or not; those that admission
  /// controllers inject do not count. Tells whether an index is certain.
  std::size_t known_containers = 0;
  std::size_t known_init_containers = 0;  ///< init containers and sidecars: one list

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
///
/// An unset request counts as nothing and an unset limit as everything: to set a limit is to lower
/// it, to remove one is to raise it. Where today's values are unknown, the recommended ones are
/// taken. A resource that the tree does not hold and that stays as it is today is left alone.
/// Values are as they will be written: whole millicores and bytes.
PatchPlan plan_patches(const std::vector<Recommendation>& rows, const EmittedValues& emitted,
                       const PatchPolicy& policy, const EmittedOrigins& origins = {});

/// What a plan leaves in a tree's memory: the origins of its containers.
EmittedOrigins origins_of(const PatchPlan& plan);

}  // namespace loadline
