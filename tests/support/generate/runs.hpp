/// The processes of a pod: restarts, init containers and the rows beside them.
#pragma once

#include <vector>

#include "support/generate/cluster.hpp"

namespace loadline::generate {

/// All runs of the pod that reach into the range, by container, then by time.
std::vector<Run> make_runs(const Workload& workload, const Pod& pod, const Scraping& scraping);

}  // namespace loadline::generate
