/// Plans the read of a window and runs it: namespaces in groups, groups on a few connections.
#pragma once

#include <functional>
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
};
std::vector<Matcher> container_matchers(const ContainerSelection& selection,
                                        const std::vector<Matcher>& extra);

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

/// Reads CPU and memory of the window into the collector and finishes it. The first error that
/// remains after retries ends the read.
Result<ReadStats> read_usage(SeriesSource& source, QueryApi& api,
                             const ContainerSelection& selection, TimeRange window, int concurrency,
                             UsageCollector& collector, const OnProgress& on_progress);

}  // namespace loadline
