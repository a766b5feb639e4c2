#include "config/schema.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace loadline::config {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kSections{{
    {"prometheus", "How to reach Prometheus, or anything that speaks its API."},
    {"policy", "What to recommend: request = quantile of the usage, limit = factor x quantile."},
    {"policy.cpu", "Values are rounded up to the grid and never below the floor."},
    {"policy.guards", "What makes the rule safe; each has a reason code in every output."},
    {"report", "How `loadline report` prints."},
    {"prices", "What requests cost."},
    {"patch", "What `loadline patch` writes into a Git repository."},
    {"serve", "How `loadline serve` runs."},
    {"log", "What is said on standard error."},
}};

/// Puts a value at its dotted path; maps on the way are made.
void put(Node& map, std::string_view path, Node value) {
  const std::size_t dot = path.find('.');
  if (dot == std::string_view::npos) {
    map.items.push_back(named(path, std::move(value)));
    return;
  }
  const std::string_view head = path.substr(0, dot);
  const auto is_it = [&](const Node& item) { return item.name == head; };
  if (std::none_of(map.items.begin(), map.items.end(), is_it)) {
    map.items.push_back(named(head, {.kind = Node::Kind::kMap}));
  }
  put(*std::find_if(map.items.begin(), map.items.end(), is_it), path.substr(dot + 1),
      std::move(value));
}

std::vector<Key> build_schema() {
  std::vector<Key> all;
  for (auto part : {prometheus_keys(), usage_keys(), policy_keys(), rule_keys(), output_keys(),
                    patch_keys(), serve_keys(), log_keys()}) {
    std::move(part.begin(), part.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace

const std::vector<Key>& schema() {
  static const std::vector<Key> keys = build_schema();
  return keys;
}

const Key* find_key(std::string_view name) {
  const auto is_it = [&](const Key& key) { return key.name == name; };
  const auto found = std::find_if(schema().begin(), schema().end(), is_it);
  return found == schema().end() ? nullptr : &*found;
}

bool is_section(std::string_view name) {
  const std::string prefix = std::string(name) + ".";
  return std::any_of(schema().begin(), schema().end(),
                     [&](const Key& key) { return key.name.starts_with(prefix); });
}

std::string_view section_summary(std::string_view name) {
  for (const auto& [section, summary] : kSections) {
    if (section == name) return summary;
  }
  return {};
}

Node tree_of(const Config& config) {
  Node root{.kind = Node::Kind::kMap};
  for (const Key& key : schema()) put(root, key.name, key.get(config));
  return root;
}

std::string environment_name(std::string_view key) {
  std::string name = "LOADLINE_";
  for (const char c : key) {
    if (c == '.') {
      name += '_';
    } else {
      name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
  }
  return name;
}

}  // namespace loadline::config
