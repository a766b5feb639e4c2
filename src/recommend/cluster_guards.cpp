// The guards that know the cluster: what would not be placed, admitted or left alone by others.

#include <algorithm>

#include "recommend/guard_sentences.hpp"
#include "recommend/guards.hpp"

namespace loadline::recommend_stage {
namespace {

constexpr double kNoise = 1e-9;

/// Moves request and limit into [least, most].
Draft within(Draft draft, double least, const std::optional<double>& most) {
  const auto moved = [&](double value) {
    return most ? std::min(std::max(value, least), *most) : std::max(value, least);
  };
  draft.request = moved(draft.request);
  if (draft.limit) draft.limit = moved(*draft.limit);
  return draft;
}

Draft within_ratio(Draft draft, const ContainerBounds& bounds, const ResourcePolicy& policy) {
  if (!bounds.most_ratio || *bounds.most_ratio <= 0 || !draft.limit) return draft;
  const double least = *draft.limit / *bounds.most_ratio;
  if (draft.request >= least * (1 - kNoise)) return draft;
  draft.request = std::min(round_up(least, policy.grid), *draft.limit);
  return draft;
}

bool differs(const Draft& a, const Draft& b) {
  return a.request != b.request || a.limit != b.limit;
}

/// What all replicas ask for beyond today; 0 where that is not known.
double raise_of(const std::optional<double>& now, const std::optional<double>& next,
                std::uint32_t replicas) {
  if (!now || !next) return 0;
  return (*next - *now) * replicas;
}

bool exceeds(double raise, const std::optional<double>& left) {
  return left && raise > 0 && raise > *left * (1 + kNoise);
}

}  // namespace

Draft node_guard(Draft draft, const Evidence& evidence) {
  const std::optional<double>& node = evidence.around.largest_node;
  if (!evidence.around.guards.node || !node || *node <= 0) return draft;
  if (std::max(draft.request, draft.limit.value_or(0)) <= *node) return draft;
  draft = within(std::move(draft), 0, round_down(*node, evidence.policy.grid));
  draft.reasons.push_back({ReasonCode::kNodeCap, evidence.resource, node_sentence(evidence)});
  return draft;
}

Draft limit_range_guard(Draft draft, const Evidence& evidence) {
  const NamespaceFacts* const space = evidence.around.space;
  if (!evidence.around.guards.limit_range || space == nullptr) return draft;
  const ContainerBounds& bounds = space->bounds[evidence.resource];
  Draft moved = within(draft, bounds.least.value_or(0), bounds.most);
  moved = within_ratio(std::move(moved), bounds, evidence.policy);
  if (!differs(moved, draft)) return draft;
  moved.reasons.push_back({ReasonCode::kLimitRange, evidence.resource,
                           limit_range_sentence(evidence.resource, bounds)});
  return moved;
}

Draft autoscaler_guard(Draft draft, const Evidence& evidence) {
  const WorkloadFacts* const workload = evidence.around.workload;
  if (!evidence.around.guards.autoscaler || workload == nullptr) return draft;
  if (!workload->autoscaled[evidence.resource] || !evidence.advice.current.request) return draft;
  draft.request = *evidence.advice.current.request;
  draft.limit = evidence.advice.current.limit;
  draft.reasons.push_back(
      {ReasonCode::kAutoscaled, evidence.resource, autoscaled_sentence(evidence)});
  return draft;
}

Draft quota_guard(Draft draft, const Evidence& evidence) {
  const NamespaceFacts* const space = evidence.around.space;
  if (!evidence.around.guards.quota || space == nullptr) return draft;
  const Requirement& left = space->quota_left[evidence.resource];
  const Requirement& now = evidence.advice.current;
  const std::uint32_t replicas = evidence.around.replicas;
  const double requests = raise_of(now.request, draft.request, replicas);
  const double limits = raise_of(now.limit, draft.limit, replicas);
  const bool over_requests = exceeds(requests, left.request);
  if (!over_requests && !exceeds(limits, left.limit)) return draft;
  draft.reasons.push_back({ReasonCode::kQuotaExceeded, evidence.resource,
                           over_requests
                               ? quota_sentence(evidence, "requests", requests, *left.request)
                               : quota_sentence(evidence, "limits", limits, *left.limit)});
  return draft;
}

}  // namespace loadline::recommend_stage
