/// The labels of cAdvisor's series as kube-prometheus-stack stores them.
#pragma once

#include "support/generate/cluster.hpp"
#include "support/generate/series.hpp"

namespace loadline::generate {

enum class CadvisorMetric { kCpu, kMemory };

SeriesLabels cadvisor_labels(CadvisorMetric metric, const Workload& workload, const Pod& pod,
                             const Run& run);

}  // namespace loadline::generate
