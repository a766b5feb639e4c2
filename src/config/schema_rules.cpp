// `policies`: settings of the policy for some containers, by what they match.

#include <algorithm>
#include <utility>

#include "config/schema.hpp"

namespace loadline::config {
namespace {

constexpr std::string_view kSection = "policy.";

/// A setting of a rule: a key of the section `policy` and its value.
struct RuleSetting {
  const Key* key = nullptr;
  Node value{};
};

tl::unexpected<Error> wrong(std::string problem) {
  return fail(ErrorKind::kInvalidInput, std::move(problem));
}

std::string own_name(const Key& key) {
  return key.name.substr(kSection.size());
}

Result<void> set_part(PolicyMatch& match, const Node& part) {
  const std::pair<std::string_view, std::string PolicyMatch::*> parts[] = {
      {"cluster", &PolicyMatch::cluster},
      {"namespace", &PolicyMatch::namespace_name},
      {"kind", &PolicyMatch::kind},
      {"name", &PolicyMatch::name},
      {"container", &PolicyMatch::container}};
  for (const auto& [name, member] : parts) {
    if (part.name != name) continue;
    const Result<std::string> pattern = read_text(part);
    if (!pattern || pattern->empty()) return wrong("match." + std::string(name) + " is a pattern");
    match.*member = *pattern;
    return {};
  }
  return wrong("match: \"" + printable(part.name) +
               "\" is none of cluster, namespace, kind, name, container");
}

Result<PolicyMatch> read_match(const Node& node) {
  if (node.kind != Node::Kind::kMap || node.items.empty()) {
    return wrong("match is a map, e.g. {namespace: shop, name: web-*}");
  }
  PolicyMatch match;
  for (const Node& part : node.items) {
    if (Result<void> set = set_part(match, part); !set) return tl::unexpected(set.error());
  }
  return match;
}

/// Adds what stands at `name` or, of a map, below it.
Result<void> collect(const Node& node, const std::string& name, std::vector<RuleSetting>& found) {
  if (const Key* const key = find_key(std::string(kSection) + name)) {
    found.push_back({key, node});
    return {};
  }
  if (node.kind != Node::Kind::kMap || !is_section(std::string(kSection) + name)) {
    return wrong("\"" + printable(name) + "\" is no setting of policy");
  }
  for (const Node& item : node.items) {
    if (Result<void> added = collect(item, name + "." + item.name, found); !added) return added;
  }
  return {};
}

Result<void> apply_to(Policy& policy, const std::vector<RuleSetting>& settings) {
  Config config;
  config.policy = policy;
  for (const RuleSetting& setting : settings) {
    const Result<void> set = setting.key->set(config, setting.value);
    if (!set) return wrong(own_name(*setting.key) + ": " + set.error().message);
  }
  policy = config.policy;
  return {};
}

Result<PolicyRule> finished(PolicyRule rule, std::vector<RuleSetting> settings) {
  if (settings.empty()) return wrong("a rule sets nothing; e.g. {match: {...}, exclude: true}");
  std::stable_sort(settings.begin(), settings.end(),
                   [](const RuleSetting& a, const RuleSetting& b) { return a.key < b.key; });
  Policy scratch = default_policy();
  if (Result<void> applied = apply_to(scratch, settings); !applied) {
    return tl::unexpected(applied.error());
  }
  for (const RuleSetting& setting : settings) {
    rule.settings.emplace_back(own_name(*setting.key), inline_text(setting.value));
  }
  rule.apply = [settings = std::move(settings)](Policy& policy) {
    (void)apply_to(policy, settings);  // has been applied to a scratch one
  };
  return rule;
}

Result<PolicyRule> read_rule(const Node& node) {
  if (node.kind != Node::Kind::kMap) return wrong("a rule is {match: {...}, SETTING: ...}");
  PolicyRule rule;
  bool has_match = false;
  std::vector<RuleSetting> settings;
  for (const Node& item : node.items) {
    if (item.name == "match") {
      Result<PolicyMatch> match = read_match(item);
      if (!match) return tl::unexpected(match.error());
      rule.match = std::move(*match);
      has_match = true;
    } else if (Result<void> added = collect(item, item.name, settings); !added) {
      return tl::unexpected(added.error());
    }
  }
  if (!has_match) return wrong("a rule needs a match, e.g. match: {namespace: shop}");
  return finished(std::move(rule), std::move(settings));
}

Result<std::vector<PolicyRule>> read_rules(const Node& node) {
  if (node.kind != Node::Kind::kList) return wrong("a list of rules {match: {...}, SETTING: ...}");
  std::vector<PolicyRule> rules;
  for (const Node& item : node.items) {
    Result<PolicyRule> rule = read_rule(item);
    const std::string number = std::to_string(rules.size() + 1);
    if (!rule) return wrong("rule " + number + ": " + rule.error().message);
    rules.push_back(std::move(*rule));
  }
  return rules;
}

Node write_match(const PolicyMatch& match) {
  Node node{.kind = Node::Kind::kMap};
  const std::pair<std::string_view, const std::string*> parts[] = {
      {"cluster", &match.cluster},
      {"namespace", &match.namespace_name},
      {"kind", &match.kind},
      {"name", &match.name},
      {"container", &match.container}};
  for (const auto& [name, pattern] : parts) {
    if (*pattern != "*" || name == "namespace") {
      node.items.push_back(named(name, scalar(*pattern)));
    }
  }
  return node;
}

/// The text was made of a node, so that it reads back.
Node node_of(const std::string& text) {
  const Result<Node> node = parse_document("value: " + text, "");
  return node && !node->items.empty() ? node->items.front() : scalar(text);
}

Node write_rules(const std::vector<PolicyRule>& rules) {
  Node list{.kind = Node::Kind::kList};
  for (const PolicyRule& rule : rules) {
    Node row{.kind = Node::Kind::kMap};
    row.items.push_back(named("match", write_match(rule.match)));
    for (const auto& [name, text] : rule.settings) row.items.push_back(named(name, node_of(text)));
    list.items.push_back(std::move(row));
  }
  return list;
}

}  // namespace

std::vector<Key> rule_keys() {
  return {with_value(
      {.name = "policies",
       .type = "list of {match, settings of policy}",
       .summary = "Other settings of the policy for some containers; the most specific wins.",
       .detail = "match holds patterns for cluster, namespace, kind, name and container; * is any "
                 "run, ? one character. E.g. - {match: {namespace: shop, name: web-*}, memory: "
                 "{limit_factor: 3}}. A variable holds the list as YAML on one line.",
       .shape = Shape::kYaml},
      [](auto& c) -> auto& { return c.policy_rules; }, read_rules, write_rules)};
}

}  // namespace loadline::config
