#include "recommend/guards.hpp"

#include <algorithm>

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

Draft request_within_limit_guard(Draft draft, const Evidence& /*evidence*/) {
  if (draft.limit) draft.limit = std::max(*draft.limit, draft.request);
  return draft;
}

const std::vector<Guard>& guards() {
  static const std::vector<Guard> kGuards{floor_guard, grid_guard, request_within_limit_guard};
  return kGuards;
}

}  // namespace loadline::recommend_stage
