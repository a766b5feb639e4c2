#include "config/schema.hpp"

namespace loadline::config {
namespace {

Result<double> read_quantile(const Node& node) {
  Result<double> value = read_number(node);
  if (value && (*value <= 0 || *value > 1)) {
    return fail(ErrorKind::kInvalidInput,
                "\"" + node.text + "\" is not more than 0 and at most 1, e.g. 0.95");
  }
  return value;
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
  if (*text != "auto" && *text != "none") {
    return fail(ErrorKind::kInvalidInput, "\"" + printable(*text) + "\" is none of auto | none");
  }
  std::optional<double>& factor = config.policy.resources[resource].limit_factor;
  if (*text == "none") factor.reset();
  return {};
}

Node get_limit_factor(const Config& config, Resource resource) {
  const std::optional<double> standard = default_policy().resources[resource].limit_factor;
  return write_number(config.policy.resources[resource].limit_factor.value_or(*standard));
}

Node get_limit(const Config& config, Resource resource) {
  return scalar(config.policy.resources[resource].limit_factor ? "auto" : "none");
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
      {.name = section + "limit",
       .type = "auto | none",
       .summary = "auto: limit by the factor. none: recommend no limit.",
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

}  // namespace

std::vector<Key> policy_keys() {
  std::vector<Key> keys;
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
  return keys;
}

}  // namespace loadline::config
