#include "config/settings.hpp"

#include <algorithm>
#include <utility>

#include "config/nearest.hpp"
#include "loadline/model/labels.hpp"

namespace loadline::config {
namespace {

std::string place_of(std::string_view file_name, int line) {
  return std::string(file_name) + ":" + std::to_string(line);
}

/// Walks the document with the dotted path of where it is.
class Flattener {
 public:
  explicit Flattener(std::string_view file_name) : file_name_(file_name) {}

  Result<void> add_map(const Node& map, const std::string& prefix) {
    for (const Node& item : map.items) {
      Result<void> added = add(item, prefix + item.name);
      if (!added) return added;
    }
    return {};
  }

  std::vector<Setting> take() { return std::move(settings_); }

 private:
  Result<void> add(const Node& item, const std::string& path) {
    const std::string place = place_of(file_name_, item.line);
    const Key* const key = find_key(path);
    if (key == nullptr && !is_section(path)) return tl::unexpected(unknown_key(place, path));
    if (item.kind == Node::Kind::kNull) return {};
    if (key != nullptr) {
      settings_.push_back({.key = key, .value = item, .place = place});
      return {};
    }
    if (item.kind == Node::Kind::kMap) return add_map(item, path + ".");
    return tl::unexpected(setting_error(place, path, "a map of settings is expected"));
  }

  std::string_view file_name_;
  std::vector<Setting> settings_{};
};

Result<void> apply(Config& config, const Setting& setting) {
  const Result<void> set = setting.key->set(config, setting.value);
  if (set) return {};
  return tl::unexpected(setting_error(setting.place, setting.key->name, set.error().message));
}

/// Settings that are each right, but not together.
Result<void> check_together(const Access& access) {
  const auto refuse = [](std::string message) {
    return fail(ErrorKind::kInvalidInput, std::move(message));
  };
  const bool basic = !access.basic_auth_username.empty();
  if (basic && !access.bearer_token_file.empty()) {
    return refuse(
        "prometheus.bearer_token_file and prometheus.basic_auth.username are both set; keep one");
  }
  if (!basic && !access.basic_auth_password_file.empty()) {
    return refuse(
        "prometheus.basic_auth.password_file is set without prometheus.basic_auth.username");
  }
  if (access.client_certificate_file.empty() != access.client_key_file.empty()) {
    return refuse(
        "prometheus.tls.client_certificate_file and client_key_file belong together; set both");
  }
  return {};
}

}  // namespace

Error setting_error(std::string_view place, std::string_view key, std::string_view problem) {
  std::string message(place);
  message += ": ";
  message += printable(key);
  message += ": ";
  message += problem;
  return {ErrorKind::kInvalidInput, std::move(message)};
}

Error unknown_key(std::string_view place, std::string_view key) {
  std::vector<std::string> known;
  for (const Key& k : schema()) known.push_back(k.name);
  std::string problem = "unknown key";
  if (const std::optional<std::string> meant = nearest(key, known)) {
    problem += "; did you mean " + *meant + "?";
  } else {
    problem += "; `loadline config` prints all keys";
  }
  return setting_error(place, key, problem);
}

Result<std::vector<Setting>> settings_of_document(const Node& root, std::string_view file_name) {
  if (root.kind == Node::Kind::kNull) return std::vector<Setting>{};
  if (root.kind != Node::Kind::kMap) {
    return fail(ErrorKind::kInvalidInput, place_of(file_name, std::max(1, root.line)) +
                                              ": a configuration is a map of \"key: value\"");
  }
  Flattener flattener(file_name);
  const Result<void> added = flattener.add_map(root, "");
  if (!added) return tl::unexpected(added.error());
  return flattener.take();
}

Result<Setting> setting_of_override(const Override& change) {
  const Key* const key = find_key(change.key);
  if (key == nullptr) return tl::unexpected(unknown_key(change.origin, change.key));
  Result<Node> node = node_of_text(key->shape, change.value);
  if (!node) {
    return tl::unexpected(setting_error(change.origin, key->name, node.error().message));
  }
  return Setting{.key = key, .value = std::move(*node), .place = change.origin};
}

Result<Config> apply_settings(std::vector<Setting> settings) {
  std::stable_sort(settings.begin(), settings.end(),
                   [](const Setting& a, const Setting& b) { return a.key < b.key; });
  Config config;
  for (std::size_t i = 0; i < settings.size(); ++i) {
    const Key* const key = settings[i].key;
    const bool last = i + 1 == settings.size() || settings[i + 1].key != key;
    Config superseded = config;
    const bool counts = last || key->shape == Shape::kMap;
    Result<void> applied = apply(counts ? config : superseded, settings[i]);
    if (!applied) return tl::unexpected(applied.error());
  }
  const Result<void> together = check_together(config.prometheus);
  if (!together) return tl::unexpected(together.error());
  return config;
}

}  // namespace loadline::config
