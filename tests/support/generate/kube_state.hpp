/// The series of kube-state-metrics: what the API server would have told over the range.
#pragma once

#include <cstdint>
#include <vector>

#include "support/generate/cluster.hpp"
#include "support/generate/series.hpp"

namespace loadline::generate {

/// A value that changes now and then.
struct StepSeries {
  struct Step {
    Ms from = 0;
    std::uint64_t millionths = 0;
  };

  SeriesLabels labels{};
  std::vector<Step> steps{};  ///< ascending; the first begins the series
  Ms until = kForever;
};

/// Of the whole cluster; needs the requirements settled. Workloads unknown to kube-state-metrics
/// have none. As kube-prometheus-stack stores them: labels of the scraped target (container, pod,
/// instance) stand wherever the series has none of its own.
std::vector<StepSeries> kube_state_series(const Cluster& cluster);

}  // namespace loadline::generate
