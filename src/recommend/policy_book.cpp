#include "loadline/recommend/policy_book.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <numeric>

#include "loadline/model/pattern.hpp"

namespace loadline {
namespace {

/// 2 for a name, 1 for a pattern, 0 for "*".
int exactness(const std::string& pattern) {
  if (pattern == "*") return 0;
  return pattern.find_first_of("*?") == std::string::npos ? 2 : 1;
}

std::array<int, 5> specificity(const PolicyMatch& match) {
  return {exactness(match.container), exactness(match.name), exactness(match.kind),
          exactness(match.namespace_name), exactness(match.cluster)};
}

}  // namespace

bool matches(const PolicyMatch& match, const ContainerKey& key) {
  const WorkloadKey& workload = key.workload;
  return matches_pattern(match.cluster, workload.cluster) &&
         matches_pattern(match.namespace_name, workload.namespace_name) &&
         matches_pattern(match.kind, workload.kind) && matches_pattern(match.name, workload.name) &&
         matches_pattern(match.container, key.container);
}

PolicyChooser::PolicyChooser(const PolicyBook& book) : book_(book), order_(book.rules.size()) {
  std::iota(order_.begin(), order_.end(), 0U);
  std::stable_sort(order_.begin(), order_.end(), [&](std::uint32_t a, std::uint32_t b) {
    return specificity(book.rules[a].match) < specificity(book.rules[b].match);
  });
}

const Policy& PolicyChooser::of(const ContainerKey& key) {
  if (order_.empty()) return book_.base;
  std::vector<std::uint32_t> fitting;
  std::copy_if(order_.begin(), order_.end(), std::back_inserter(fitting),
               [&](std::uint32_t rule) { return matches(book_.rules[rule].match, key); });
  if (fitting.empty()) return book_.base;
  const auto [at, is_new] = made_.try_emplace(std::move(fitting), book_.base);
  if (is_new) {
    for (const std::uint32_t rule : at->first) book_.rules[rule].apply(at->second);
  }
  return at->second;
}

std::function<bool(const ContainerKey&)> hottest_rule(const PolicyBook& book) {
  const auto sets_it = [](const PolicyRule& rule) {
    return std::ranges::any_of(rule.settings,
                               [](const auto& setting) { return setting.first == "aggregation"; });
  };
  if (book.base.aggregation == Aggregation::kPooled && std::ranges::none_of(book.rules, sets_it)) {
    return {};
  }
  // The chooser refers to its book, and a std::function may be copied.
  struct Chosen {
    explicit Chosen(PolicyBook own) : book(std::move(own)), chooser(book) {}
    PolicyBook book;
    PolicyChooser chooser;
  };
  const auto chosen = std::make_shared<Chosen>(book);
  return [chosen](const ContainerKey& key) {
    return chosen->chooser.of(key).aggregation == Aggregation::kHottest;
  };
}

}  // namespace loadline
