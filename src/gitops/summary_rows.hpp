/// What a review tells of each container whose values change.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "loadline/gitops/summary.hpp"

namespace loadline::gitops {

struct ChangedContainer {
  ContainerKey key{};
  const ContainerPatch* patch = nullptr;
  /// The row of the report; nullptr where it has none.
  const Recommendation* row = nullptr;
  /// What the tree said, else what the pods ask for; nullopt: nobody knows.
  PerResource<std::optional<Requirement>> before{};
  bool is_at_risk = false;
};

/// The containers that are new to the tree or whose values differ from what it said; those at risk
/// today first, then by key.
std::vector<ChangedContainer> changed_containers(const PatchSummary& summary);

/// The containers that the tree held and holds no longer, sorted.
std::vector<ContainerKey> leaving_containers(const PatchSummary& summary);

/// Requests times replicas, over the changed containers whose values before are known. Init
/// containers add nothing: they do not run beside the others.
struct RequestSum {
  double before = 0;
  double after = 0;
  std::uint64_t replicas = 0;
};
PerResource<RequestSum> request_sums(const std::vector<ChangedContainer>& changed);

}  // namespace loadline::gitops
