#include "loadline/recommend/recommend.hpp"

#include <algorithm>
#include <deque>
#include <thread>
#include <utility>

#include "loadline/recommend/change.hpp"
#include "recommend/guards.hpp"
#include "recommend/sentences.hpp"

namespace loadline {
namespace {

using recommend_stage::Draft;
using recommend_stage::Evidence;

constexpr double kFullCoverage = 0.9;

ResourceAdvice measured(const UsageSketch& usage, const ResourcePolicy& policy) {
  ResourceAdvice advice;
  advice.samples = usage.count();
  advice.p50 = usage.quantile(0.5);
  advice.p95 = usage.quantile(0.95);
  advice.p99 = usage.quantile(0.99);
  advice.max = usage.max();
  advice.mean = usage.mean();
  advice.target = usage.quantile(policy.quantile);
  return advice;
}

/// Sets the recommended values; returns the reasons of the guards that decided one.
std::vector<Reason> advise(ResourceAdvice& advice, Resource resource,
                           const ResourcePolicy& policy) {
  const Evidence evidence{resource, policy, advice};
  Draft draft;
  draft.request = *advice.target;
  if (policy.limit_factor) draft.limit = *policy.limit_factor * *advice.target;
  for (const recommend_stage::Guard guard : recommend_stage::guards()) {
    draft = guard(std::move(draft), evidence);
  }
  advice.recommended = {draft.request, draft.limit};
  return std::move(draft.reasons);
}

/// What the sketch by itself would have recommended.
Requirement advised_by(const UsageSketch& usage, Resource resource, const ResourcePolicy& policy) {
  ResourceAdvice advice;
  advice.max = usage.max();
  advice.target = usage.quantile(policy.quantile);
  if (advice.target) (void)advise(advice, resource, policy);
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

struct Findings {
  std::vector<Reason> reasons{};
  bool has_change = false;  ///< a current value is known to differ
};

void compare(const Evidence& evidence, double min_change, Findings& findings) {
  const auto add = [&](ReasonCode code) {
    findings.reasons.push_back(
        {code, evidence.resource, recommend_stage::sentence(code, evidence)});
  };
  for (const auto finding : {request_finding, limit_finding}) {
    const std::optional<ReasonCode> code = finding(evidence.advice, min_change);
    if (code) add(*code);
    findings.has_change = findings.has_change || code.has_value();
  }
  if (reaches_limit(evidence.advice)) add(ReasonCode::kMaxAboveLimit);
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

/// Fills in one resource of the recommendation and says what is to be said about it.
void study(Resource resource, const Subject& subject, const Policy& policy,
           Recommendation& recommendation, Findings& findings) {
  const ResourcePolicy& own = policy.resources[resource];
  ResourceAdvice& advice = recommendation.resources[resource];
  const ResourceProfile& profile = subject.profile.resources[resource];
  const UsageSketch before = profile.merged_before(subject.today);
  advice = measured(with_today(before, profile, subject.today), own);
  if (recommendation.current_known) advice.current = subject.facts->current[resource];
  if (!advice.target) {
    findings.reasons.push_back(
        {ReasonCode::kNoUsage, resource, recommend_stage::no_usage_sentence(resource)});
    return;
  }
  std::vector<Reason> guarded = advise(advice, resource, own);
  findings.reasons.insert(findings.reasons.end(), guarded.begin(), guarded.end());
  advice.until_yesterday =
      is_over(profile, subject.today) ? advice.recommended : advised_by(before, resource, own);
  if (recommendation.current_known) compare({resource, own, advice}, policy.min_change, findings);
}

bool has_usage(const Recommendation& recommendation) {
  return std::any_of(recommendation.resources.values.begin(), recommendation.resources.values.end(),
                     [](const ResourceAdvice& advice) { return advice.target.has_value(); });
}

Verdict judge(const Recommendation& recommendation, const Policy& policy, bool has_change) {
  if (!has_usage(recommendation)) return Verdict::kNoData;
  if (recommendation.coverage.history < policy.min_history) return Verdict::kProfiling;
  if (!recommendation.current_known) return Verdict::kChange;
  return has_change ? Verdict::kChange : Verdict::kKeep;
}

/// The reasons that are about the container as a whole.
std::vector<Reason> overall(const Recommendation& recommendation, const Policy& policy) {
  std::vector<Reason> reasons;
  const auto add = [&reasons](bool holds, ReasonCode code, std::string sentence) {
    if (holds) reasons.push_back({code, std::nullopt, std::move(sentence)});
  };
  const Coverage& coverage = recommendation.coverage;
  add(recommendation.verdict == Verdict::kKeep, ReasonCode::kWithinBand,
      recommend_stage::within_band_sentence(policy.min_change));
  add(recommendation.verdict == Verdict::kProfiling, ReasonCode::kShortHistory,
      recommend_stage::short_history_sentence(coverage.history, policy.min_history));
  add(!recommendation.current_known, ReasonCode::kCurrentUnknown,
      recommend_stage::current_unknown_sentence());
  add(recommendation.owner_source == OwnerSource::kPodName, ReasonCode::kOwnerInferred,
      recommend_stage::owner_inferred_sentence());
  add(coverage.ratio.value_or(1) < kFullCoverage, ReasonCode::kLowCoverage,
      recommend_stage::low_coverage_sentence(coverage.ratio.value_or(1)));
  return reasons;
}

/// Risks first, then CPU before memory before the whole container; else as they were found.
void order(std::vector<Reason>& reasons) {
  const auto rank = [](const Reason& reason) {
    return std::pair(is_risk(reason.code) ? 0 : 1,
                     reason.resource ? static_cast<int>(*reason.resource) : 2);
  };
  std::stable_sort(reasons.begin(), reasons.end(),
                   [rank](const Reason& a, const Reason& b) { return rank(a) < rank(b); });
}

Recommendation identified(const Subject& subject) {
  Recommendation recommendation;
  recommendation.key = subject.key;
  recommendation.owner_source = subject.profile.owner_source;
  recommendation.replicas =
      subject.workload != nullptr ? subject.workload->live_pods : subject.profile.live_pods;
  recommendation.coverage = coverage_of(subject.profile);
  if (subject.facts != nullptr) {
    recommendation.type = subject.facts->type;
    recommendation.current_known = subject.facts->current_known;
  }
  return recommendation;
}

/// A container and what is known of its usage; the key belongs to whoever tells of it.
struct Entry {
  const ContainerKey* key = nullptr;
  const ContainerProfile* profile = nullptr;
};

bool has_days(const ContainerProfile& profile) {
  return std::any_of(profile.resources.values.begin(), profile.resources.values.end(),
                     [](const ResourceProfile& resource) { return !resource.days.empty(); });
}

/// Those that were seen: one whose every sample was dropped is listed only if the cluster tells of
/// it.
std::vector<Entry> profiled(const ProfileSet& profiles, const Inventory& inventory) {
  std::vector<Entry> entries;
  entries.reserve(profiles.size());
  for (const auto& [key, profile] : profiles) {
    if (has_days(profile) || inventory.find(key) != nullptr) entries.push_back({&key, &profile});
  }
  return entries;
}

/// Containers of live workloads without any profile.
std::deque<ContainerKey> unprofiled(const ProfileSet& profiles, const Inventory& inventory) {
  std::deque<ContainerKey> keys;
  for (const auto& [key, facts] : inventory.workloads_) {
    if (facts.live_pods == 0) continue;
    for (const auto& container : facts.containers) {
      ContainerKey candidate{key, container.first};
      if (!profiles.contains(candidate)) keys.push_back(std::move(candidate));
    }
  }
  return keys;
}

/// Calls work(begin, end) for slices that make up [0, count), on all processors at once where that
/// is worth a thread; each result has its own place, so that the outcome is the same on any number.
template <typename Work>
void in_slices(std::size_t count, const Work& work) {
  constexpr std::size_t kLeastOfAThread = 1'000;
  constexpr std::size_t kMostThreads = 8;
  const std::size_t processors = std::max(1U, std::thread::hardware_concurrency());
  const std::size_t slices =
      std::clamp<std::size_t>(count / kLeastOfAThread, 1, std::min(processors, kMostThreads));
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < slices; ++i) {
    threads.emplace_back(
        [&work, begin = count * i / slices, end = count * (i + 1) / slices] { work(begin, end); });
  }
  work(0, count / slices);
}

}  // namespace

Recommendation recommend(const Subject& subject, const Policy& policy) {
  Recommendation recommendation = identified(subject);
  Findings findings;
  for (const Resource resource : kResources) {
    study(resource, subject, policy, recommendation, findings);
  }
  recommendation.verdict = judge(recommendation, policy, findings.has_change);
  recommendation.reasons = std::move(findings.reasons);
  for (Reason& reason : overall(recommendation, policy)) {
    recommendation.reasons.push_back(std::move(reason));
  }
  order(recommendation.reasons);
  return recommendation;
}

std::vector<Recommendation> recommend_all(const ProfileSet& profiles, const Inventory& inventory,
                                          const Policy& policy, std::int32_t today) {
  const ContainerProfile nothing;
  const std::deque<ContainerKey> without = unprofiled(profiles, inventory);
  std::vector<Entry> entries = profiled(profiles, inventory);
  for (const ContainerKey& key : without) entries.push_back({&key, &nothing});
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return *a.key < *b.key; });
  std::vector<Recommendation> recommendations(entries.size());
  in_slices(entries.size(), [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const ContainerKey& key = *entries[i].key;
      recommendations[i] = recommend(
          {key, *entries[i].profile, inventory.find(key.workload), inventory.find(key), today},
          policy);
    }
  });
  return recommendations;
}

}  // namespace loadline
