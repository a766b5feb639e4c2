#include "recommend/backtest_walk.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "recommend/dead_band.hpp"

namespace loadline::recommend_stage {
namespace {

using InForce = PerResource<std::optional<Requirement>>;

/// One pod on the judged day: what every policy is held against.
struct PodDay {
  std::string_view pod{};
  PerResource<const UsageSketch*> usage{};  ///< nullptr: none
  PerResource<double> p95{};
  double max_bytes = 0;
  PerResource<std::uint64_t> samples{};
  PerResource<bool> is_censored{};
};

/// What a policy carries from day to day.
struct Standing {
  InForce in_force{};
  std::vector<OomDay> ooms{};
};

const DayUsage* day_of(const ResourceProfile& profile, std::int32_t day) {
  const auto at = std::ranges::lower_bound(profile.days, day, {}, &DayUsage::day);
  const bool is_there = at != profile.days.end() && at->day == day && !at->sketch.empty();
  return is_there ? &*at : nullptr;
}

std::span<const DayUsage> between(const ResourceProfile& profile, std::int32_t first,
                                  std::int32_t end) {
  const auto from = std::ranges::lower_bound(profile.days, first, {}, &DayUsage::day);
  return {from, std::ranges::lower_bound(from, profile.days.end(), end, {}, &DayUsage::day)};
}

/// All pods' usage of one day; nullopt: none.
std::optional<DayUsage> day_of_all(const std::vector<PodProfile>& pods, Resource resource,
                                   std::int32_t day) {
  std::vector<const DayUsage*> parts;
  for (const PodProfile& pod : pods) {
    const DayUsage* const part = day_of(pod.profile->resources[resource], day);
    if (part != nullptr) parts.push_back(part);
  }
  if (parts.empty()) return std::nullopt;
  return pooled_day(parts);
}

bool presses(const Requirements* current, Resource resource, double value, double from) {
  if (current == nullptr) return false;
  const std::optional<double>& limit = (*current)[resource].limit;
  return limit && value >= from * *limit;
}

bool has_advice(const InForce& in_force, const PodDay& pod) {
  return std::ranges::all_of(kResources, [&](Resource resource) {
    return pod.usage[resource] == nullptr || in_force[resource].has_value();
  });
}

class Walk {
 public:
  Walk(const WalkInput& input, const std::vector<BacktestPolicy>& policies,
       const BacktestOptions& options)
      : input_(input),
        policies_(policies),
        options_(options),
        standings_(policies.size()),
        has_changed_(policies.size()) {
    pooled_.owner_source = input.owner_source;
    result_.container.key = input.key;
    result_.container.owner_source = input.owner_source;
    result_.container.policies.resize(policies.size());
  }

  WalkResult run() {
    std::int32_t seen = 0;
    for (const std::int32_t day : days()) {
      if (seen >= least_days(options_)) visit(day);
      see(day);
      ++seen;
    }
    return std::move(result_);
  }

 private:
  [[nodiscard]] std::set<std::int32_t> days() const {
    std::set<std::int32_t> days;
    for (const PodProfile& pod : input_.pods) {
      for (const ResourceProfile& resource : pod.profile->resources.values) {
        for (const DayUsage& day : resource.days) {
          if (!day.sketch.empty()) days.insert(day.day);
        }
      }
    }
    return days;
  }

  [[nodiscard]] const Requirements* current() const {
    const bool is_known = input_.facts != nullptr && input_.facts->current_known;
    return is_known ? &input_.facts->current : nullptr;
  }

  [[nodiscard]] std::int32_t first_seen_day(std::int32_t day) const {
    return day - static_cast<std::int32_t>(options_.window.count());
  }

  void see(std::int32_t day) {
    for (const Resource resource : kResources) {
      std::optional<DayUsage> usage = day_of_all(input_.pods, resource, day);
      if (usage) pooled_.resources[resource].days.push_back(std::move(*usage));
    }
  }

  /// Advice and judgement of one day.
  void visit(std::int32_t day) {
    forget_before(first_seen_day(day));
    const std::vector<PodHistory> pods = histories(day);
    for (std::size_t i = 0; i < policies_.size(); ++i) advise(i, pods);
    judge(day);
  }

  void forget_before(std::int32_t day) {
    for (ResourceProfile& resource : pooled_.resources.values) {
      const auto kept = std::ranges::lower_bound(resource.days, day, {}, &DayUsage::day);
      resource.days.erase(resource.days.begin(), kept);
    }
  }

  [[nodiscard]] std::vector<PodHistory> histories(std::int32_t day) const {
    std::vector<PodHistory> pods;
    for (const PodProfile& pod : input_.pods) {
      PodHistory history{.pod = pod.pod};
      for (const Resource resource : kResources) {
        history.days[resource] =
            between(pod.profile->resources[resource], first_seen_day(day), day);
      }
      const auto& seen = history.days.values;
      if (!seen[0].empty() || !seen[1].empty()) pods.push_back(history);
    }
    return pods;
  }

  void advise(std::size_t policy, const std::vector<PodHistory>& pods) {
    Standing& standing = standings_[policy];
    const HistoryView view{.key = input_.key,
                           .pooled = pooled_,
                           .pods = pods,
                           .containers_of_pod = input_.containers_of_pod,
                           .current = current(),
                           .ooms = standing.ooms};
    const Requirements advice = policies_[policy].advise(view);
    const InForce before = standing.in_force;
    for (const Resource resource : kResources) {
      if (!advice[resource].request) continue;
      standing.in_force[resource] =
          follow(before[resource], advice[resource], seen_max(resource), options_.dead_band);
    }
    has_changed_[policy] = std::ranges::any_of(kResources, [&](Resource resource) {
      return before[resource] && before[resource] != standing.in_force[resource];
    });
  }

  [[nodiscard]] std::optional<double> seen_max(Resource resource) const {
    std::optional<double> most;
    for (const DayUsage& day : pooled_.resources[resource].days) {
      most = std::max(most.value_or(0), day.sketch.max().value_or(0));
    }
    return most;
  }

  [[nodiscard]] std::vector<PodDay> pod_days(std::int32_t day) const {
    std::vector<PodDay> pods;
    for (const PodProfile& pod : input_.pods) {
      PodDay entry{.pod = pod.pod};
      for (const Resource resource : kResources) measure(entry, pod, resource, day);
      if (entry.usage.values[0] != nullptr || entry.usage.values[1] != nullptr) {
        pods.push_back(entry);
      }
    }
    return pods;
  }

  void measure(PodDay& entry, const PodProfile& pod, Resource resource, std::int32_t day) const {
    const DayUsage* const usage = day_of(pod.profile->resources[resource], day);
    if (usage == nullptr) return;
    const UsageSketch& sketch = usage->sketch;
    entry.usage[resource] = &sketch;
    entry.p95[resource] = sketch.quantile(0.95).value_or(0);
    const double max = sketch.max().value_or(0);
    if (resource == Resource::kMemory) entry.max_bytes = max;
    entry.samples[resource] = sketch.count();
    entry.is_censored[resource] =
        presses(current(), resource, resource == Resource::kCpu ? entry.p95[resource] : max,
                options_.censored_from);
  }

  /// True where all policies have values for the resource.
  [[nodiscard]] bool is_judged(Resource resource) const {
    return std::ranges::all_of(standings_, [resource](const Standing& standing) {
      return standing.in_force[resource].has_value();
    });
  }

  void judge(std::int32_t day) {
    const std::vector<PodDay> pods = pod_days(day);
    const PerResource<bool> judged{{is_judged(Resource::kCpu), is_judged(Resource::kMemory)}};
    bool is_any = false;
    for (const PodDay& pod : pods) {
      ++result_.container.pod_days;
      for (const Resource resource : kResources) {
        result_.container.censored[resource] += pod.is_censored[resource] ? 1 : 0;
        is_any = is_any || (judged[resource] && pod.usage[resource] != nullptr);
      }
    }
    for (std::size_t i = 0; i < policies_.size(); ++i) {
      judge_policy(i, pods, judged, day);
      BacktestScore& score = result_.container.policies[i].score;
      score.container_days += is_any ? 1 : 0;
      score.changes += is_any && has_changed_[i] ? 1 : 0;
    }
    result_.judged_days.push_back(day);
  }

  void judge_policy(std::size_t policy, const std::vector<PodDay>& pods,
                    const PerResource<bool>& judged, std::int32_t day) {
    Standing& standing = standings_[policy];
    ContainerScore& own = result_.container.policies[policy];
    for (const PodDay& pod : pods) {
      own.score.advised_pod_days += has_advice(standing.in_force, pod) ? 1 : 0;
      for (const Resource resource : kResources) {
        if (!judged[resource] || pod.usage[resource] == nullptr) continue;
        count_asked(own.score, resource, pod, *standing.in_force[resource]);
      }
      if (judged[Resource::kMemory] && pod.usage[Resource::kMemory] != nullptr) {
        count_oom(standing, own, pod, day);
      }
    }
    for (const Resource resource : kResources) {
      own.in_force[resource] = standing.in_force[resource].value_or(Requirement{});
    }
  }

  static void count_asked(BacktestScore& score, Resource resource, const PodDay& pod,
                          const Requirement& values) {
    const double request = values.request.value_or(0);
    ++score.pod_days[resource];
    score.requested[resource] += request;
    score.limits[resource] += values.limit.value_or(0);
    score.unlimited_pod_days[resource] += values.limit ? 0 : 1;
    score.samples[resource] += pod.samples[resource];
    score.above_request[resource] += pod.usage[resource]->count_above(request);
    if (resource == Resource::kCpu && values.limit) {
      score.cpu_above_limit += pod.usage[resource]->count_above(*values.limit);
    }
    const double bound = values.limit.value_or(request);
    // What asks for nothing wastes nothing.
    if (bound > 0) score.slack[resource] += (bound - pod.p95[resource]) / bound;
  }

  static void count_oom(Standing& standing, ContainerScore& own, const PodDay& pod,
                        std::int32_t day) {
    const Requirement& values = *standing.in_force[Resource::kMemory];
    if (!values.limit || pod.max_bytes <= *values.limit) return;
    ++own.score.oom_days;
    own.score.censored_oom_days += pod.is_censored[Resource::kMemory] ? 1 : 0;
    standing.ooms.push_back(
        {.pod = pod.pod, .day = day, .request_bytes = values.request.value_or(0)});
    const bool is_worst =
        !own.worst || pod.max_bytes * own.worst->limit_bytes > own.worst->max_bytes * *values.limit;
    if (is_worst) own.worst = WorstPodDay{std::string(pod.pod), day, pod.max_bytes, *values.limit};
  }

  const WalkInput& input_;
  const std::vector<BacktestPolicy>& policies_;
  const BacktestOptions& options_;
  ContainerProfile pooled_{};  ///< the days seen so far, inside the window
  std::vector<Standing> standings_{};
  std::vector<bool> has_changed_{};  ///< by policy, on the day at hand
  WalkResult result_{};
};

}  // namespace

std::int32_t least_days(const BacktestOptions& options) {
  const auto days = std::chrono::ceil<std::chrono::days>(options.min_history).count();
  return std::max(1, static_cast<std::int32_t>(days));
}

WalkResult walk(const WalkInput& input, const std::vector<BacktestPolicy>& policies,
                const BacktestOptions& options) {
  return Walk(input, policies, options).run();
}

}  // namespace loadline::recommend_stage
