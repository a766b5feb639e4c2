/// The made-up cluster: workloads, their pods and the runs of their containers over the whole
/// range. Plain data, a pure function of the options.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "support/generate/options.hpp"
#include "support/generate/scrape.hpp"
#include "support/generate/shapes.hpp"

namespace loadline::generate {

inline constexpr Ms kForever = std::numeric_limits<Ms>::max() / 2;

/// Which rows of cAdvisor a run is; all but the first are traps.
enum class RunRole {
  kContainer,
  kPodCgroup,  ///< the pod's cgroup: no container label
  kPause,      ///< container="POD"
  kMonitor,    ///< the runtime's helper in the pod's cgroup: no container label either
};

/// One process: from its start to its end, then a few minutes of lingering series.
struct Run {
  RunRole role = RunRole::kContainer;
  std::size_t container = 0;  ///< index into the shape's containers
  int attempt = 0;
  Ms start = 0;  ///< may lie before the range
  Ms end = kForever;
  Ms linger_end = kForever;     ///< the series is scraped until here, its counter standing still
  bool memory_lingers = false;  ///< the last value; otherwise zero
  Ms counter_reset = 0;         ///< the counter falls to zero here; 0: never
  EndReason reason = EndReason::kNone;
  std::uint64_t seed = 0;
};

struct Pod {
  std::string name{};
  std::string uid{};
  std::size_t node = 0;
  std::string owner{};  ///< of the ReplicaSet or Job between; empty: the workload itself
  int generation = 0;
  Ms created = 0;
  Ms finished = kForever;  ///< succeeded
  Ms gone = kForever;      ///< deleted
  std::vector<Run> runs{};
};

/// cores and bytes; 0: unset.
struct Requirements {
  double cpu_request = 0;
  double cpu_limit = 0;
  double memory_request = 0;
  double memory_limit = 0;
};

struct Workload {
  const WorkloadShape* shape = nullptr;
  std::string namespace_name{};
  std::string name{};
  double scale = 1;         ///< of all load
  bool first_round = true;  ///< the first of its shape: some of its pods have trap rows too
  std::uint64_t seed = 0;
  std::vector<Pod> pods{};
  std::vector<Requirements> requirements{};  ///< by container; set once the usage is known
};

struct Cluster {
  Scraping scraping{};
  std::uint64_t seed = 0;
  std::size_t nodes = 0;
  std::vector<Workload> workloads{};

  [[nodiscard]] ScrapeSchedule node_schedule(std::size_t node) const;
};
/// "node-1", ...
std::string node_name(std::size_t node);

Cluster make_cluster(const Options& options);

}  // namespace loadline::generate
