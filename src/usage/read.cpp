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

bool selected(const ContainerSelection& selection, const std::string& namespace_name) {
  if (matches_any(selection.exclude_namespaces, namespace_name)) return false;
  return selection.namespaces.empty() || matches_any(selection.namespaces, namespace_name);
}

Result<std::vector<std::string>> namespaces_in(QueryApi& api, const ContainerSelection& selection,
                                               TimeRange range) {
  auto names = api.label_values("namespace", container_matchers(selection, {}), range);
  if (!names) return fail_while("listing namespaces", std::move(names).error());
  std::erase_if(*names, [&](const std::string& name) { return !selected(selection, name); });
  return names;
}

using Group = std::vector<std::string>;

std::vector<Group> group(const std::vector<std::string>& namespaces) {
  const std::size_t per_group = (namespaces.size() + kMostGroups - 1) / kMostGroups;
  std::vector<Group> groups;
  std::size_t regex_bytes = 0;
  for (const std::string& name : namespaces) {
    if (groups.empty() || groups.back().size() >= per_group || regex_bytes > kLongestRegex) {
      groups.emplace_back();
      regex_bytes = 0;
    }
    groups.back().push_back(name);
    regex_bytes += name.size() + 1;
  }
  return groups;
}

Result<bool> counters_come_per_core(QueryApi& api, const ContainerSelection& selection,
                                    TimeRange range) {
  const auto cores = api.label_values("cpu", container_matchers(selection, {}), range);
  if (!cores) return fail_while("looking for per-core counters", cores.error());
  return std::ranges::any_of(*cores, [](const std::string& core) { return core != "total"; });
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
  ParallelRead(SeriesSource& source, UsageCollector& collector, std::vector<Group> groups,
               std::vector<TimeRange> slices, std::vector<Matcher> matchers,
               const OnProgress& on_progress)
      : source_(source),
        collector_(collector),
        groups_(std::move(groups)),
        slices_(std::move(slices)),
        matchers_(std::move(matchers)),
        on_progress_(on_progress) {
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
      settle(read_group(groups_[i], *sink));
  }

  Result<ReadStats> read_group(const Group& group, UsageSink& sink) {
    ReadStats stats;
    Selection selection{.matchers = matchers_};
    selection.matchers.push_back(any_of("namespace", group));
    for (const TimeRange& slice : slices_) {
      selection.range = slice;
      auto read = source_.read(selection, sink);
      if (!read) return read;
      sink.end_selection();
      stats += *read;
    }
    return stats;
  }

  void settle(const Result<ReadStats>& outcome) {
    const std::scoped_lock lock(mutex_);
    if (!outcome) {
      if (!error_) error_ = outcome.error();
      failed_ = true;
      return;
    }
    ++progress_.groups_done;
    progress_.stats += *outcome;
    if (on_progress_) on_progress_(progress_);
  }

  SeriesSource& source_;
  UsageCollector& collector_;
  const std::vector<Group> groups_;
  const std::vector<TimeRange> slices_;
  const std::vector<Matcher> matchers_;
  const OnProgress& on_progress_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> failed_{false};
  std::mutex mutex_{};
  ReadProgress progress_{};
  std::optional<Error> error_{};
};

}  // namespace

std::vector<Matcher> container_matchers(const ContainerSelection& selection,
                                        const std::vector<Matcher>& extra) {
  std::vector<Matcher> matchers{
      any_of("__name__", {std::string(kCpuMetric), std::string(kMemoryMetric)}),
      {.name = "container", .op = MatchOp::kNotEqual, .value = ""},
      {.name = "container", .op = MatchOp::kNotEqual, .value = "POD"}};
  if (selection.require_image)
    matchers.push_back({.name = "image", .op = MatchOp::kNotEqual, .value = ""});
  matchers.insert(matchers.end(), extra.begin(), extra.end());
  return matchers;
}

Result<ReadStats> read_usage(SeriesSource& source, QueryApi& api,
                             const ContainerSelection& selection, TimeRange window, int concurrency,
                             UsageCollector& collector, const OnProgress& on_progress) {
  const auto namespaces = namespaces_in(api, selection, window);
  if (!namespaces) return tl::unexpected(namespaces.error());
  const auto per_core = counters_come_per_core(api, selection, window);
  if (!per_core) return tl::unexpected(per_core.error());
  ParallelRead read(source, collector, group(*namespaces),
                    slices(window, *per_core ? kPerCoreSlice : window.length()),
                    container_matchers(selection, {}), on_progress);
  auto stats = read.run(concurrency);
  if (stats) collector.finish();
  return stats;
}

}  // namespace loadline
