#include "recommend/guards.hpp"

#include <algorithm>

#include "recommend/guard_sentences.hpp"
#include "recommend/sentences.hpp"

namespace loadline::recommend_stage {

Draft floor_guard(Draft draft, const Evidence& evidence) {
  const double floor = evidence.policy.floor;
  if (draft.request < floor) {
    draft.reasons.push_back({ReasonCode::kFloor, evidence.resource, floor_sentence(evidence)});
  }
  draft.request = std::max(draft.request, floor);
  if (draft.limit) draft.limit = std::max(*draft.limit, floor);
  return draft;
}

Draft grid_guard(Draft draft, const Evidence& evidence) {
  draft.request = round_up(draft.request, evidence.policy.grid);
  if (draft.limit) draft.limit = round_up(*draft.limit, evidence.policy.grid);
  return draft;
}

Draft ceiling_guard(Draft draft, const Evidence& evidence) {
  const std::optional<double>& ceiling = evidence.policy.ceiling;
  if (!ceiling || std::max(draft.request, draft.limit.value_or(0)) <= *ceiling) return draft;
  draft.request = std::min(draft.request, *ceiling);
  if (draft.limit) draft.limit = std::min(*draft.limit, *ceiling);
  draft.reasons.push_back(
      {ReasonCode::kCeiling, evidence.resource, ceiling_sentence(evidence, *ceiling)});
  return draft;
}

Draft request_within_limit_guard(Draft draft, const Evidence& /*evidence*/) {
  if (draft.limit) draft.limit = std::max(*draft.limit, draft.request);
  return draft;
}

Draft fixed_guard(Draft draft, const Evidence& evidence) {
  const Requirement& fixed = evidence.policy.fixed;
  if (!fixed.request && !fixed.limit) return draft;
  draft.request = fixed.request.value_or(draft.request);
  if (fixed.limit) draft.limit = fixed.limit;
  if (fixed.limit && !fixed.request) draft.request = std::min(draft.request, *fixed.limit);
  draft.reasons.push_back({ReasonCode::kFixed, evidence.resource, fixed_sentence(evidence)});
  return draft;
}

const std::vector<NamedGuard>& guards() {
  static const std::vector<NamedGuard> kGuards{
      {"growth", growth_guard},
      {"held down by its limit", censored_guard},
      {"observed maximum", observed_max_guard},
      {"OOM kills", oom_guard},
      {"in use", in_use_guard},
      {"floor", floor_guard},
      {"rounded up", grid_guard},
      {"ceiling", ceiling_guard},
      {"largest node", node_guard},
      {"LimitRange", limit_range_guard},
      {"HPA", autoscaler_guard},
      {"set by policy", fixed_guard},
      {"limit not below request", request_within_limit_guard},
      {"ResourceQuota", quota_guard},
  };
  return kGuards;
}

}  // namespace loadline::recommend_stage
