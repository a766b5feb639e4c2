/// The advice for one container of one workload, with its evidence and reasons: what every output
/// prints.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loadline/inventory/inventory.hpp"
#include "loadline/model/resources.hpp"
#include "loadline/model/workload.hpp"
#include "loadline/recommend/hindsight.hpp"
#include "loadline/recommend/policy.hpp"
#include "loadline/usage/profile.hpp"

namespace loadline {

enum class Verdict { kChange, kKeep, kProfiling, kNoData, kExcluded };
/// "change", "keep", "profiling", "no_data", "excluded".
std::string_view to_string(Verdict verdict);
std::optional<Verdict> parse_verdict(std::string_view text);

enum class ReasonCode {
  kRequestUnset,    ///< no request: placed blindly
  kLimitUnset,      ///< no limit although one is recommended
  kLimitUnwanted,   ///< a limit although none is recommended
  kRequestTooLow,   ///< risk: uses more than it asks for
  kLimitTooLow,     ///< risk: below what is recommended
  kMaxAboveLimit,   ///< risk: the observed maximum reaches the current limit
  kRequestTooHigh,  ///< waste
  kLimitTooHigh,
  kWithinBand,      ///< all current values within min_change
  kFloor,           ///< the floor, not the usage, set the value
  kShortHistory,    ///< less than min_history
  kNoUsage,         ///< no sample of this resource in the window
  kCurrentUnknown,  ///< no series tells what it asks for today
  kOwnerInferred,   ///< the workload is a guess from the pod's name
  kLowCoverage,     ///< under 90 % of the expected scrapes
  kObservedMax,     ///< the observed maximum, not the quantile, set the memory limit
  kOomKilled,       ///< risk: killed for want of memory; the limit is raised above the one it had
  kInUse,           ///< the newest day's maximum set the memory limit
  kCensored,        ///< today's limit holds the usage down: the quantile is a lower bound
  kThrottled,       ///< risk: the CPU limit stops it in a good part of the CFS periods
  kGrowing,         ///< memory grows from day to day
  kAutoscaled,      ///< an HPA scales by this resource's utilisation: kept
  kNodeCap,         ///< capped at the largest node's allocatable
  kLimitRange,      ///< moved into the namespace's LimitRange
  kQuotaExceeded,   ///< the raise does not fit what the ResourceQuota leaves
  kCeiling,         ///< the policy's ceiling set the value
  kFixed,           ///< the policy names the value
  kHotReplica,      ///< one replica's own target lies well above the recommended request
  kExcluded,        ///< the policy excludes it
};
/// The last of ReasonCode, for loops over all.
inline constexpr ReasonCode kLastReasonCode = ReasonCode::kExcluded;
/// "request_unset", "max_above_limit", ...: machine-readable, stable.
std::string_view to_string(ReasonCode code);
/// True for reasons that are a risk to the workload: they are listed first.
bool is_risk(ReasonCode code);

struct Reason {
  ReasonCode code = ReasonCode::kWithinBand;
  std::optional<Resource> resource{};  ///< nullopt: about the whole container
  std::string sentence{};              ///< for people, with the numbers

  bool operator==(const Reason&) const = default;
};

/// How unevenly the replicas use it; known where their profiles are kept apart (policies with
/// aggregation hottest, `loadline explain`).
struct ReplicaSpread {
  std::uint32_t pods = 0;           ///< with usage in the window; 0: not known
  std::uint32_t above_request = 0;  ///< whose own target lies above the recommended request
  std::optional<double> hottest{};  ///< the highest target of any one of them

  bool operator==(const ReplicaSpread&) const = default;
};

/// Quantiles unrounded; recommended values as they would be written. nullopt is "not known" or "not
/// set", never 0.
struct ResourceAdvice {
  std::uint64_t samples = 0;
  std::optional<double> p50{};
  std::optional<double> p95{};
  std::optional<double> p99{};
  std::optional<double> max{};
  std::optional<double> mean{};
  std::optional<double> target{};  ///< the policy's own quantile, p95 by default
  Requirement current{};
  Requirement recommended{};  ///< request nullopt: nothing to recommend; limit nullopt beside a
                              ///< request: no limit
  /// What the days before the window's last one alone recommend: a patch lowers a value only where
  /// these agree. Both nullopt where they hold no usage.
  Requirement until_yesterday{};
  ReplicaSpread replicas{};

  bool operator==(const ResourceAdvice&) const = default;
};

/// What all replicas' requests cost an hour, in the currency of the prices (prices.hpp).
struct Cost {
  double current_per_hour = 0;
  double recommended_per_hour = 0;

  [[nodiscard]] double saving_per_hour() const { return current_per_hour - recommended_per_hour; }
  bool operator==(const Cost&) const = default;
};

/// How far the evidence carries, from time and coverage and not from a count of points: many
/// samples of one day say nothing of a weekend.
struct Confidence {
  enum class Level { kLow, kMedium, kHigh };

  Level level = Level::kLow;
  std::string why{};  ///< one sentence: what it lacks, or what it rests on

  bool operator==(const Confidence&) const = default;
};
/// "low", "medium", "high".
std::string_view to_string(Confidence::Level level);

struct Recommendation {
  ContainerKey key{};
  ContainerType type = ContainerType::kContainer;
  OwnerSource owner_source = OwnerSource::kKubeStateMetrics;
  std::uint32_t replicas = 0;
  bool current_known = false;
  Verdict verdict = Verdict::kNoData;
  std::vector<Reason> reasons{};  ///< risks first, then CPU before memory
  Coverage coverage{};
  Confidence confidence{};
  Hindsight hindsight{};
  std::optional<Cost> cost{};  ///< nullopt without prices
  std::uint32_t restarts = 0;  ///< of the replicas that live now, together
  OomKills oom_kills{};
  PerResource<ResourceAdvice> resources{};

  bool operator==(const Recommendation&) const = default;
};

}  // namespace loadline
