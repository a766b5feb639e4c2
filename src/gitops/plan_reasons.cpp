#include "gitops/plan_reasons.hpp"

#include <algorithm>
#include <iterator>
#include <string>

#include "gitops/plan_values.hpp"

namespace loadline {
namespace gitops {
namespace {

/// What goes with a change beside its direction.
bool is_evidence(ReasonCode code) {
  switch (code) {
    case ReasonCode::kMaxAboveLimit:
    case ReasonCode::kFloor:
    case ReasonCode::kObservedMax:
    case ReasonCode::kOomKilled:
    case ReasonCode::kInUse:
    case ReasonCode::kThrottled:
    case ReasonCode::kGrowing:
    case ReasonCode::kNodeCap:
    case ReasonCode::kLimitRange:
    case ReasonCode::kCeiling:
    case ReasonCode::kFixed:
      return true;
    case ReasonCode::kRequestUnset:
    case ReasonCode::kLimitUnset:
    case ReasonCode::kLimitUnwanted:
    case ReasonCode::kRequestTooLow:
    case ReasonCode::kLimitTooLow:
    case ReasonCode::kRequestTooHigh:
    case ReasonCode::kLimitTooHigh:
    case ReasonCode::kWithinBand:
    case ReasonCode::kShortHistory:
    case ReasonCode::kNoUsage:
    case ReasonCode::kCurrentUnknown:
    case ReasonCode::kOwnerInferred:
    case ReasonCode::kLowCoverage:
    case ReasonCode::kCensored:
    case ReasonCode::kAutoscaled:
    case ReasonCode::kQuotaExceeded:
    case ReasonCode::kHotReplica:
    case ReasonCode::kExcluded:
      return false;
  }
  return false;
}

std::optional<ReasonCode> request_code(const Requirement& before, const Requirement& after) {
  if (!before.request) return ReasonCode::kRequestUnset;
  if (*after.request > *before.request) return ReasonCode::kRequestTooLow;
  if (*after.request < *before.request) return ReasonCode::kRequestTooHigh;
  return std::nullopt;
}

std::optional<ReasonCode> limit_code(const Requirement& before, const Requirement& after) {
  if (before.limit == after.limit) return std::nullopt;
  if (!after.limit) return ReasonCode::kLimitUnwanted;
  if (!before.limit) return ReasonCode::kLimitUnset;
  return *after.limit > *before.limit ? ReasonCode::kLimitTooLow : ReasonCode::kLimitTooHigh;
}

std::vector<Reason> of_resource(const std::vector<Reason>& reasons, Resource resource) {
  std::vector<Reason> found;
  std::copy_if(reasons.begin(), reasons.end(), std::back_inserter(found),
               [resource](const Reason& reason) { return reason.resource == resource; });
  return found;
}

std::vector<Reason> evidence_of(const Recommendation& row, Resource resource) {
  std::vector<Reason> found;
  for (const Reason& reason : row.reasons) {
    if (reason.resource == resource && is_evidence(reason.code)) {
      found.push_back({reason.code, resource, {}});
    }
  }
  return found;
}

std::vector<Reason> direction(const std::optional<Requirement>& before, const Requirement& after,
                              Resource resource) {
  if (!before) return {{ReasonCode::kCurrentUnknown, resource, {}}};
  std::vector<Reason> reasons;
  for (const auto& code : {request_code(*before, after), limit_code(*before, after)}) {
    if (code) reasons.push_back({*code, resource, {}});
  }
  return reasons;
}

}  // namespace

std::optional<Requirements> current_of(const Recommendation& row) {
  if (!row.current_known) return std::nullopt;
  Requirements current;
  for (const Resource resource : kResources) current[resource] = row.resources[resource].current;
  return current;
}

std::vector<Reason> reasons_of(const Recommendation& row, const Planned& planned,
                               Resource resource) {
  if (!planned.values.request) return {};
  const bool stays = planned.emitted != nullptr && (*planned.emitted)[resource] == planned.values;
  if (stays && planned.origin != nullptr) return of_resource(planned.origin->reasons, resource);
  const std::optional<Requirement> before =
      base_of(row, stays ? nullptr : planned.emitted, resource);
  std::vector<Reason> reasons = direction(before, planned.values, resource);
  if (!reasons.empty()) {
    const std::vector<Reason> evidence = evidence_of(row, resource);
    reasons.insert(reasons.end(), evidence.begin(), evidence.end());
  }
  return reasons;
}

}  // namespace gitops

namespace {

std::optional<ReasonCode> parse_code(std::string_view text) {
  for (int code = 0; code <= static_cast<int>(kLastReasonCode); ++code) {
    const auto candidate = static_cast<ReasonCode>(code);
    if (to_string(candidate) == text) return candidate;
  }
  return std::nullopt;
}

/// The text up to the separator, which it takes off as well.
std::string_view taken(std::string_view& text, std::string_view separator) {
  const std::size_t at = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, at);
  text.remove_prefix(std::min(at + separator.size(), text.size()));
  return part;
}

/// "cpu: " at the front, taken off.
std::optional<Resource> taken_resource(std::string_view& text) {
  for (const Resource resource : kResources) {
    const std::string head = std::string(to_string(resource)) + ": ";
    if (text.substr(0, head.size()) != head) continue;
    text.remove_prefix(head.size());
    return resource;
  }
  return std::nullopt;
}

std::string codes_text(const std::vector<Reason>& reasons, std::optional<Resource> resource) {
  std::string text;
  for (const Reason& reason : reasons) {
    if (reason.resource != resource) continue;
    if (!text.empty()) text += ", ";
    text += to_string(reason.code);
  }
  return text;
}

}  // namespace

std::string reasons_text(const std::vector<Reason>& reasons) {
  std::string text = codes_text(reasons, std::nullopt);
  for (const Resource resource : kResources) {
    const std::string codes = codes_text(reasons, resource);
    if (codes.empty()) continue;
    if (!text.empty()) text += "; ";
    text += std::string(to_string(resource)) + ": " + codes;
  }
  return text;
}

std::vector<Reason> parse_reasons(std::string_view text) {
  std::vector<Reason> reasons;
  while (!text.empty()) {
    std::string_view group = taken(text, "; ");
    const std::optional<Resource> resource = taken_resource(group);
    while (!group.empty()) {
      const std::optional<ReasonCode> code = parse_code(taken(group, ", "));
      if (code) reasons.push_back({*code, resource, {}});
    }
  }
  return reasons;
}

}  // namespace loadline
