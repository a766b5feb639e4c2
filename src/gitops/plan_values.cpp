#include "gitops/plan_values.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "loadline/model/quantity.hpp"
#include "loadline/recommend/change.hpp"

namespace loadline::gitops {
namespace {

constexpr double kNothing = 0;
constexpr double kEverything = std::numeric_limits<double>::infinity();

enum class Hot { kNo, kYes };

/// One value on its way: a request or a limit. `unset` is what nullopt counts as.
struct Step {
  std::optional<double> base{};
  std::optional<double> recommended{};
  std::optional<double> until_yesterday{};
  double unset = kNothing;
  bool may_lower = false;
  Hot hot = Hot::kNo;
};

std::optional<double> next_value(const Step& step, double dead_band) {
  const auto amount = [&step](const std::optional<double>& value) {
    return value.value_or(step.unset);
  };
  const bool is_higher = amount(step.recommended) > amount(step.base);
  if (is_higher && (step.hot == Hot::kYes || changes(step.base, step.recommended, dead_band))) {
    return step.recommended;
  }
  if (is_higher || !step.may_lower) return step.base;
  const bool was_higher = amount(step.until_yesterday) > amount(step.recommended);
  const std::optional<double>& target = was_higher ? step.until_yesterday : step.recommended;
  const bool is_lower = amount(target) < amount(step.base);
  return is_lower && changes(step.base, target, dead_band) ? target : step.base;
}

/// A request and a limit from `base` towards the advice. There must be a recommended request.
Requirement moved(const Requirement& base, const ResourceAdvice& advice, double dead_band) {
  // No request of the days before: they hold no usage and agree with nothing.
  const bool may_lower = advice.until_yesterday.request.has_value();
  const Hot hot = base.limit && advice.max && *advice.max >= *base.limit ? Hot::kYes : Hot::kNo;
  const Requirement& to = advice.recommended;
  const Requirement& past = advice.until_yesterday;
  return {next_value({base.request, to.request, past.request, kNothing, may_lower, Hot::kNo},
                     dead_band),
          next_value({base.limit, to.limit, past.limit, kEverything, may_lower, hot}, dead_band)};
}

std::optional<double> as_written(Resource resource, const std::optional<double>& value) {
  if (!value) return std::nullopt;
  const std::string text = resource == Resource::kCpu ? format_cpu(*value) : format_memory(*value);
  return parse_quantity(text).value_or(*value);
}

/// As the file will say it, so that the next run compares with what is there.
Requirement as_written(Resource resource, Requirement values) {
  if (values.limit && values.request) values.limit = std::max(*values.limit, *values.request);
  return {as_written(resource, values.request), as_written(resource, values.limit)};
}

/// What a policy names is meant to the byte.
double band_of(const Recommendation& row, Resource resource, double dead_band) {
  const bool is_fixed =
      std::any_of(row.reasons.begin(), row.reasons.end(), [resource](const Reason& reason) {
        return reason.code == ReasonCode::kFixed && reason.resource == resource;
      });
  return is_fixed ? 0 : dead_band;
}

bool has_advice(const Recommendation& row, Resource resource) {
  const bool may_move = row.verdict == Verdict::kChange || row.verdict == Verdict::kKeep;
  return may_move && row.resources[resource].recommended.request.has_value();
}

}  // namespace

std::optional<Requirement> base_of(const Recommendation& row, const Requirements* emitted,
                                   Resource resource) {
  if (emitted != nullptr && (*emitted)[resource].request) return (*emitted)[resource];
  if (row.current_known) return row.resources[resource].current;
  return std::nullopt;
}

Requirement planned(const Recommendation& row, const Requirements* emitted, Resource resource,
                    double dead_band) {
  const bool is_emitted = emitted != nullptr && (*emitted)[resource].request.has_value();
  if (!has_advice(row, resource)) {
    return is_emitted ? as_written(resource, (*emitted)[resource]) : Requirement{};
  }
  const ResourceAdvice& advice = row.resources[resource];
  const std::optional<Requirement> base = base_of(row, emitted, resource);
  if (!base) return as_written(resource, advice.recommended);
  const Requirement next = moved(*base, advice, band_of(row, resource, dead_band));
  if (!next.request || (!is_emitted && next == *base)) return {};
  return as_written(resource, next);
}

}  // namespace loadline::gitops
