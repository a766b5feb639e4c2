/// Why this number: everything behind the recommendation of one container, as data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "loadline/recommend/recommend.hpp"

namespace loadline {

/// What stood after one step of the arithmetic, cores or bytes.
struct ExplainedStep {
  std::string step{};  ///< "quantile", then the guards that changed something, in order
  double request = 0;
  std::optional<double> limit{};  ///< nullopt: none
};

struct ExplainedQuantile {
  double quantile = 0;  ///< 0.5 to 1
  double value = 0;
};

struct ExplainedDay {
  std::int32_t day = 0;  ///< days since 1970-01-01
  std::uint64_t samples = 0;
  double target = 0;  ///< the policy's quantile of this day by itself
  double max = 0;
  std::optional<double> coverage{};  ///< scrapes seen / expected
};

/// Samples in (previous edge, `upto`]; the first begins at 0.
struct ExplainedBar {
  double upto = 0;
  double share = 0;  ///< of all samples
};

/// One replica's usage by itself.
struct ExplainedPod {
  std::string pod{};
  double target = 0;  ///< the policy's quantile of its samples
  double max = 0;
};

struct ExplainedResource {
  std::vector<ExplainedStep> steps{};  ///< empty without usage, as all below
  std::vector<ExplainedQuantile> quantiles{};
  std::vector<ExplainedBar> histogram{};  ///< equal widths, up to the maximum
  std::vector<ExplainedDay> days{};       ///< ascending
  std::vector<ExplainedPod> pods{};       ///< the hottest first; empty where they are not known
  /// What the quantile would have to be for another verdict; a sentence, or empty.
  std::string turning_point{};
};

struct Explanation {
  Recommendation row{};
  Policy policy{};
  PerResource<ExplainedResource> resources{};
};

/// The recommendation and its whole story. `bars`: of the histogram, at least 1.
Explanation explain(const Subject& subject, const Policy& policy, std::size_t bars = 16);
/// That of every container that recommend_all has a row for, in its order.
std::vector<Explanation> explain_all(const ProfileSet& profiles, const Inventory& inventory,
                                     const PolicyBook& book, std::int32_t today);

}  // namespace loadline
