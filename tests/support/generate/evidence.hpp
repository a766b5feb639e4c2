/// cAdvisor's counters of throttling and of kills inside a container: evidence beside the usage.
#pragma once

#include <vector>

#include "support/generate/kube_state.hpp"

namespace loadline::generate {

/// container_cpu_cfs_periods_total and _throttled_periods_total of the containers that have a CPU
/// limit and live at the end of the range, growing every hour; container_oom_events_total of those
/// whose processes are killed now and then. Scraped as rarely as kube-state-metrics, which is often
/// enough for them. Needs the requirements settled.
std::vector<StepSeries> evidence_series(const Cluster& cluster);

}  // namespace loadline::generate
