#include "loadline/recommend/explain.hpp"

#include <algorithm>
#include <array>

#include "loadline/recommend/spelling.hpp"
#include "recommend/entries.hpp"
#include "recommend/replicas.hpp"
#include "recommend/study.hpp"

namespace loadline {
namespace {

constexpr std::array<double, 8> kQuantiles{0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 0.999, 1.0};

std::vector<ExplainedStep> steps_of(Resource resource, const Subject& subject, const Policy& policy,
                                    const ResourceAdvice& advice) {
  std::vector<ExplainedStep> steps;
  for (const auto& step : recommend_stage::steps_of(resource, subject, policy, advice)) {
    steps.push_back({std::string(step.guard), step.request, step.limit});
  }
  return steps;
}

std::vector<ExplainedQuantile> quantiles_of(const UsageSketch& usage) {
  std::vector<ExplainedQuantile> quantiles;
  quantiles.reserve(kQuantiles.size());
  for (const double q : kQuantiles) quantiles.push_back({q, usage.quantile(q).value_or(0)});
  return quantiles;
}

std::vector<ExplainedBar> histogram_of(const UsageSketch& usage, std::size_t bars) {
  const double max = usage.max().value_or(0);
  const auto count = static_cast<double>(usage.count());
  std::vector<ExplainedBar> histogram;
  histogram.reserve(bars);
  std::uint64_t above = usage.count();
  for (std::size_t i = 1; i <= bars && max > 0; ++i) {
    const double upto = max * static_cast<double>(i) / static_cast<double>(bars);
    const std::uint64_t left = i == bars ? 0 : usage.count_above(upto);
    histogram.push_back({upto, static_cast<double>(above - left) / count});
    above = left;
  }
  return histogram;
}

std::optional<double> coverage_of(const DayUsage& day) {
  if (day.scrapes_expected == 0) return std::nullopt;
  return static_cast<double>(day.scrapes_seen) / static_cast<double>(day.scrapes_expected);
}

std::vector<ExplainedDay> days_of(const ResourceProfile& profile, double quantile) {
  std::vector<ExplainedDay> days;
  days.reserve(profile.days.size());
  for (const DayUsage& day : profile.days) {
    days.push_back({.day = day.day,
                    .samples = day.sketch.count(),
                    .target = day.sketch.quantile(quantile).value_or(0),
                    .max = day.sketch.max().value_or(0),
                    .coverage = coverage_of(day)});
  }
  return days;
}

std::vector<ExplainedPod> pods_of(Resource resource, const Subject& subject, const Policy& policy) {
  std::vector<ExplainedPod> pods;
  for (const auto& pod : recommend_stage::pod_targets(resource, policy, subject.pods, INT32_MAX)) {
    pods.push_back({std::string(pod.pod), pod.target, pod.max});
  }
  return pods;
}

/// "the request is kept while the p95 stays between 90m and 110m"
std::string turning_point(const ResourceAdvice& advice, Resource resource, const Policy& policy) {
  if (!advice.target || !advice.current.request) return {};
  const double now = *advice.current.request;
  const std::string target = spell_quantile(policy.resources[resource].quantile);
  return "the request of " + spell_requirement(resource, now) + " is kept while the " + target +
         " lies between " + spell_usage(resource, now * (1 - policy.min_change)) + " and " +
         spell_usage(resource, now * (1 + policy.min_change)) + "; it is " +
         spell_usage(resource, *advice.target);
}

ExplainedResource explained(Resource resource, const Subject& subject, const Policy& policy,
                            const ResourceAdvice& advice, std::size_t bars) {
  if (!advice.target) return {};
  const ResourceProfile& profile = subject.profile.resources[resource];
  const UsageSketch usage = profile.merged();
  return {.steps = steps_of(resource, subject, policy, advice),
          .quantiles = quantiles_of(usage),
          .histogram = histogram_of(usage, std::max<std::size_t>(1, bars)),
          .days = days_of(profile, policy.resources[resource].quantile),
          .pods = pods_of(resource, subject, policy),
          .turning_point = turning_point(advice, resource, policy)};
}

}  // namespace

Explanation explain(const Subject& subject, const Policy& policy, std::size_t bars) {
  Explanation explanation{.row = recommend(subject, policy), .policy = policy};
  explanation.row.hindsight = hindsight_of(subject.profile, policy, subject.today, subject.pods);
  for (const Resource resource : kResources) {
    explanation.resources[resource] =
        explained(resource, subject, policy, explanation.row.resources[resource], bars);
  }
  return explanation;
}

std::vector<Explanation> explain_all(const ProfileSet& profiles, const Inventory& inventory,
                                     const PolicyBook& book, std::int32_t today) {
  const recommend_stage::Entries entries(profiles, inventory);
  PolicyChooser chooser(book);
  std::vector<Explanation> stories;
  stories.reserve(entries.all().size());
  for (const auto& entry : entries.all()) {
    stories.push_back(explain(entries.subject_of(entry, today), chooser.of(*entry.key)));
  }
  return stories;
}

}  // namespace loadline
