#include "config/schema.hpp"

namespace loadline::config {
namespace {

/// How many times a measured amount; `none` switches the guard off.
Key factor_key(std::string name, std::string summary, std::optional<double> GuardPolicy::*member) {
  return {.name = std::move(name),
          .type = "number or none",
          .summary = std::move(summary),
          .set = [member](Config& c, const Node& node) -> Result<void> {
            std::optional<double>& factor = c.policy.guards.*member;
            factor.reset();
            if (node.kind == Node::Kind::kScalar && node.text == "none") return {};
            const Result<double> value = read_number(node);
            if (!value) return tl::unexpected(value.error());
            if (*value < 1 || *value > 10) {
              return fail(ErrorKind::kInvalidInput, "\"" + node.text + "\" is not from 1 to 10");
            }
            factor = *value;
            return {};
          },
          .get =
              [member](const Config& c) {
                const std::optional<double>& factor = c.policy.guards.*member;
                return factor ? write_number(*factor) : scalar("none");
              }};
}

Key switch_key(std::string name, std::string summary, bool GuardPolicy::*member) {
  return with_value(
      {.name = std::move(name), .type = "true | false", .summary = std::move(summary)},
      [member](auto& c) -> auto& { return c.policy.guards.*member; }, read_bool, write_bool);
}

}  // namespace

std::vector<Key> guard_keys() {
  return {
      factor_key("policy.guards.max_factor",
                 "Memory limit at least this x the observed maximum of any replica.",
                 &GuardPolicy::max_factor),
      factor_key("policy.guards.oom_factor",
                 "Memory limit at least this x the limit under which it was OOM killed.",
                 &GuardPolicy::oom_factor),
      switch_key("policy.guards.in_use", "Memory limit not below the newest day's maximum.",
                 &GuardPolicy::in_use),
      switch_key("policy.guards.censored",
                 "Lower nothing that today's limit holds down, or that is throttled.",
                 &GuardPolicy::censored),
      switch_key("policy.guards.growth", "Take the request of memory that grows from its last day.",
                 &GuardPolicy::growth),
      switch_key("policy.guards.node", "Nothing above the largest node's allocatable.",
                 &GuardPolicy::node),
      switch_key("policy.guards.limit_range", "Values inside the namespace's LimitRange.",
                 &GuardPolicy::limit_range),
      switch_key("policy.guards.autoscaler",
                 "Leave alone a resource by whose utilisation an HPA scales.",
                 &GuardPolicy::autoscaler),
      switch_key("policy.guards.quota", "Say where a raise does not fit the ResourceQuota.",
                 &GuardPolicy::quota),
  };
}

}  // namespace loadline::config
