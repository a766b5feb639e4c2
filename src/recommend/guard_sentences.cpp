#include "recommend/guard_sentences.hpp"

#include <cmath>

#include "loadline/model/labels.hpp"
#include "loadline/model/time.hpp"
#include "loadline/recommend/spelling.hpp"

namespace loadline::recommend_stage {
namespace {

std::string name_of(const Evidence& evidence) {
  return std::string(spell_resource(evidence.resource));
}

std::string current_limit(const Evidence& evidence) {
  const std::optional<double>& limit = evidence.advice.current.limit;
  return limit ? " of " + spell_requirement(evidence.resource, *limit) : std::string();
}

/// "3 times", "once"
std::string times(std::uint32_t count) {
  return count == 1 ? "once" : std::to_string(count) + " times";
}

}  // namespace

std::string growing_sentence(const Evidence& evidence) {
  const Growth& growth = *evidence.around.growth;
  return name_of(evidence) + " grows: its " + spell_quantile(evidence.policy.quantile) +
         " rose from " + spell_usage(evidence.resource, growth.first) + " to " +
         spell_usage(evidence.resource, growth.last) + " in " + std::to_string(growth.days) +
         " days; the request is taken from the last day";
}

std::string censored_sentence(const Evidence& evidence) {
  return name_of(evidence) + " " + spell_quantile(evidence.policy.quantile) +
         " lies at today's limit" + current_limit(evidence) +
         ", so that the need may be higher: nothing is lowered";
}

std::string throttled_sentence(const Evidence& evidence) {
  const double ratio = evidence.around.facts->throttled_ratio.value_or(0);
  return "throttled in " + spell_decimal(std::floor(1000 * ratio) / 10, 1) +
         "% of the CFS periods under its limit" + current_limit(evidence) + ": CPU is not lowered";
}

std::string observed_max_sentence(const Evidence& evidence) {
  return name_of(evidence) + " limit is " +
         spell_decimal(evidence.around.guards.max_factor.value_or(0), 2) +
         "x the observed maximum of " +
         spell_usage(evidence.resource, evidence.advice.max.value_or(0));
}

std::string oom_sentence(const OomKills& kills) {
  std::string text = "killed for want of memory " + times(kills.count);
  if (kills.last_ms > 0) text += ", last at " + format_rfc3339(from_unix_ms(kills.last_ms));
  if (!kills.limit_bytes) return text;
  return text + ", under a limit of " + spell_requirement(Resource::kMemory, *kills.limit_bytes);
}

std::string in_use_sentence(const Evidence& evidence) {
  return name_of(evidence) + " limit is the newest day's maximum of " +
         spell_usage(evidence.resource, evidence.around.newest_max.value_or(0));
}

std::string ceiling_sentence(const Evidence& evidence, double ceiling) {
  return name_of(evidence) + " is held at the policy's ceiling of " +
         spell_requirement(evidence.resource, ceiling);
}

std::string fixed_sentence(const Evidence& evidence) {
  const Requirement& fixed = evidence.policy.fixed;
  const std::string what = fixed.request && fixed.limit ? "request and limit"
                           : fixed.request              ? "request"
                                                        : "limit";
  return "the policy sets the " + name_of(evidence) + " " + what;
}

std::string node_sentence(const Evidence& evidence) {
  return name_of(evidence) + " is capped at what the largest node offers, " +
         spell_usage(evidence.resource, evidence.around.largest_node.value_or(0));
}

std::string limit_range_sentence(Resource resource, const ContainerBounds& bounds) {
  std::string text = "the namespace's LimitRange asks for " + std::string(spell_resource(resource));
  if (bounds.least) text += " of at least " + spell_requirement(resource, *bounds.least);
  if (bounds.most) {
    text += std::string(bounds.least ? " and" : " of") + " at most " +
            spell_requirement(resource, *bounds.most);
  }
  if (!bounds.most_ratio) return text;
  return text + (bounds.least || bounds.most ? "," : "") + " with a limit of at most " +
         spell_decimal(*bounds.most_ratio, 2) + "x the request";
}

std::string autoscaled_sentence(const Evidence& evidence) {
  return "HorizontalPodAutoscaler " + printable(evidence.around.workload->autoscaler, 100) +
         " scales by " + name_of(evidence) + " utilisation: " + name_of(evidence) +
         " is left as it is";
}

std::string quota_sentence(const Evidence& evidence, std::string_view what, double raise,
                           double left) {
  return "raising the " + name_of(evidence) + " " + std::string(what) + " of all replicas by " +
         spell_usage(evidence.resource, raise) + " does not fit the " +
         spell_usage(evidence.resource, left) + " that the ResourceQuota leaves";
}

}  // namespace loadline::recommend_stage
