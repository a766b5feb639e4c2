/// Which policy holds for which container: one for all, and rules for some. The most specific rule
/// wins, setting by setting.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "loadline/model/workload.hpp"
#include "loadline/recommend/policy.hpp"

namespace loadline {

/// Patterns (model/pattern.hpp) that all must fit; "*" fits anything.
struct PolicyMatch {
  std::string cluster{"*"};
  std::string namespace_name{"*"};
  std::string kind{"*"};
  std::string name{"*"};
  std::string container{"*"};

  bool operator==(const PolicyMatch&) const = default;
};
bool matches(const PolicyMatch& match, const ContainerKey& key);

struct PolicyRule {
  PolicyMatch match{};
  /// What it sets, as it was configured: dotted key ("memory.limit_factor") and text. What makes
  /// two rules equal.
  std::vector<std::pair<std::string, std::string>> settings{};
  std::function<void(Policy&)> apply{};  ///< sets them; never empty in a book

  bool operator==(const PolicyRule& other) const {
    return match == other.match && settings == other.settings;
  }
};

struct PolicyBook {
  PolicyBook() = default;
  /// A book without rules.
  PolicyBook(Policy policy) : base(std::move(policy)) {}  // NOLINT(google-explicit-constructor)

  Policy base = default_policy();
  std::vector<PolicyRule> rules{};

  bool operator==(const PolicyBook&) const = default;
};

/// True for the containers whose policy aggregates by the hottest replica, so that their pods must
/// be kept apart (UsageOptions::keeps_pods_apart); empty where no policy of the book does. Not
/// thread-safe.
std::function<bool(const ContainerKey&)> hottest_rule(const PolicyBook& book);

/// Looks policies up. A rule is more specific than another where it names the container, else the
/// workload, the kind, the namespace or the cluster more exactly: a name before a pattern before
/// "*". Of equal ones the later in the book wins. Keeps the policies it has made (one for each
/// combination of rules), so that a fleet of 100,000 shares a few. The book must outlive it. Not
/// thread-safe; what it returns is, and lives as long as it does.
class PolicyChooser {
 public:
  explicit PolicyChooser(const PolicyBook& book);

  const Policy& of(const ContainerKey& key);

 private:
  const PolicyBook& book_;
  std::vector<std::uint32_t> order_{};                   ///< of the rules, the least specific first
  std::map<std::vector<std::uint32_t>, Policy> made_{};  ///< by the rules that match
};

}  // namespace loadline
