#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "loadline/recommend/recommendation.hpp"

namespace loadline {
namespace {

constexpr std::array<Verdict, 5> kVerdicts{Verdict::kChange, Verdict::kKeep, Verdict::kProfiling,
                                           Verdict::kNoData, Verdict::kExcluded};

/// By the order of the codes, so that a code is an index.
constexpr std::array<std::pair<ReasonCode, std::string_view>,
                     static_cast<std::size_t>(kLastReasonCode) + 1>
    kReasonNames{{
        {ReasonCode::kRequestUnset, "request_unset"},
        {ReasonCode::kLimitUnset, "limit_unset"},
        {ReasonCode::kLimitUnwanted, "limit_unwanted"},
        {ReasonCode::kRequestTooLow, "request_too_low"},
        {ReasonCode::kLimitTooLow, "limit_too_low"},
        {ReasonCode::kMaxAboveLimit, "max_above_limit"},
        {ReasonCode::kRequestTooHigh, "request_too_high"},
        {ReasonCode::kLimitTooHigh, "limit_too_high"},
        {ReasonCode::kWithinBand, "within_band"},
        {ReasonCode::kFloor, "floor"},
        {ReasonCode::kShortHistory, "short_history"},
        {ReasonCode::kNoUsage, "no_usage"},
        {ReasonCode::kCurrentUnknown, "current_unknown"},
        {ReasonCode::kOwnerInferred, "owner_inferred"},
        {ReasonCode::kLowCoverage, "low_coverage"},
        {ReasonCode::kObservedMax, "observed_max"},
        {ReasonCode::kOomKilled, "oom_killed"},
        {ReasonCode::kInUse, "in_use"},
        {ReasonCode::kCensored, "censored"},
        {ReasonCode::kThrottled, "throttled"},
        {ReasonCode::kGrowing, "growing"},
        {ReasonCode::kAutoscaled, "autoscaled"},
        {ReasonCode::kNodeCap, "node_capacity"},
        {ReasonCode::kLimitRange, "limit_range"},
        {ReasonCode::kQuotaExceeded, "quota_exceeded"},
        {ReasonCode::kCeiling, "ceiling"},
        {ReasonCode::kFixed, "fixed"},
        {ReasonCode::kHotReplica, "hot_replica"},
        {ReasonCode::kExcluded, "excluded"},
    }};
static_assert(std::ranges::is_sorted(kReasonNames, {}, &decltype(kReasonNames)::value_type::first));

}  // namespace

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::kChange:
      return "change";
    case Verdict::kKeep:
      return "keep";
    case Verdict::kProfiling:
      return "profiling";
    case Verdict::kNoData:
      return "no_data";
    case Verdict::kExcluded:
      return "excluded";
  }
  return "";
}

std::optional<Verdict> parse_verdict(std::string_view text) {
  const auto* const found =
      std::find_if(kVerdicts.begin(), kVerdicts.end(),
                   [text](Verdict verdict) { return to_string(verdict) == text; });
  if (found == kVerdicts.end()) return std::nullopt;
  return *found;
}

std::string_view to_string(ReasonCode code) {
  return kReasonNames[static_cast<std::size_t>(code)].second;
}

std::string_view to_string(Confidence::Level level) {
  switch (level) {
    case Confidence::Level::kLow:
      return "low";
    case Confidence::Level::kMedium:
      return "medium";
    case Confidence::Level::kHigh:
      return "high";
  }
  return "";
}

bool is_risk(ReasonCode code) {
  switch (code) {
    case ReasonCode::kRequestUnset:
    case ReasonCode::kRequestTooLow:
    case ReasonCode::kLimitTooLow:
    case ReasonCode::kMaxAboveLimit:
    case ReasonCode::kOomKilled:
    case ReasonCode::kThrottled:
      return true;
    case ReasonCode::kLimitUnset:
    case ReasonCode::kLimitUnwanted:
    case ReasonCode::kRequestTooHigh:
    case ReasonCode::kLimitTooHigh:
    case ReasonCode::kWithinBand:
    case ReasonCode::kFloor:
    case ReasonCode::kShortHistory:
    case ReasonCode::kNoUsage:
    case ReasonCode::kCurrentUnknown:
    case ReasonCode::kOwnerInferred:
    case ReasonCode::kLowCoverage:
    case ReasonCode::kObservedMax:
    case ReasonCode::kInUse:
    case ReasonCode::kCensored:
    case ReasonCode::kGrowing:
    case ReasonCode::kAutoscaled:
    case ReasonCode::kNodeCap:
    case ReasonCode::kLimitRange:
    case ReasonCode::kQuotaExceeded:
    case ReasonCode::kCeiling:
    case ReasonCode::kFixed:
    case ReasonCode::kHotReplica:
    case ReasonCode::kExcluded:
      return false;
  }
  return false;
}

}  // namespace loadline
