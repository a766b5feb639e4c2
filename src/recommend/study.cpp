#include "recommend/study.hpp"

#include <algorithm>
#include <utility>

#include "loadline/recommend/change.hpp"
#include "recommend/replicas.hpp"
#include "recommend/sentences.hpp"

namespace loadline::recommend_stage {
namespace {

/// Usage this close below a limit is held down by it: scrapes see averages and round numbers.
constexpr double kAtLimit = 0.95;

ResourceAdvice measured(const UsageSketch& usage) {
  ResourceAdvice advice;
  advice.samples = usage.count();
  advice.p50 = usage.quantile(0.5);
  advice.p95 = usage.quantile(0.95);
  advice.p99 = usage.quantile(0.99);
  advice.max = usage.max();
  advice.mean = usage.mean();
  return advice;
}

std::optional<double> newest_max(const ResourceProfile& profile, std::int32_t end) {
  const auto day = std::ranges::lower_bound(profile.days, end, {}, &DayUsage::day);
  return day == profile.days.begin() ? std::nullopt : std::prev(day)->sketch.max();
}

double pressed_ratio(const UsageSketch& usage, const std::optional<double>& limit) {
  if (!limit || usage.empty()) return 0;
  return static_cast<double>(usage.count_above(kAtLimit * *limit)) /
         static_cast<double>(usage.count());
}

const NamespaceFacts* space_of(const Subject& subject) {
  if (subject.cluster == nullptr) return nullptr;
  const WorkloadKey& workload = subject.key.workload;
  const auto at = subject.cluster->namespaces.find({workload.cluster, workload.namespace_name});
  return at == subject.cluster->namespaces.end() ? nullptr : &at->second;
}

std::optional<double> largest_node(const Subject& subject, Resource resource) {
  if (subject.cluster == nullptr) return std::nullopt;
  const auto at = subject.cluster->largest_nodes.find(subject.key.workload.cluster);
  return at == subject.cluster->largest_nodes.end() ? std::nullopt : at->second[resource];
}

/// What does not depend on which days are looked at.
Surroundings surroundings_of(Resource resource, const Subject& subject, const Policy& policy) {
  Surroundings around{.guards = policy.guards,
                      .facts = subject.facts,
                      .workload = subject.workload,
                      .space = space_of(subject),
                      .largest_node = largest_node(subject, resource)};
  around.replicas =
      subject.workload != nullptr ? subject.workload->live_pods : subject.profile.live_pods;
  if (resource == Resource::kMemory && policy.guards.growth) {
    around.growth = growth_of(subject.profile.resources[resource],
                              policy.resources[resource].quantile, subject.today);
  }
  return around;
}

Draft first_draft(const Evidence& evidence) {
  Draft draft;
  draft.request = *evidence.advice.target;
  if (evidence.policy.limit_factor) draft.limit = *evidence.policy.limit_factor * draft.request;
  return draft;
}

/// Sets the recommended values; returns the reasons of the guards that decided one.
std::vector<Reason> advise(ResourceAdvice& advice, Resource resource, const ResourcePolicy& policy,
                           const Surroundings& around) {
  const Evidence evidence{resource, policy, advice, around};
  Draft draft = first_draft(evidence);
  for (const NamedGuard& guard : guards()) draft = guard.run(std::move(draft), evidence);
  advice.recommended = {draft.request, draft.limit};
  return std::move(draft.reasons);
}

/// What the days before `end`, of this sum and target, would have recommended by themselves.
Requirement advised_by(const UsageSketch& usage, std::optional<double> target,
                       const ResourceProfile& profile, const ResourceAdvice& today,
                       Resource resource, const ResourcePolicy& policy, Surroundings around,
                       std::int32_t end) {
  ResourceAdvice advice;
  advice.max = usage.max();
  advice.target = target;
  advice.current = today.current;
  around.newest_max = newest_max(profile, end);
  around.pressed_ratio = pressed_ratio(usage, advice.current.limit);
  if (advice.target) (void)advise(advice, resource, policy, around);
  return advice.recommended;
}

std::optional<ReasonCode> request_finding(const ResourceAdvice& advice, double min_change) {
  const std::optional<double>& now = advice.current.request;
  const std::optional<double>& next = advice.recommended.request;
  if (!changes(now, next, min_change)) return std::nullopt;
  if (!now) return ReasonCode::kRequestUnset;
  return *next > *now ? ReasonCode::kRequestTooLow : ReasonCode::kRequestTooHigh;
}

std::optional<ReasonCode> limit_finding(const ResourceAdvice& advice, double min_change) {
  const std::optional<double>& now = advice.current.limit;
  const std::optional<double>& next = advice.recommended.limit;
  if (!changes(now, next, min_change)) return std::nullopt;
  if (!now) return ReasonCode::kLimitUnset;
  if (!next) return ReasonCode::kLimitUnwanted;
  return *next > *now ? ReasonCode::kLimitTooLow : ReasonCode::kLimitTooHigh;
}

bool reaches_limit(const ResourceAdvice& advice) {
  return advice.max && advice.current.limit && *advice.max >= *advice.current.limit;
}

void compare(const Evidence& evidence, double min_change, Findings& findings) {
  const auto add = [&](ReasonCode code) {
    findings.reasons.push_back({code, evidence.resource, sentence(code, evidence)});
  };
  for (const auto finding : {request_finding, limit_finding}) {
    const std::optional<ReasonCode> code = finding(evidence.advice, min_change);
    if (code) add(*code);
    findings.has_change = findings.has_change || code.has_value();
  }
  if (reaches_limit(evidence.advice)) add(ReasonCode::kMaxAboveLimit);
}

/// What a policy names is meant to the byte.
bool is_fixed(const ResourcePolicy& policy) {
  return policy.fixed.request || policy.fixed.limit;
}

bool is_over(const ResourceProfile& profile, std::int32_t today) {
  return profile.days.empty() || profile.days.back().day < today;
}

/// Sums are exact, so that two steps give what one would; fourteen of the fifteen days are in both.
UsageSketch with_today(const UsageSketch& before, const ResourceProfile& profile,
                       std::int32_t today) {
  if (is_over(profile, today)) return before;
  UsageSketch all = profile.merged(today);
  all.merge(before);
  return all;
}

void note_replicas(Resource resource, const Subject& subject, const Policy& policy,
                   ResourceAdvice& advice, Findings& findings) {
  if (subject.pods.empty()) return;
  advice.replicas =
      spread_of(pod_targets(resource, policy, subject.pods, INT32_MAX), advice.recommended.request);
  if (!is_hot(advice.replicas, advice.recommended.request)) return;
  findings.reasons.push_back(
      {ReasonCode::kHotReplica, resource,
       hot_replica_sentence({resource, policy.resources[resource], advice})});
}

/// Kills are told even of a container that no sample was seen of.
void note_unused(Resource resource, Findings& findings) {
  findings.reasons.push_back({ReasonCode::kNoUsage, resource, no_usage_sentence(resource)});
}

}  // namespace

void study(Resource resource, const Subject& subject, const Policy& policy,
           Recommendation& recommendation, Findings& findings) {
  const ResourcePolicy& own = policy.resources[resource];
  ResourceAdvice& advice = recommendation.resources[resource];
  const ResourceProfile& profile = subject.profile.resources[resource];
  const UsageSketch before = profile.merged_before(subject.today);
  const UsageSketch all = with_today(before, profile, subject.today);
  advice = measured(all);
  advice.target = target_of(resource, policy, all, subject.pods, INT32_MAX);
  if (recommendation.current_known) advice.current = subject.facts->current[resource];
  if (!advice.target) return note_unused(resource, findings);
  Surroundings around = surroundings_of(resource, subject, policy);
  around.newest_max = newest_max(profile, INT32_MAX);
  around.pressed_ratio = pressed_ratio(all, advice.current.limit);
  std::vector<Reason> guarded = advise(advice, resource, own, around);
  findings.reasons.insert(findings.reasons.end(), guarded.begin(), guarded.end());
  advice.until_yesterday =
      is_over(profile, subject.today)
          ? advice.recommended
          : advised_by(before, target_of(resource, policy, before, subject.pods, subject.today),
                       profile, advice, resource, own, around, subject.today);
  note_replicas(resource, subject, policy, advice, findings);
  if (!recommendation.current_known) return;
  compare({resource, own, advice}, is_fixed(own) ? 0 : policy.min_change, findings);
}

Requirement advise_by_usage(Resource resource, const ResourceProfile& profile,
                            const UsageSketch& before, std::span<const PodHistory> pods,
                            const Policy& policy, std::int32_t end) {
  const ResourcePolicy& own = policy.resources[resource];
  Surroundings around{.guards = policy.guards};
  if (resource == Resource::kMemory && policy.guards.growth) {
    around.growth = growth_of(profile, own.quantile, end);
  }
  return advised_by(before, target_of(resource, policy, before, pods, end), profile, {}, resource,
                    own, around, end);
}

std::vector<Step> steps_of(Resource resource, const Subject& subject, const Policy& policy,
                           const ResourceAdvice& advice) {
  if (!advice.target) return {};
  const ResourceProfile& profile = subject.profile.resources[resource];
  Surroundings around = surroundings_of(resource, subject, policy);
  around.newest_max = newest_max(profile, INT32_MAX);
  around.pressed_ratio = pressed_ratio(profile.merged(), advice.current.limit);
  const Evidence evidence{resource, policy.resources[resource], advice, around};
  Draft draft = first_draft(evidence);
  std::vector<Step> steps{{"quantile", draft.request, draft.limit}};
  for (const NamedGuard& guard : guards()) {
    draft = guard.run(std::move(draft), evidence);
    const Step& last = steps.back();
    if (draft.request == last.request && draft.limit == last.limit) continue;
    steps.push_back({guard.name, draft.request, draft.limit});
  }
  return steps;
}

}  // namespace loadline::recommend_stage
