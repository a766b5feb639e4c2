/// Plans a read and runs it: namespaces in groups, groups on a few connections.
///
/// `read_usage` reads a whole window at once. A service that reads on from where it stopped does
/// the steps itself: namespaces_in, plan_read from its marks, read_groups.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "loadline/prometheus/query_api.hpp"
#include "loadline/prometheus/source.hpp"
#include "loadline/usage/collector.hpp"

namespace loadline {

/// The one rule on which series are containers: container set and not "POD", cgroup-slice rows
/// (image="") excluded where the runtime sets `image`.
struct ContainerSelection {
  bool require_image = true;
  std::vector<std::string> namespaces{};          ///< patterns; empty: all
  std::vector<std::string> exclude_namespaces{};  ///< patterns

  [[nodiscard]] bool takes(std::string_view namespace_name) const;
};
std::vector<Matcher> container_matchers(const ContainerSelection& selection);

/// Called from the reading threads, one call at a time, with ascending `done`.
struct ReadProgress {
  std::size_t groups_done = 0;
  std::size_t groups_total = 0;
  ReadStats stats{};
};
using OnProgress = std::function<void(const ReadProgress&)>;

/// The median distance of neighbouring scrapes of the CPU counter near the end of the window (looks
/// back hour by hour to the last that has any). nullopt where there is no sample in the window.
Result<std::optional<Milliseconds>> detect_scrape_interval(QueryApi& api,
                                                           const ContainerSelection& selection,
                                                           TimeRange window);

/// The same of kube-state-metrics' scrapes: how long it may take until the owner of a pod is told.
Result<std::optional<Milliseconds>> detect_owner_interval(QueryApi& api,
                                                          const ContainerSelection& selection,
                                                          TimeRange window);

/// The namespaces that have containers in `range` and are selected, sorted.
Result<std::vector<std::string>> namespaces_in(QueryApi& api, const ContainerSelection& selection,
                                               TimeRange range);
/// Whether the CPU counter comes per core (cpu="cpu00", ...) anywhere in `range`.
Result<bool> counters_come_per_core(QueryApi& api, const ContainerSelection& selection,
                                    TimeRange range);

/// Namespaces that are read together, by one request for each slice of the range.
struct ReadGroup {
  std::vector<std::string> namespaces{};
  TimeRange range{};

  bool operator==(const ReadGroup&) const = default;
};
/// Groups of namespaces with the same beginning, about `most_groups` in all (more where beginnings
/// or the length of a selector ask for it); those that begin at or after `end` have nothing to
/// read.
std::vector<ReadGroup> plan_read(const std::map<std::string, TimePoint, std::less<>>& begins,
                                 TimePoint end, std::size_t most_groups);

/// A group that has been read to its end.
struct GroupRead {
  const ReadGroup& group;
  Touched touched{};
  ReadProgress progress{};
};
/// Called from the reading threads, one call at a time; an error ends the read.
using OnGroup = std::function<Result<void>(const GroupRead&)>;

struct ReadOptions {
  ContainerSelection selection{};
  int concurrency = 2;
  bool per_core = false;  ///< then each range is cut, as sums are held until a piece has been read
};

/// Reads the groups into the collector. The first error that remains after retries ends the read;
/// what groups without on_group had touched by then is the collector's to give. Does not finish the
/// collector.
Result<ReadStats> read_groups(SeriesSource& source, const std::vector<ReadGroup>& groups,
                              const ReadOptions& options, UsageCollector& collector,
                              const OnGroup& on_group);

/// Reads CPU and memory of the window, and of `lead_in` before it, into the collector and finishes
/// it.
Result<ReadStats> read_usage(SeriesSource& source, QueryApi& api,
                             const ContainerSelection& selection, TimeRange window,
                             Milliseconds lead_in, int concurrency, UsageCollector& collector,
                             const OnProgress& on_progress);

}  // namespace loadline
