#include "recommend/sentences.hpp"

#include <cmath>

#include "loadline/recommend/spelling.hpp"

namespace loadline::recommend_stage {
namespace {

enum class Value { kRequest, kLimit };

std::string_view name_of(Value value) {
  return value == Value::kRequest ? "request" : "limit";
}

const std::optional<double>& pick(const Requirement& requirement, Value value) {
  return value == Value::kRequest ? requirement.request : requirement.limit;
}

std::string spelled(const Evidence& evidence, const std::optional<double>& value) {
  return value ? spell_requirement(evidence.resource, *value) : "none";
}

/// "CPU request"
std::string subject(const Evidence& evidence, Value value) {
  return std::string(spell_resource(evidence.resource)) + " " + std::string(name_of(value));
}

/// " (p95 387m)"
std::string target_in_brackets(const Evidence& evidence) {
  return " (" + spell_quantile(evidence.policy.quantile) + " " +
         spell_usage(evidence.resource, evidence.advice.target.value_or(0)) + ")";
}

std::string recommended(const Evidence& evidence, Value value) {
  const std::string amount = spelled(evidence, pick(evidence.advice.recommended, value));
  return value == Value::kRequest ? amount + target_in_brackets(evidence) : amount;
}

std::string too_low(const Evidence& evidence, Value value) {
  return subject(evidence, value) + " " + spelled(evidence, pick(evidence.advice.current, value)) +
         " is below the recommended " + recommended(evidence, value);
}

/// "5.1x the recommended", or "above the recommended" where no ratio would say anything.
std::string excess(const Evidence& evidence, Value value) {
  const double now = pick(evidence.advice.current, value).value_or(0);
  const double advised = pick(evidence.advice.recommended, value).value_or(0);
  const double ratio = advised > 0 ? now / advised : 0;
  if (ratio < 1.05 || ratio > 1e6) return "above the recommended ";
  return spell_decimal(ratio, ratio < 10 ? 1 : 0) + "x the recommended ";
}

std::string too_high(const Evidence& evidence, Value value) {
  return subject(evidence, value) + " " + spelled(evidence, pick(evidence.advice.current, value)) +
         " is " + excess(evidence, value) + recommended(evidence, value);
}

std::string max_above_limit(const Evidence& evidence) {
  const std::string_view effect =
      evidence.resource == Resource::kCpu ? "it is throttled" : "an OOM kill is near";
  return std::string(spell_resource(evidence.resource)) + " reached " +
         spell_usage(evidence.resource, evidence.advice.max.value_or(0)) + ", its limit is " +
         spelled(evidence, evidence.advice.current.limit) + ": " + std::string(effect);
}

std::string days(Milliseconds duration) {
  return spell_decimal(
      static_cast<double>(duration.count()) / static_cast<double>(kMillisecondsPerDay), 1);
}

}  // namespace

std::string sentence(ReasonCode code, const Evidence& evidence) {
  switch (code) {
    case ReasonCode::kRequestUnset:
      return subject(evidence, Value::kRequest) + " is not set, so the pod is placed blindly; " +
             recommended(evidence, Value::kRequest) + " is recommended";
    case ReasonCode::kLimitUnset:
      return subject(evidence, Value::kLimit) + " is not set; " +
             recommended(evidence, Value::kLimit) + " is recommended";
    case ReasonCode::kLimitUnwanted:
      return subject(evidence, Value::kLimit) + " " +
             spelled(evidence, evidence.advice.current.limit) +
             " is set; the policy recommends none";
    case ReasonCode::kRequestTooLow:
      return too_low(evidence, Value::kRequest);
    case ReasonCode::kLimitTooLow:
      return too_low(evidence, Value::kLimit);
    case ReasonCode::kMaxAboveLimit:
      return max_above_limit(evidence);
    case ReasonCode::kRequestTooHigh:
      return too_high(evidence, Value::kRequest);
    case ReasonCode::kLimitTooHigh:
      return too_high(evidence, Value::kLimit);
    case ReasonCode::kFloor:
      return floor_sentence(evidence);
    case ReasonCode::kNoUsage:
      return no_usage_sentence(evidence.resource);
    case ReasonCode::kWithinBand:
    case ReasonCode::kShortHistory:
    case ReasonCode::kCurrentUnknown:
    case ReasonCode::kOwnerInferred:
    case ReasonCode::kLowCoverage:
    case ReasonCode::kObservedMax:
    case ReasonCode::kOomKilled:
    case ReasonCode::kInUse:
    case ReasonCode::kCensored:
    case ReasonCode::kThrottled:
    case ReasonCode::kGrowing:
    case ReasonCode::kAutoscaled:
    case ReasonCode::kNodeCap:
    case ReasonCode::kLimitRange:
    case ReasonCode::kQuotaExceeded:
    case ReasonCode::kCeiling:
    case ReasonCode::kFixed:
    case ReasonCode::kHotReplica:
    case ReasonCode::kExcluded:
      return {};
  }
  return {};
}

std::string floor_sentence(const Evidence& evidence) {
  return std::string(spell_resource(evidence.resource)) + " " +
         spell_quantile(evidence.policy.quantile) + " of " +
         spell_usage(evidence.resource, evidence.advice.target.value_or(0)) +
         " is under the floor of " + spell_requirement(evidence.resource, evidence.policy.floor);
}

std::string hot_replica_sentence(const Evidence& evidence) {
  const ReplicaSpread& spread = evidence.advice.replicas;
  return "the hottest of " + std::to_string(spread.pods) + " replicas has a " +
         std::string(spell_resource(evidence.resource)) + " " +
         spell_quantile(evidence.policy.quantile) + " of " +
         spell_usage(evidence.resource, spread.hottest.value_or(0)) +
         ", well above the recommended request; " + std::to_string(spread.above_request) +
         " of them lie above it: spread the load, or set aggregation: hottest";
}

std::string no_usage_sentence(Resource resource) {
  return "no " + std::string(spell_resource(resource)) + " sample in the window";
}

std::string within_band_sentence(double min_change) {
  return "every current value is less than " + spell_decimal(100 * min_change, 1) +
         "% from the recommended one";
}

std::string short_history_sentence(Milliseconds history, Milliseconds needed) {
  return days(history) + " of the " + days(needed) + " days of history that advice needs";
}

std::string low_coverage_sentence(double ratio) {
  // Rounded down: 89.97 must not read as the 90 that would be enough.
  return "only " + spell_decimal(std::floor(ratio * 1000) / 10, 1) +
         "% of the expected scrapes were seen";
}

std::string current_unknown_sentence() {
  return "today's requests and limits are unknown: kube-state-metrics tells nothing of this "
         "container";
}

std::string owner_inferred_sentence() {
  return "the workload is inferred from the pod's name";
}

std::string excluded_sentence() {
  return "the policy excludes it: values are shown, nothing is asked to be changed";
}

}  // namespace loadline::recommend_stage
