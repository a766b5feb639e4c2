#include "loadline/recommend/recommend.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "recommend/confidence.hpp"
#include "recommend/entries.hpp"
#include "recommend/sentences.hpp"
#include "recommend/study.hpp"

namespace loadline {
namespace {

using recommend_stage::Entry;
using recommend_stage::Findings;

constexpr double kFullCoverage = 0.9;

bool has_usage(const Recommendation& recommendation) {
  return std::any_of(recommendation.resources.values.begin(), recommendation.resources.values.end(),
                     [](const ResourceAdvice& advice) { return advice.target.has_value(); });
}

Verdict judge(const Recommendation& recommendation, const Policy& policy, bool has_change) {
  if (policy.excluded) return Verdict::kExcluded;
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
  add(recommendation.verdict == Verdict::kExcluded, ReasonCode::kExcluded,
      recommend_stage::excluded_sentence());
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
    recommendation.restarts = subject.facts->restarts;
    recommendation.oom_kills = subject.facts->oom_kills;
  }
  return recommendation;
}

std::uint32_t last_id(const std::vector<Entry>& entries) {
  std::uint32_t last = 0;
  for (const Entry& entry : entries) last = std::max(last, entry.profile->id);
  return last;
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
    recommend_stage::study(resource, subject, policy, recommendation, findings);
  }
  recommendation.confidence = recommend_stage::confidence_of(subject.profile, policy.min_history);
  recommendation.verdict = judge(recommendation, policy, findings.has_change);
  recommendation.reasons = std::move(findings.reasons);
  for (Reason& reason : overall(recommendation, policy)) {
    recommendation.reasons.push_back(std::move(reason));
  }
  order(recommendation.reasons);
  return recommendation;
}

std::vector<Recommendation> recommend_all(const ProfileSet& profiles, const Inventory& inventory,
                                          const PolicyBook& book, std::int32_t today) {
  HindsightCache cache;
  return recommend_all(profiles, inventory, book, today, cache);
}

std::vector<Recommendation> recommend_all(const ProfileSet& profiles, const Inventory& inventory,
                                          const PolicyBook& book, std::int32_t today,
                                          HindsightCache& cache) {
  const recommend_stage::Entries known(profiles, inventory);
  const std::vector<Entry>& entries = known.all();
  PolicyChooser chooser(book);
  std::vector<const Policy*> policies;
  policies.reserve(entries.size());
  for (const Entry& entry : entries) policies.push_back(&chooser.of(*entry.key));
  cache.begin(book, today, last_id(entries));
  std::vector<Recommendation> recommendations(entries.size());
  in_slices(entries.size(), [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const Entry& entry = entries[i];
      recommendations[i] = recommend(known.subject_of(entry, today), *policies[i]);
      recommendations[i].hindsight = cache.of(*entry.key, *entry.profile, *policies[i], entry.pods);
    }
  });
  return recommendations;
}

}  // namespace loadline
