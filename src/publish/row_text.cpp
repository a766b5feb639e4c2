#include "publish/row_text.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "loadline/recommend/change.hpp"
#include "loadline/recommend/prices.hpp"
#include "loadline/recommend/spelling.hpp"
#include "publish/summary.hpp"

namespace loadline::publish {
namespace {

std::string current_text(const Recommendation& row, Resource resource,
                         const std::optional<double>& current) {
  if (!row.current_known) return "unknown";
  return current ? spell_requirement(resource, *current) : "-";
}

bool has_reason(const Recommendation& row, Resource resource,
                std::initializer_list<ReasonCode> codes) {
  return std::any_of(row.reasons.begin(), row.reasons.end(), [&](const Reason& reason) {
    return reason.resource == resource &&
           std::find(codes.begin(), codes.end(), reason.code) != codes.end();
  });
}

Direction direction_of(const Recommendation& row, Resource resource, Value value) {
  using enum ReasonCode;
  const bool is_request = value == Value::kRequest;
  const bool raise = is_request ? has_reason(row, resource, {kRequestUnset, kRequestTooLow})
                                : has_reason(row, resource, {kLimitTooLow});
  const bool lower = is_request ? has_reason(row, resource, {kRequestTooHigh})
                                : has_reason(row, resource, {kLimitTooHigh, kLimitUnwanted});
  if (raise) return Direction::kRaise;
  return lower ? Direction::kLower : Direction::kNone;
}

/// By the order of the codes, so that a code is an index; what other columns tell is empty.
constexpr std::array<std::pair<ReasonCode, std::string_view>,
                     static_cast<std::size_t>(kLastReasonCode) + 1>
    kShortTexts{{
        {ReasonCode::kRequestUnset, "no request"},
        {ReasonCode::kLimitUnset, "no limit"},
        {ReasonCode::kLimitUnwanted, "limit unwanted"},
        {ReasonCode::kRequestTooLow, "request low"},
        {ReasonCode::kLimitTooLow, "limit low"},
        {ReasonCode::kMaxAboveLimit, "hit its limit"},
        {ReasonCode::kRequestTooHigh, "request high"},
        {ReasonCode::kLimitTooHigh, "limit high"},
        {ReasonCode::kWithinBand, "fits"},
        {ReasonCode::kFloor, "at the floor"},
        {ReasonCode::kShortHistory, "short history"},
        {ReasonCode::kNoUsage, "no usage"},
        {ReasonCode::kCurrentUnknown, "today's values unknown"},
        {ReasonCode::kOwnerInferred, ""},
        {ReasonCode::kLowCoverage, "low coverage"},
        {ReasonCode::kObservedMax, "set by the maximum"},
        {ReasonCode::kOomKilled, "OOM killed"},
        {ReasonCode::kInUse, "set by today's use"},
        {ReasonCode::kCensored, "held down by its limit"},
        {ReasonCode::kThrottled, "throttled"},
        {ReasonCode::kGrowing, "grows"},
        {ReasonCode::kAutoscaled, "an HPA scales by it"},
        {ReasonCode::kNodeCap, "capped at the largest node"},
        {ReasonCode::kLimitRange, "bound by a LimitRange"},
        {ReasonCode::kQuotaExceeded, "over the quota"},
        {ReasonCode::kCeiling, "at the ceiling"},
        {ReasonCode::kFixed, "set by policy"},
        {ReasonCode::kHotReplica, "one replica is hot"},
        {ReasonCode::kExcluded, "excluded"},
    }};
static_assert(std::ranges::is_sorted(kShortTexts, {}, &decltype(kShortTexts)::value_type::first));

std::string_view short_text(ReasonCode code) {
  return kShortTexts[static_cast<std::size_t>(code)].second;
}

struct Phrase {
  ReasonCode code = ReasonCode::kWithinBand;
  std::vector<std::string> resources{};
};

std::vector<Phrase> phrases_of(const Recommendation& row) {
  std::vector<Phrase> phrases;
  for (const Reason& reason : row.reasons) {
    auto phrase = std::find_if(phrases.begin(), phrases.end(),
                               [&](const Phrase& p) { return p.code == reason.code; });
    if (phrase == phrases.end()) {
      phrase = phrases.insert(phrases.end(), Phrase{reason.code, {}});
    }
    if (reason.resource) phrase->resources.emplace_back(loadline::to_string(*reason.resource));
  }
  return phrases;
}

std::string share_text(const std::optional<double>& ratio) {
  return ratio ? spell_decimal(100 * *ratio, 1) + "%" : "-";
}

bool is_waste(const Recommendation& row) {
  return row.verdict == Verdict::kChange &&
         std::any_of(row.reasons.begin(), row.reasons.end(), [](const Reason& reason) {
           return reason.code == ReasonCode::kRequestTooHigh;
         });
}

}  // namespace

std::string_view to_string(Value value) {
  return value == Value::kRequest ? "request" : "limit";
}

const std::optional<double>& pick(const Requirement& requirement, Value value) {
  return value == Value::kRequest ? requirement.request : requirement.limit;
}

ValueText value_text(const Recommendation& row, Resource resource, Value value) {
  const ResourceAdvice& advice = row.resources[resource];
  const std::optional<double>& current = pick(advice.current, value);
  const std::optional<double>& next = pick(advice.recommended, value);
  ValueText text;
  text.current = current_text(row, resource, current);
  text.direction = direction_of(row, resource, value);
  if (next) {
    text.recommended = spell_requirement(resource, *next);
  } else if (advice.recommended.request && (current || !row.current_known)) {
    text.recommended = "none";
  }
  return text;
}

std::string joined(const ValueText& text, std::string_view arrow) {
  if (text.recommended.empty()) return text.current;
  return text.current + " " + std::string(arrow) + " " + text.recommended;
}

std::string workload_text(const Recommendation& row) {
  const std::string mark = row.owner_source == OwnerSource::kPodName ? "~" : "";
  return mark + row.key.workload.kind + "/" + row.key.workload.name;
}

std::string container_text(const Recommendation& row) {
  if (row.type == ContainerType::kContainer) return row.key.container;
  return row.key.container + " (" + std::string(loadline::to_string(row.type)) + ")";
}

std::string path_text(const Recommendation& row) {
  const WorkloadKey& workload = row.key.workload;
  const std::string cluster = workload.cluster.empty() ? "" : workload.cluster + ": ";
  return cluster + workload.namespace_name + "/" + workload.kind + "/" + workload.name + "/" +
         row.key.container;
}

std::string coverage_text(const Coverage& coverage) {
  if (!coverage.ratio) return "-";
  // 0.29 * 100 is 28.999999999999996.
  const double percent = std::floor(*coverage.ratio * 100 + 1e-9);
  return spell_decimal(std::min(percent, 100.0), 0) + "%";
}

std::string days_text(Milliseconds duration) {
  return spell_decimal(
      static_cast<double>(duration.count()) / static_cast<double>(kMillisecondsPerDay), 1);
}

std::string oom_days_text(const Hindsight& hindsight) {
  if (hindsight.memory_days == 0) return "-";
  return std::to_string(hindsight.oom_days) + "/" + std::to_string(hindsight.memory_days);
}

std::string hindsight_text(const Hindsight& hindsight) {
  if (hindsight.days == 0) return "no day could be judged yet";
  return counted(hindsight.oom_days, "OOM-day") + " in " + counted(hindsight.days, "day") +
         " judged; above the request: CPU " +
         share_text(above_request_ratio(hindsight, Resource::kCpu)) + ", memory " +
         share_text(above_request_ratio(hindsight, Resource::kMemory)) +
         " of the samples; above the CPU limit: " + share_text(cpu_above_limit_ratio(hindsight));
}

std::string cost_text(const std::optional<Cost>& cost) {
  if (!cost) return "-";
  return money_text(kHoursPerMonth * cost->current_per_hour) + " -> " +
         money_text(kHoursPerMonth * cost->recommended_per_hour);
}

std::string usage_text(Resource resource, const std::optional<double>& value) {
  return value ? spell_usage(resource, *value) : "-";
}

std::vector<std::string> short_reasons(const Recommendation& row) {
  std::vector<std::string> texts;
  for (const Phrase& phrase : phrases_of(row)) {
    std::string text(short_text(phrase.code));
    if (text.empty()) continue;
    if (!phrase.resources.empty()) text += " (" + joined(phrase.resources, ", ") + ")";
    texts.push_back(std::move(text));
  }
  return texts;
}

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += separator;
    text += part;
  }
  return text;
}

RowTone tone_of(const Recommendation& row) {
  if (at_risk(row)) return RowTone::kRisk;
  if (is_waste(row)) return RowTone::kWaste;
  return row.verdict == Verdict::kChange ? RowTone::kChange : RowTone::kQuiet;
}

std::string_view to_string(RowTone tone) {
  switch (tone) {
    case RowTone::kRisk:
      return "risk";
    case RowTone::kWaste:
      return "waste";
    case RowTone::kChange:
      return "change";
    case RowTone::kQuiet:
      return "quiet";
  }
  return "";
}

}  // namespace loadline::publish
