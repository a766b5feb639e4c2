#include <algorithm>
#include <map>

#include "config/nearest.hpp"
#include "config/schema.hpp"
#include "loadline/config/config.hpp"
#include "loadline/model/labels.hpp"

namespace loadline {
namespace {

constexpr std::string_view kPrefix = "LOADLINE_";

/// Kubernetes puts LOADLINE_SERVICE_HOST, LOADLINE_PORT_9804_TCP and more into every pod beside a
/// Service that is called loadline, or loadline-anything.
bool is_service_link(std::string_view name) {
  return name.ends_with("_SERVICE_HOST") || name.ends_with("_PORT") ||
         name.find("_SERVICE_PORT") != std::string_view::npos ||
         name.find("_PORT_") != std::string_view::npos;
}

std::map<std::string, std::string, std::less<>> keys_by_variable() {
  std::map<std::string, std::string, std::less<>> keys;
  for (const config::Key& key : config::schema()) {
    keys.emplace(config::environment_name(key.name), key.name);
  }
  return keys;
}

Error unknown_variable(std::string_view name,
                       const std::map<std::string, std::string, std::less<>>& known) {
  std::vector<std::string> names{"LOADLINE_CONFIG"};
  for (const auto& [variable, key] : known) names.push_back(variable);
  const std::optional<std::string> meant = config::nearest(name, names);
  return {ErrorKind::kInvalidInput,
          printable(name) + ": no setting has this name; " +
              (meant ? "did you mean " + *meant + "?" : "see docs/configuration.md, or unset it")};
}

}  // namespace

Result<std::vector<Override>> overrides_from_environment(
    const std::vector<std::pair<std::string, std::string>>& environment) {
  const auto known = keys_by_variable();
  std::vector<Override> overrides;
  for (const auto& [name, value] : environment) {
    if (!name.starts_with(kPrefix) || name == "LOADLINE_CONFIG") continue;
    const auto found = known.find(name);
    if (found == known.end()) {
      if (is_service_link(name)) continue;
      return tl::unexpected(unknown_variable(name, known));
    }
    if (!value.empty()) overrides.push_back({found->second, value, name});
  }
  return overrides;
}

}  // namespace loadline
