/// What would have been: policies replayed side by side over days that they had not seen.
///
/// Each container of a workload is walked forward over its days. At the midnight at which a judged
/// day begins, every policy sees the days before it that lie inside the window, all pods of the
/// workload; its advice moves the values in force under the dead band; then the day is judged, pod
/// by pod, against the values in force. The first judged day is the one before which the container
/// has usage on `min_history` days (UTC days, begun ones counted). So policies share the same days;
/// and a pod-day is judged only where every policy has values in force for its resource, so that
/// all numbers of all policies rest on exactly the same pod-days. A policy that has no advice takes
/// no blame for it, but its coverage tells.
///
/// The dead band is that of gitops/plan.hpp, restated: a value is replaced where the advice differs
/// by at least `dead_band` (relative_change of recommend/change.hpp), a limit that usage has
/// reached is raised by any amount, and a limit below the request is raised to it. All days that a
/// policy sees are over, so that there is no day to wait for before lowering.
///
/// What the cluster tells of today (OOM kills, nodes, LimitRanges, autoscalers) is kept from the
/// policies: it is not what was known on those days. Today's limit:request ratio alone is told to
/// those that keep it.
///
/// Pure and deterministic on any number of threads.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "loadline/inventory/inventory.hpp"
#include "loadline/recommend/history.hpp"
#include "loadline/recommend/policy_book.hpp"
#include "loadline/usage/profile.hpp"

namespace loadline {

struct BacktestPolicy {
  std::string name{};
  std::string rule{};  ///< one phrase for people: "p95, limit 2 x p95, guards"
  /// A request of nullopt: no advice for the resource; a limit of nullopt beside one: no limit.
  std::function<Requirements(const HistoryView&)> advise{};
};

/// "configured", "default", "no-guards", "conservative", "vpa", "krr", "autopilot".
std::vector<std::string> backtest_policy_names();
/// Those that are compared where none is named: default, no-guards, vpa, krr, autopilot.
std::vector<std::string> default_backtest_policies();
/// The policies of these names, a name twice once. kInvalidInput with the names that there are.
/// `configured` replays `own`, rules by container included; its min_history and exclusions play no
/// part.
Result<std::vector<BacktestPolicy>> backtest_policies(const std::vector<std::string>& names,
                                                      const PolicyBook& own);

struct BacktestOptions {
  Milliseconds min_history = std::chrono::days(3);  ///< rounded up to days, at least one
  std::chrono::days window{14};                     ///< days that a policy sees, at most
  double dead_band = 0.10;
  /// A pod-day whose maximum of memory or p95 of CPU reaches so much of today's limit is censored:
  /// the history ran under that limit and may hide what was wanted.
  double censored_from = 0.95;
};

/// What a policy would have cost and risked: sums, from which the ratios are made. A pod-day is one
/// container of one pod on one day.
struct BacktestScore {
  PerResource<std::uint64_t> pod_days{};  ///< judged, by resource
  std::uint64_t advised_pod_days = 0;     ///< with values for every resource used, of all eligible
  std::uint64_t container_days = 0;       ///< judged in any resource
  std::uint64_t changes = 0;              ///< container-days that began with a changed value
  std::uint64_t oom_days = 0;             ///< memory maximum of the day > limit in force
  std::uint64_t censored_oom_days = 0;    ///< those of them on censored pod-days
  /// Samples, and those of them above the request: whole buckets of the sketch, so within 1.6 %.
  PerResource<std::uint64_t> samples{};
  PerResource<std::uint64_t> above_request{};
  std::uint64_t cpu_above_limit = 0;  ///< none where there is no limit
  /// Sum over pod-days of (limit - p95 of the day's usage) / limit, the request standing in where
  /// there is no limit. Negative where the day's p95 lies above it.
  PerResource<double> slack{};
  PerResource<double> requested{};  ///< core-days and byte-days: request x pods seen that day
  PerResource<double> limits{};     ///< likewise; pod-days without a limit add nothing
  PerResource<std::uint64_t> unlimited_pod_days{};

  BacktestScore& operator+=(const BacktestScore& other);
  bool operator==(const BacktestScore&) const = default;
};

/// The pod-day that exceeded its memory limit by the largest factor.
struct WorstPodDay {
  std::string pod{};
  std::int32_t day = 0;
  double max_bytes = 0;
  double limit_bytes = 0;

  bool operator==(const WorstPodDay&) const = default;
};

/// One container under one policy.
struct ContainerScore {
  BacktestScore score{};
  std::optional<WorstPodDay> worst{};  ///< nullopt without an OOM-day
  Requirements in_force{};             ///< on the last judged day

  bool operator==(const ContainerScore&) const = default;
};

struct ContainerBacktest {
  ContainerKey key{};
  OwnerSource owner_source = OwnerSource::kKubeStateMetrics;
  std::uint64_t pod_days = 0;  ///< eligible
  PerResource<std::uint64_t> censored{};
  std::vector<ContainerScore> policies{};  ///< as the policies of the Backtest

  bool operator==(const ContainerBacktest&) const = default;
};

struct PolicyBacktest {
  std::string name{};
  std::string rule{};
  BacktestScore score{};        ///< all containers
  std::uint64_t workloads = 0;  ///< with a judged pod-day

  bool operator==(const PolicyBacktest&) const = default;
};

struct Backtest {
  std::vector<PolicyBacktest> policies{};
  std::vector<ContainerBacktest> containers{};  ///< those with an eligible pod-day, by key
  std::vector<std::int32_t> judged_days{};      ///< ascending, of the whole fleet
  std::uint64_t pod_days = 0;                   ///< eligible, judged or not
  std::uint64_t young_containers = 0;           ///< too few days: never judged
  std::int32_t least_days = 0;  ///< days that are needed before the first judged one
  /// Censored eligible pod-days, and containers whose limits are not known, so that nothing is
  /// known of censoring.
  PerResource<std::uint64_t> censored{};
  std::uint64_t unknown_limits = 0;
};

/// Which containers are walked; by the workload that owns the pod. Empty: all.
using BacktestFilter = std::function<bool(const ContainerKey&)>;

/// Replays the policies over profiles that were collected pod by pod (ProfileBy::kPod, or a trace);
/// `inventory` tells the owners. There must be a policy.
Backtest backtest(const ProfileSet& by_pod, const Inventory& inventory,
                  const std::vector<BacktestPolicy>& policies, const BacktestOptions& options,
                  const BacktestFilter& filter = {});

/// The ratios of a score; nullopt where there is nothing to divide by.
struct BacktestRatios {
  std::optional<double> oom_days_per_100_pod_days{};
  PerResource<std::optional<double>> above_request{};
  std::optional<double> cpu_above_limit{};  ///< 0 where no CPU limit is set
  PerResource<std::optional<double>> slack{};
  PerResource<std::optional<double>> requested{};  ///< fleet's sum, averaged over judged days
  PerResource<std::optional<double>> limits{};     ///< nullopt where some pod-day has none
  std::optional<double> changes_per_container_day{};
  std::optional<double> coverage{};
};
BacktestRatios ratios_of(const BacktestScore& score, std::uint64_t eligible_pod_days,
                         std::size_t judged_days);

/// Indices into `containers` of those that a policy served worst: most OOM-days first, then the
/// largest share of CPU samples above the limit, then above the request, then by name. Those with
/// neither OOM-day nor sample above a limit are not among them.
std::vector<std::size_t> worst_of(const Backtest& backtest, std::size_t policy, std::size_t most);

}  // namespace loadline
