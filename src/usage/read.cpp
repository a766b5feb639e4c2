#include "loadline/usage/read.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "loadline/model/pattern.hpp"

namespace loadline {
namespace {

// Enough for a smooth progress bar and for cheap repeats, few enough that matching costs nothing.
constexpr std::size_t kMostGroups = 32;
constexpr std::size_t kLongestRegex = 8'000;
// Per-core counters are summed in memory until a selection ends: keep that short.
constexpr Milliseconds kPerCoreSlice = std::chrono::hours(6);

/// Groups of at most `per_group` namespaces, in order.
void add_groups(const std::vector<std::string>& namespaces, TimeRange range, std::size_t per_group,
                std::vector<ReadGroup>& groups) {
  std::size_t regex_bytes = kLongestRegex + 1;
  for (const std::string& name : namespaces) {
    if (regex_bytes > kLongestRegex || groups.back().namespaces.size() >= per_group) {
      groups.push_back({.range = range});
      regex_bytes = 0;
    }
    groups.back().namespaces.push_back(name);
    regex_bytes += name.size() + 1;
  }
}

std::vector<TimeRange> slices(TimeRange window, Milliseconds length) {
  std::vector<TimeRange> result;
  for (TimePoint start = window.start; start < window.end; start += length)
    result.push_back({start, std::min(start + length, window.end)});
  return result;
}

/// Everything the reading threads share.
class ParallelRead {
 public:
  ParallelRead(SeriesSource& source, UsageCollector& collector,
               const std::vector<ReadGroup>& groups, const ReadOptions& options,
               const OnGroup& on_group)
      : source_(source),
        collector_(collector),
        groups_(groups),
        per_core_(options.per_core),
        matchers_(container_matchers(options.selection)),
        on_group_(on_group) {
    progress_.groups_total = groups_.size();
  }

  Result<ReadStats> run(int threads) {
    const auto needed =
        std::min<std::size_t>(static_cast<std::size_t>(std::max(threads, 1)), groups_.size());
    {
      std::vector<std::jthread> workers;
      for (std::size_t i = 1; i < needed; ++i) workers.emplace_back([this] { work(); });
      work();
    }
    if (error_) return tl::unexpected(*error_);
    return progress_.stats;
  }

 private:
  void work() {
    const auto sink = collector_.make_sink();
    for (std::size_t i = next_++; i < groups_.size() && !failed_; i = next_++)
      settle(groups_[i], read_group(groups_[i], *sink), *sink);
  }

  Result<ReadStats> read_group(const ReadGroup& group, UsageSink& sink) {
    ReadStats stats;
    Selection selection{.matchers = matchers_};
    selection.matchers.push_back(any_of("namespace", group.namespaces));
    for (const TimeRange& slice :
         slices(group.range, per_core_ ? kPerCoreSlice : group.range.length())) {
      selection.range = slice;
      auto read = source_.read(selection, sink);
      if (!read) return read;
      sink.end_selection();
      stats += *read;
    }
    return stats;
  }

  void settle(const ReadGroup& group, const Result<ReadStats>& outcome, UsageSink& sink) {
    const std::scoped_lock lock(mutex_);
    if (!outcome) return fail_with(outcome.error());
    ++progress_.groups_done;
    progress_.stats += *outcome;
    if (!on_group_) return;
    const Result<void> taken = on_group_({group, sink.take_touched(), progress_});
    if (!taken) fail_with(taken.error());
  }

  void fail_with(const Error& error) {
    if (!error_) error_ = error;
    failed_ = true;
  }

  SeriesSource& source_;
  UsageCollector& collector_;
  const std::vector<ReadGroup>& groups_;
  const bool per_core_;
  const std::vector<Matcher> matchers_;
  const OnGroup& on_group_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> failed_{false};
  std::mutex mutex_{};
  ReadProgress progress_{};
  std::optional<Error> error_{};
};

}  // namespace

bool ContainerSelection::takes(std::string_view namespace_name) const {
  if (matches_any(exclude_namespaces, namespace_name)) return false;
  return namespaces.empty() || matches_any(namespaces, namespace_name);
}

std::vector<Matcher> container_matchers(const ContainerSelection& selection) {
  std::vector<Matcher> matchers{
      any_of("__name__", {std::string(kCpuMetric), std::string(kMemoryMetric)}),
      {.name = "container", .op = MatchOp::kNotEqual, .value = ""},
      {.name = "container", .op = MatchOp::kNotEqual, .value = "POD"}};
  if (selection.require_image)
    matchers.push_back({.name = "image", .op = MatchOp::kNotEqual, .value = ""});
  return matchers;
}

Result<std::vector<std::string>> namespaces_in(QueryApi& api, const ContainerSelection& selection,
                                               TimeRange range) {
  auto names = api.label_values("namespace", container_matchers(selection), range);
  if (!names) return fail_while("listing namespaces", std::move(names).error());
  std::erase_if(*names, [&](const std::string& name) { return !selection.takes(name); });
  std::ranges::sort(*names);
  return names;
}

Result<bool> counters_come_per_core(QueryApi& api, const ContainerSelection& selection,
                                    TimeRange range) {
  const auto cores = api.label_values("cpu", container_matchers(selection), range);
  if (!cores) return fail_while("looking for per-core counters", cores.error());
  return std::ranges::any_of(*cores, [](const std::string& core) { return core != "total"; });
}

std::vector<ReadGroup> plan_read(const std::map<std::string, TimePoint, std::less<>>& begins,
                                 TimePoint end, std::size_t most_groups) {
  std::map<TimePoint, std::vector<std::string>> by_begin;
  for (const auto& [name, begin] : begins)
    if (begin < end) by_begin[begin].push_back(name);
  const std::size_t per_group = (begins.size() + most_groups - 1) / most_groups;
  std::vector<ReadGroup> groups;
  for (const auto& [begin, names] : by_begin) add_groups(names, {begin, end}, per_group, groups);
  return groups;
}

Result<ReadStats> read_groups(SeriesSource& source, const std::vector<ReadGroup>& groups,
                              const ReadOptions& options, UsageCollector& collector,
                              const OnGroup& on_group) {
  return ParallelRead(source, collector, groups, options, on_group).run(options.concurrency);
}

Result<ReadStats> read_usage(SeriesSource& source, QueryApi& api,
                             const ContainerSelection& selection, TimeRange window,
                             Milliseconds lead_in, int concurrency, UsageCollector& collector,
                             const OnProgress& on_progress) {
  const auto namespaces = namespaces_in(api, selection, window);
  if (!namespaces) return tl::unexpected(namespaces.error());
  const auto per_core = counters_come_per_core(api, selection, window);
  if (!per_core) return tl::unexpected(per_core.error());
  std::map<std::string, TimePoint, std::less<>> begins;
  for (const std::string& name : *namespaces) begins.emplace(name, window.start - lead_in);
  const OnGroup on_group = [&on_progress](const GroupRead& done) -> Result<void> {
    if (on_progress) on_progress(done.progress);
    return {};
  };
  auto stats = read_groups(source, plan_read(begins, window.end, kMostGroups),
                           {selection, concurrency, *per_core}, collector, on_group);
  if (stats) collector.finish();
  return stats;
}

}  // namespace loadline
