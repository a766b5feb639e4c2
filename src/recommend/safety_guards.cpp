// The guards that raise: what the quantile by itself does not know of.

#include <algorithm>

#include "recommend/guard_sentences.hpp"
#include "recommend/guards.hpp"

namespace loadline::recommend_stage {
namespace {

constexpr double kThrottled = 0.05;
constexpr double kOomBound = 8;

bool is_memory(const Evidence& evidence) {
  return evidence.resource == Resource::kMemory;
}

/// Raises the limit to `least` and says why; a policy without limit keeps none.
Draft with_limit_of(Draft draft, double least, ReasonCode code, const Evidence& evidence,
                    std::string sentence) {
  if (!draft.limit || *draft.limit >= least) return draft;
  draft.limit = least;
  draft.reasons.push_back({code, evidence.resource, std::move(sentence)});
  return draft;
}

double throttled_ratio(const Evidence& evidence) {
  const ContainerFacts* const facts = evidence.around.facts;
  const bool applies = evidence.resource == Resource::kCpu && facts != nullptr;
  return applies ? facts->throttled_ratio.value_or(0) : 0;
}

/// Where the share of samples at the limit reaches what lies above the quantile, the quantile
/// itself does.
bool is_at_limit(const Evidence& evidence) {
  constexpr double kNoise = 1e-9;
  return evidence.around.pressed_ratio > 0 &&
         evidence.around.pressed_ratio >= 1 - evidence.policy.quantile - kNoise;
}

double oom_bound(const Evidence& evidence, double killed_at) {
  const double usual = std::max(evidence.advice.target.value_or(0), evidence.policy.floor);
  return std::max(killed_at, kOomBound * usual);
}

}  // namespace

Draft growth_guard(Draft draft, const Evidence& evidence) {
  const std::optional<Growth>& growth = evidence.around.growth;
  if (!evidence.around.guards.growth || !is_memory(evidence) || !growth) return draft;
  draft.reasons.push_back({ReasonCode::kGrowing, evidence.resource, growing_sentence(evidence)});
  if (growth->last <= draft.request) return draft;
  draft.request = growth->last;
  if (draft.limit && evidence.policy.limit_factor) {
    draft.limit = std::max(*draft.limit, *evidence.policy.limit_factor * growth->last);
  }
  return draft;
}

Draft censored_guard(Draft draft, const Evidence& evidence) {
  if (!evidence.around.guards.censored) return draft;
  const bool is_throttled = throttled_ratio(evidence) >= kThrottled;
  const bool at_limit = is_at_limit(evidence);
  if (is_throttled) {
    draft.reasons.push_back(
        {ReasonCode::kThrottled, evidence.resource, throttled_sentence(evidence)});
  }
  if (at_limit) {
    draft.reasons.push_back(
        {ReasonCode::kCensored, evidence.resource, censored_sentence(evidence)});
  }
  if (!is_throttled && !at_limit) return draft;
  const Requirement& current = evidence.advice.current;
  draft.request = std::max(draft.request, current.request.value_or(0));
  if (draft.limit) draft.limit = std::max(*draft.limit, current.limit.value_or(0));
  return draft;
}

Draft observed_max_guard(Draft draft, const Evidence& evidence) {
  const std::optional<double>& factor = evidence.around.guards.max_factor;
  if (!factor || !is_memory(evidence) || !evidence.advice.max) return draft;
  return with_limit_of(std::move(draft), *factor * *evidence.advice.max, ReasonCode::kObservedMax,
                       evidence, observed_max_sentence(evidence));
}

Draft oom_guard(Draft draft, const Evidence& evidence) {
  const std::optional<double>& factor = evidence.around.guards.oom_factor;
  const ContainerFacts* const facts = evidence.around.facts;
  if (!factor || !is_memory(evidence) || facts == nullptr || facts->oom_kills.count == 0) {
    return draft;
  }
  draft.reasons.push_back(
      {ReasonCode::kOomKilled, evidence.resource, oom_sentence(facts->oom_kills)});
  if (!draft.limit || !facts->oom_kills.limit_bytes) return draft;
  const double killed_at = *facts->oom_kills.limit_bytes;
  const double wanted = std::min(*factor * killed_at, oom_bound(evidence, killed_at));
  draft.limit = std::max(*draft.limit, wanted);
  return draft;
}

Draft in_use_guard(Draft draft, const Evidence& evidence) {
  const std::optional<double>& newest = evidence.around.newest_max;
  if (!evidence.around.guards.in_use || !is_memory(evidence) || !newest) return draft;
  return with_limit_of(std::move(draft), *newest, ReasonCode::kInUse, evidence,
                       in_use_sentence(evidence));
}

}  // namespace loadline::recommend_stage
