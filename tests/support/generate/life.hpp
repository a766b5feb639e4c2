/// When the pods of a workload live, from its shape's life.
#pragma once

#include <cstddef>
#include <vector>

#include "support/generate/cluster.hpp"

namespace loadline::generate {

struct PodLife {
  std::size_t replica = 0;
  int generation = 0;
  Ms created = 0;
  Ms finished = kForever;
  Ms gone = kForever;
};

/// In order of creation for each replica. Nothing is created or deleted in the last three hours but
/// the pods of jobs, so that the replica count at the end is one number however the end is rounded.
std::vector<PodLife> pod_lives(const WorkloadShape& shape, const Scraping& scraping);

}  // namespace loadline::generate
