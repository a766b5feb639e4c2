/// The workloads of the demo cluster: every shape of life and load that loadline must get right.
///
/// | workload | what it is there for |
/// |---|---|
/// | shop/Deployment/web | diurnal, 3 replicas; a rollout in mid-window: new ReplicaSet, new pods,
/// lower requests | | shop/StatefulSet/web | the same name with another kind is another workload |
/// | shop/Deployment/search | bursts 4 % of the time: p95 and p99 are worlds apart |
/// | shop/Deployment/frontend | 2 to 6 replicas by an HPA on CPU |
/// | shop/Rollout/checkout | ReplicaSets owned by an Argo Rollout |
/// | shop/Deployment/payments | a proxy beside the application |
/// | shop/Deployment/ledger | init container and native sidecar (init container that stays) |
/// | shop/Deployment/catalog | asks for exactly what is recommended: keep |
/// | shop/Deployment/pricing | under-provisioned: a risk; throttled in 35 % of the periods |
/// | shop/Deployment/gifts | over-provisioned tenfold: waste |
/// | shop/Deployment/legacy | no requests, no limits; a child process OOM-killed 3 days ago |
/// | shop/Deployment/beta | one day old: profiling |
/// | shop/Deployment/orphan | kube-state-metrics never told of it: its owner is a guess |
/// | data/Deployment/importer | leaks until it is OOM-killed at its limit, again and again |
/// | data/Deployment/sessions | leaks, restarted every third day before it hurts |
/// | data/Deployment/flaky | crash-loops: many short runs |
/// | data/StatefulSet/db | steady, 2 replicas; one counter reset without a restart |
/// | data/StatefulSet/cache | page cache fills and is dropped: working set like a saw |
/// | data/CronJob/nightly-report | one hour a day |
/// | data/CronJob/heartbeat | 5-minute pods, one an hour: hundreds of short series |
/// | data/Job/backfill | ran once for three hours six days ago |
/// | tools/Deployment/toolbox | idle, under the floors |
/// | tools/Pod/debug-shell | a bare pod |
/// | kube-system/DaemonSet/node-agent | one pod a node |
/// | kube-system/Pod/kube-proxy | a static pod a node, owned by the Node |
///
/// The namespace tools has a LimitRange, the namespace data a quota on requests.cpu; nodes offer
/// 15.89 cores and 61 GiB.
///
/// More than 25 workloads repeat the shapes in other namespaces ("shop-1") and, beyond 8 of them,
/// with other names ("web-1"), each scaled by a factor of its own.
#pragma once

#include <span>
#include <vector>

#include "support/generate/load.hpp"

namespace loadline::generate {

enum class OwnerKind {
  kDeployment,
  kRollout,
  kStatefulSet,
  kDaemonSet,
  kCronJob,
  kJob,
  kBarePod,
  kStaticPod
};
/// "Deployment", ...; both kinds of pod are "Pod".
const char* to_string(OwnerKind kind);

enum class ContainerRole { kMain, kInit, kSidecar };

/// When the pods of a workload live.
enum class Life {
  kAlways,      ///< before the window and after it
  kRolledOut,   ///< replaced by a new generation in mid-window
  kOneDayOld,   ///< since a day before the end
  kByDaytime,   ///< two always, more by day
  kHourADay,    ///< from 01:00 to 02:00
  kEveryHour,   ///< 5 minutes
  kOnceBefore,  ///< three hours, six days before the end
};

/// What a container asks for: a multiple of the p95 it turns out to use, or an amount; neither:
/// unset.
struct Ask {
  double times_p95 = 0;
  double amount = 0;
};

struct Asks {
  Ask request{};
  Ask limit{};
};

enum class EndReason { kNone, kCompleted, kError, kOomKilled };

/// Restarts of a container inside its living pod.
struct Restarts {
  Ms every = 0;  ///< 0: never
  Ms back_off = 20 * kSecond;
  double jitter = 0;  ///< relative spread of `every`
  EndReason reason = EndReason::kError;
  Ms child_killed_after =
      0;  ///< a process beside the first is killed so long after a start; 0: none
};

struct ContainerShape {
  const char* name = "";
  ContainerRole role = ContainerRole::kMain;
  CpuLoad cpu{};
  MemoryLoad memory{};
  Asks cpu_asks{};
  Asks memory_asks{};
  Restarts restarts{};
  double throttled_share = 0;  ///< of the CFS periods, where there is a CPU limit
  /// So long before the end a process beside the first is killed for want of memory; 0: none.
  Ms child_killed_before_end = 0;
};

struct WorkloadShape {
  const char* namespace_name = "";
  OwnerKind kind = OwnerKind::kDeployment;
  const char* name = "";
  Life life = Life::kAlways;
  int replicas = 1;
  std::vector<ContainerShape> containers{};
  bool known_to_ksm = true;
  bool scaled_by_hpa = false;
  bool counter_reset = false;  ///< the counters fall to zero once, in mid-window
};

std::span<const WorkloadShape> all_shapes();

}  // namespace loadline::generate
