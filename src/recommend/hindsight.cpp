#include "loadline/recommend/hindsight.hpp"

#include <algorithm>

#include "recommend/backtest_walk.hpp"
#include "recommend/dead_band.hpp"
#include "recommend/study.hpp"

namespace loadline {
namespace {

/// One resource on its way through the days.
struct Walker {
  Resource resource = Resource::kCpu;
  std::size_t next = 0;  ///< of the profile's days
  UsageSketch before{};  ///< the days so far
  std::optional<Requirement> in_force{};
};

class Walk {
 public:
  Walk(const ContainerProfile& profile, std::span<const PodHistory> pods, const Policy& policy,
       std::int32_t today)
      : profile_(profile), pods_(pods), policy_(policy), today_(today) {}

  Hindsight run() {
    const std::int32_t least = recommend_stage::least_days({.min_history = policy_.min_history});
    std::int32_t seen = 0;
    for (std::int32_t day = next_day(); day < today_; day = next_day()) {
      bool is_judged = false;
      for (Walker& walker : walkers_) {
        if (seen >= least) advise(walker, day);
        is_judged = pass(walker, day) || is_judged;
      }
      hindsight_.days += is_judged ? 1 : 0;
      ++seen;
    }
    return hindsight_;
  }

 private:
  [[nodiscard]] const std::vector<DayUsage>& days(const Walker& walker) const {
    return profile_.resources[walker.resource].days;
  }

  /// The earliest day with usage that has not been passed; INT32_MAX where there is none.
  std::int32_t next_day() {
    std::int32_t day = INT32_MAX;
    for (Walker& walker : walkers_) {
      const std::vector<DayUsage>& own = days(walker);
      while (walker.next < own.size() && own[walker.next].sketch.empty()) ++walker.next;
      if (walker.next < own.size()) day = std::min(day, own[walker.next].day);
    }
    return day;
  }

  void advise(Walker& walker, std::int32_t day) {
    if (walker.before.empty()) return;
    const Requirement advice = recommend_stage::advise_by_usage(
        walker.resource, profile_.resources[walker.resource], walker.before, pods_, policy_, day);
    walker.in_force =
        recommend_stage::follow(walker.in_force, advice, walker.before.max(), policy_.min_change);
  }

  /// Judges the day where it can be, and adds it to what is known; true where it was judged.
  bool pass(Walker& walker, std::int32_t day) {
    const std::vector<DayUsage>& own = days(walker);
    if (walker.next == own.size() || own[walker.next].day != day) return false;
    const UsageSketch& usage = own[walker.next++].sketch;
    if (walker.in_force) judge(walker.resource, usage, *walker.in_force);
    walker.before.merge(usage);
    return walker.in_force.has_value();
  }

  void judge(Resource resource, const UsageSketch& usage, const Requirement& values) {
    hindsight_.samples[resource] += usage.count();
    hindsight_.above_request[resource] += usage.count_above(values.request.value_or(0));
    if (resource == Resource::kCpu) {
      if (values.limit) hindsight_.cpu_above_limit += usage.count_above(*values.limit);
      return;
    }
    ++hindsight_.memory_days;
    const bool is_oom = values.limit && usage.max().value_or(0) > *values.limit;
    hindsight_.oom_days += is_oom ? 1 : 0;
  }

  const ContainerProfile& profile_;
  std::span<const PodHistory> pods_{};
  const Policy& policy_;
  std::int32_t today_ = 0;
  Walker walkers_[2] = {{.resource = Resource::kCpu}, {.resource = Resource::kMemory}};
  Hindsight hindsight_{};
};

std::optional<double> share(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

/// Another number wherever the days that are over hold anything else: scrapes are only ever added.
std::uint64_t seen_of(const ContainerKey& key, const ContainerProfile& profile,
                      std::int32_t today) {
  std::uint64_t scrapes = 1;
  for (const ResourceProfile& resource : profile.resources.values) {
    for (const DayUsage& day : resource.days) {
      if (day.day < today) scrapes += day.scrapes_seen;
    }
  }
  return (KeyHash()(key) << 32) ^ scrapes;
}

}  // namespace

Hindsight& Hindsight::operator+=(const Hindsight& other) {
  days += other.days;
  memory_days += other.memory_days;
  oom_days += other.oom_days;
  for (const Resource resource : kResources) {
    samples[resource] += other.samples[resource];
    above_request[resource] += other.above_request[resource];
  }
  cpu_above_limit += other.cpu_above_limit;
  return *this;
}

std::optional<double> above_request_ratio(const Hindsight& hindsight, Resource resource) {
  return share(hindsight.above_request[resource], hindsight.samples[resource]);
}

std::optional<double> cpu_above_limit_ratio(const Hindsight& hindsight) {
  return share(hindsight.cpu_above_limit, hindsight.samples[Resource::kCpu]);
}

Hindsight hindsight_of(const ContainerProfile& profile, const Policy& policy, std::int32_t today,
                       std::span<const PodHistory> pods) {
  return Walk(profile, pods, policy, today).run();
}

void HindsightCache::begin(const PolicyBook& book, std::int32_t today, std::uint32_t last_id) {
  if (book_ != book || today_ != today) entries_.clear();
  book_ = book;
  today_ = today;
  entries_.resize(std::max<std::size_t>(entries_.size(), std::size_t{last_id} + 1));
}

Hindsight HindsightCache::of(const ContainerKey& key, const ContainerProfile& profile,
                             const Policy& policy, std::span<const PodHistory> pods) {
  if (profile.id == 0) return hindsight_of(profile, policy, today_, pods);
  Entry& entry = entries_[profile.id];
  const std::uint64_t seen = seen_of(key, profile, today_);
  if (entry.seen != seen) entry = {seen, hindsight_of(profile, policy, today_, pods)};
  return entry.hindsight;
}

}  // namespace loadline
