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
  }
  return "";
}

bool is_risk(ReasonCode code) {
  switch (code) {
    case ReasonCode::kRequestUnset:
    case ReasonCode::kRequestTooLow:
    case ReasonCode::kLimitTooLow:
    case ReasonCode::kMaxAboveLimit:
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
      return false;
  }
  return false;
}

}  // namespace loadline
