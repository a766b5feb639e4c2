#include "config/schema.hpp"

namespace loadline::config {
namespace {

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " | ") + word;
  return text;
}

Result<double> read_quantile(const Node& node) {
  Result<double> value = read_number(node);
  if (value && (*value <= 0 || *value > 1)) {
    return fail(ErrorKind::kInvalidInput,
                "\"" + node.text + "\" is not more than 0 and at most 1, e.g. 0.95");
  }
  return value;
}

/// A quantity that can be asked for: above zero, and of memory at least a Mi, as "3" for 3Gi is a
/// slip.
Result<double> read_amount(Resource resource, const Node& node) {
  constexpr double kMi = 1024.0 * 1024.0;
  Result<double> value = read_quantity(node);
  if (!value) return value;
  const bool is_enough = resource == Resource::kCpu ? *value > 0 : *value >= kMi;
  if (is_enough) return value;
  return fail(ErrorKind::kInvalidInput,
              "\"" + node.text + "\" is too little, e.g. 250m of CPU or 64Mi of memory");
}

Result<double> read_factor(const Node& node) {
  Result<double> value = read_number(node);
  if (value && (*value < 1 || *value > 100)) {
    return fail(ErrorKind::kInvalidInput, "\"" + node.text + "\" is not from 1 to 100");
  }
  return value;
}

/// `auto` keeps the factor that stands, by the order of the schema the one configured.
Result<void> set_limit(Config& config, Resource resource, const Node& node) {
  const Result<std::string> text = read_text(node);
  if (!text) return tl::unexpected(text.error());
  ResourcePolicy& policy = config.policy.resources[resource];
  policy.fixed.limit.reset();
  if (*text == "none") {
    policy.limit_factor.reset();
    return {};
  }
  if (!policy.limit_factor) policy.limit_factor = default_policy().resources[resource].limit_factor;
  if (*text == "auto") return {};
  const Result<double> quantity = read_amount(resource, node);
  if (!quantity) {
    return fail(ErrorKind::kInvalidInput, "\"" + printable(*text) +
                                              "\" is none of auto | none | a quantity above 0, "
                                              "e.g. 500m or 1Gi");
  }
  policy.fixed.limit = *quantity;
  return {};
}

Result<void> set_request(Config& config, Resource resource, const Node& node) {
  const Result<std::string> text = read_text(node);
  if (!text) return tl::unexpected(text.error());
  std::optional<double>& request = config.policy.resources[resource].fixed.request;
  request.reset();
  if (*text == "auto") return {};
  const Result<double> quantity = read_amount(resource, node);
  if (!quantity) {
    return fail(ErrorKind::kInvalidInput, "\"" + printable(*text) +
                                              "\" is neither auto nor a quantity above 0, e.g. "
                                              "250m or 512Mi");
  }
  request = *quantity;
  return {};
}

Node get_limit_factor(const Config& config, Resource resource) {
  const std::optional<double> standard = default_policy().resources[resource].limit_factor;
  return write_number(config.policy.resources[resource].limit_factor.value_or(*standard));
}

Node get_limit(const Config& config, Resource resource) {
  const ResourcePolicy& policy = config.policy.resources[resource];
  if (policy.fixed.limit) return write_quantity(resource, *policy.fixed.limit);
  return scalar(policy.limit_factor ? "auto" : "none");
}

Node get_request(const Config& config, Resource resource) {
  const std::optional<double>& request = config.policy.resources[resource].fixed.request;
  return request ? write_quantity(resource, *request) : scalar("auto");
}

Result<void> set_ceiling(Config& config, Resource resource, const Node& node) {
  std::optional<double>& ceiling = config.policy.resources[resource].ceiling;
  ceiling.reset();
  if (node.kind == Node::Kind::kScalar && node.text == "none") return {};
  const Result<double> value = read_amount(resource, node);
  if (!value) return tl::unexpected(value.error());
  ceiling = *value;
  return {};
}

Node get_ceiling(const Config& config, Resource resource) {
  const std::optional<double>& ceiling = config.policy.resources[resource].ceiling;
  return ceiling ? write_quantity(resource, *ceiling) : scalar("none");
}

std::vector<Key> usage_share_keys(Resource resource) {
  const std::string section = "policy." + std::string(to_string(resource)) + ".";
  return {
      with_value(
          {.name = section + "quantile",
           .type = "number",
           .summary = "Quantile of the usage that becomes the request: above 0, at most 1."},
          [resource](auto& c) -> auto& { return c.policy.resources[resource].quantile; },
          read_quantile, write_number),
      {.name = section + "limit_factor",
       .type = "number",
       .summary = "Limit = this factor x the quantile; 1 to 100.",
       .set = [resource](Config& c, const Node& node) -> Result<void> {
         const Result<double> factor = read_factor(node);
         if (!factor) return tl::unexpected(factor.error());
         c.policy.resources[resource].limit_factor = *factor;
         return {};
       },
       .get = [resource](const Config& c) { return get_limit_factor(c, resource); }},
      {.name = section + "request",
       .type = "auto | quantity",
       .summary = "auto: request by the quantile. A quantity: this, whatever the usage.",
       .set = [resource](Config& c, const Node& node) { return set_request(c, resource, node); },
       .get = [resource](const Config& c) { return get_request(c, resource); }},
      {.name = section + "limit",
       .type = "auto | none | quantity",
       .summary = "auto: limit by the factor. none: recommend no limit. A quantity: this.",
       .set = [resource](Config& c, const Node& node) { return set_limit(c, resource, node); },
       .get = [resource](const Config& c) { return get_limit(c, resource); }},
  };
}

std::vector<Key> rounding_keys(Resource resource) {
  const std::string section = "policy." + std::string(to_string(resource)) + ".";
  return {
      with_value(
          {.name = section + "floor",
           .type = "quantity",
           .summary = "Least value that is recommended, request or limit."},
          [resource](auto& c) -> auto& { return c.policy.resources[resource].floor; },
          read_quantity, [resource](double value) { return write_quantity(resource, value); }),
      {.name = section + "ceiling",
       .type = "quantity or none",
       .summary = "Highest value that is recommended, request or limit.",
       .set = [resource](Config& c, const Node& node) { return set_ceiling(c, resource, node); },
       .get = [resource](const Config& c) { return get_ceiling(c, resource); }},
      with_value(
          {.name = section + "grid",
           .type = "list of {from, step}",
           .summary = "From `from` up, values are rounded up to a multiple of `step`.",
           .detail = "Ascending; empty: not rounded. A variable holds FROM:STEP,FROM:STEP.",
           .shape = Shape::kGrid},
          [resource](auto& c) -> auto& { return c.policy.resources[resource].grid; }, read_grid,
          [resource](const auto& grid) { return write_grid(resource, grid); }),
  };
}

Key preset_key() {
  return {.name = "policy.preset",
          .type = join(policy_preset_names()),
          .summary = "Where the other settings of the policy begin.",
          .detail =
              "default: p95, limit 2 x p95. conservative: p99, memory limit at least 1.5 x "
              "the maximum. no-guards: the bare rule.",
          .set = [](Config& c, const Node& node) -> Result<void> {
            const Result<std::string> name = read_text(node);
            if (!name) return tl::unexpected(name.error());
            std::optional<Policy> preset = policy_preset(*name);
            if (!preset) {
              return fail(ErrorKind::kInvalidInput,
                          "\"" + printable(*name) + "\" is none of " + join(policy_preset_names()));
            }
            c.policy = std::move(*preset);
            return {};
          },
          .get = [](const Config& c) { return scalar(c.policy.preset); }};
}

Key aggregation_key() {
  return {
      .name = "policy.aggregation",
      .type = "pooled | hottest",
      .summary = "Whose quantile: of all replicas together, or of the hottest one.",
      .detail =
          "hottest keeps each pod's profile apart: memory grows with the pods; serve "
          "reads the window anew when it changes.",
      .set = [](Config& c, const Node& node) -> Result<void> {
        const Result<std::string> name = read_text(node);
        if (!name) return tl::unexpected(name.error());
        for (const Aggregation each : {Aggregation::kPooled, Aggregation::kHottest}) {
          if (*name != to_string(each)) continue;
          c.policy.aggregation = each;
          return {};
        }
        return fail(ErrorKind::kInvalidInput,
                    "\"" + printable(*name) + "\" is neither pooled nor hottest");
      },
      .get = [](const Config& c) { return scalar(std::string(to_string(c.policy.aggregation))); }};
}

}  // namespace

std::vector<Key> policy_keys() {
  std::vector<Key> keys;
  keys.push_back(preset_key());
  keys.push_back(aggregation_key());
  for (const Resource resource : kResources) {
    for (auto part : {usage_share_keys(resource), rounding_keys(resource)}) {
      std::move(part.begin(), part.end(), std::back_inserter(keys));
    }
  }
  keys.push_back(with_value(
      {.name = "policy.min_history",
       .type = "duration",
       .summary = "History a container must have; below it the verdict is profiling.",
       .detail = "Values are shown, but nothing is asked to be changed."},
      [](auto& c) -> auto& { return c.policy.min_history; }, read_duration, write_duration));
  keys.push_back(with_value(
      {.name = "policy.min_change",
       .type = "percent or ratio",
       .summary = "A value that differs by less from today's is kept."},
      [](auto& c) -> auto& { return c.policy.min_change; }, read_ratio, write_ratio));
  keys.push_back(with_value(
      {.name = "policy.exclude",
       .type = "true | false",
       .summary = "Show values, but ask for no change. For a rule of `policies`."},
      [](auto& c) -> auto& { return c.policy.excluded; }, read_bool, write_bool));
  for (Key& key : guard_keys()) keys.push_back(std::move(key));
  return keys;
}

}  // namespace loadline::config
