#include <algorithm>
#include <array>

#include "loadline/recommend/recommendation.hpp"

namespace loadline {
namespace {

constexpr std::array<Verdict, 5> kVerdicts{Verdict::kChange, Verdict::kKeep, Verdict::kProfiling,
                                           Verdict::kNoData, Verdict::kExcluded};

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
  switch (code) {
    case ReasonCode::kRequestUnset:
      return "request_unset";
    case ReasonCode::kLimitUnset:
      return "limit_unset";
    case ReasonCode::kLimitUnwanted:
      return "limit_unwanted";
    case ReasonCode::kRequestTooLow:
      return "request_too_low";
    case ReasonCode::kLimitTooLow:
      return "limit_too_low";
    case ReasonCode::kMaxAboveLimit:
      return "max_above_limit";
    case ReasonCode::kRequestTooHigh:
      return "request_too_high";
    case ReasonCode::kLimitTooHigh:
      return "limit_too_high";
    case ReasonCode::kWithinBand:
      return "within_band";
    case ReasonCode::kFloor:
      return "floor";
    case ReasonCode::kShortHistory:
      return "short_history";
    case ReasonCode::kNoUsage:
      return "no_usage";
    case ReasonCode::kCurrentUnknown:
      return "current_unknown";
    case ReasonCode::kOwnerInferred:
      return "owner_inferred";
    case ReasonCode::kLowCoverage:
      return "low_coverage";
    case ReasonCode::kObservedMax:
      return "observed_max";
    case ReasonCode::kOomKilled:
      return "oom_killed";
    case ReasonCode::kInUse:
      return "in_use";
    case ReasonCode::kCensored:
      return "censored";
    case ReasonCode::kThrottled:
      return "throttled";
    case ReasonCode::kGrowing:
      return "growing";
    case ReasonCode::kAutoscaled:
      return "autoscaled";
    case ReasonCode::kNodeCap:
      return "node_capacity";
    case ReasonCode::kLimitRange:
      return "limit_range";
    case ReasonCode::kQuotaExceeded:
      return "quota_exceeded";
    case ReasonCode::kCeiling:
      return "ceiling";
    case ReasonCode::kFixed:
      return "fixed";
    case ReasonCode::kHotReplica:
      return "hot_replica";
    case ReasonCode::kExcluded:
      return "excluded";
  }
  return "";
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
