/// What to recommend, as plain numbers with loadline's defaults: request = p95, limit = 2 x p95.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loadline/model/resources.hpp"
#include "loadline/model/time.hpp"

namespace loadline {

/// Values from `from` (inclusive) up are rounded up to a multiple of `step`.
struct GridStep {
  double from = 0;
  double step = 0;

  bool operator==(const GridStep&) const = default;
};

struct ResourcePolicy {
  double quantile = 0.95;
  /// Limit = factor x quantile; nullopt: recommend no limit (`limit: none`).
  std::optional<double> limit_factor = 2.0;
  double floor = 0;                 ///< no recommendation below this, request or limit
  std::optional<double> ceiling{};  ///< none above this
  /// Values set by hand, which no guard touches.
  Requirement fixed{};
  std::vector<GridStep> grid{};  ///< ascending `from`; empty: not rounded

  bool operator==(const ResourcePolicy&) const = default;
};

/// What makes the rule safe; each can be switched off by itself.
struct GuardPolicy {
  /// Memory limit >= this x the observed maximum of any replica; nullopt: off.
  std::optional<double> max_factor = 1.2;
  /// Memory limit >= this x the limit under which an OOM kill happened; nullopt: off.
  std::optional<double> oom_factor = 1.2;
  bool in_use = true;       ///< a memory limit is not below the maximum of the newest day
  bool node = true;         ///< nothing above the largest node's allocatable
  bool limit_range = true;  ///< inside the namespace's LimitRange
  bool quota = true;        ///< says where a raise does not fit the ResourceQuota
  bool autoscaler = true;   ///< keeps a resource by whose utilisation an HPA scales
  bool censored = true;     ///< lowers nothing that today's limit holds down
  bool growth = true;       ///< takes the request of memory that grows from its recent end

  bool operator==(const GuardPolicy&) const = default;
};

/// Whose quantile the target is: of all replicas' samples together, or of the one replica whose own
/// is the highest.
enum class Aggregation { kPooled, kHottest };
/// "pooled", "hottest".
std::string_view to_string(Aggregation aggregation);

struct Policy {
  std::string preset{"default"};  ///< where it began (policy_preset)
  PerResource<ResourcePolicy> resources{};
  Aggregation aggregation = Aggregation::kPooled;
  GuardPolicy guards{};
  bool excluded = false;  ///< verdict excluded: shown, never to be changed
  Milliseconds min_history = std::chrono::days(3);  ///< below: verdict profiling
  double min_change =
      0.10;  ///< relative difference to the current value under which a value is kept

  bool operator==(const Policy&) const = default;
};

/// CPU: 1m below 100m, 5m below 1 core, 50m above, floor 10m. Memory: 1Mi, 16Mi above 1Gi, floor
/// 32Mi.
Policy default_policy();
/// A policy by name: default; conservative (p99, memory limit >= 1.5 x the observed maximum);
/// no-guards (the bare rule, for comparison). nullopt where there is none of that name.
std::optional<Policy> policy_preset(std::string_view name);
std::vector<std::string> policy_preset_names();

/// Rounds up to the grid; a value on the grid stays (to 1e-9 relative, so that 0.1 + 0.2 is 300m).
double round_up(double value, const std::vector<GridStep>& grid);
/// The largest grid value that is not above; the value itself where that would be 0.
double round_down(double value, const std::vector<GridStep>& grid);

}  // namespace loadline
