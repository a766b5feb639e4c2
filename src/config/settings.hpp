/// Settings between their source and the Config: each knows its key and where it came from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/schema.hpp"

namespace loadline::config {

struct Setting {
  const Key* key = nullptr;
  Node value{};
  std::string place{};  ///< "loadline.yaml:12", "--window"
};

/// `place: key: problem`
Error setting_error(std::string_view place, std::string_view key, std::string_view problem);
/// The same for a key that does not exist, with the nearest that does.
Error unknown_key(std::string_view place, std::string_view key);

/// The document's keys, nested ones joined by dots. A key without a value is as if it were absent.
Result<std::vector<Setting>> settings_of_document(const Node& root, std::string_view file_name);
Result<Setting> setting_of_override(const Override& change);

/// Defaults with the settings applied: of two for one key the later wins, yet both must be valid.
Result<Config> apply_settings(std::vector<Setting> settings);

}  // namespace loadline::config
