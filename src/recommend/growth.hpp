/// Memory that grows from day to day: a leak, a cache without bound, or a business that does well.
/// A quantile over the whole window is then too low for tomorrow.
#pragma once

#include <cstdint>
#include <optional>

#include "loadline/usage/profile.hpp"

namespace loadline::recommend_stage {

/// Bytes, each the policy's quantile of one day.
struct Growth {
  double first = 0;          ///< of the first complete day
  double last = 0;           ///< of the last complete day
  double slope_per_day = 0;  ///< Theil-Sen: the median of the slopes between any two days
  std::int32_t days = 0;     ///< from the first to the last, both counted
};

/// nullopt where it does not grow. It grows where, over at least 3 complete days before `today`,
/// the last lies at least 20 % above the first, the Theil-Sen slope explains at least half of that,
/// and three quarters of all pairs of days rise. A weekly peak, a spike or a deployment that moved
/// the level once in the middle of a longer time does not count as growth.
/// (P. K. Sen, Estimates of the regression coefficient based on Kendall's tau, JASA 63, 1968.)
std::optional<Growth> growth_of(const ResourceProfile& profile, double quantile,
                                std::int32_t today);

}  // namespace loadline::recommend_stage
