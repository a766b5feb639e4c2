#include "loadline/config/config.hpp"

#include "config/document.hpp"
#include "config/read_file.hpp"
#include "config/schema.hpp"
#include "config/settings.hpp"
#include "loadline/config/prices.hpp"

namespace loadline {

std::string_view to_string(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "";
}

PolicyBook policy_book(const Config& config) {
  PolicyBook book(config.policy);
  book.rules = config.policy_rules;
  return book;
}

Result<Config> parse_config(std::string_view yaml, std::string_view file_name,
                            const std::vector<Override>& overrides) {
  const Result<config::Node> root = config::parse_document(yaml, file_name);
  if (!root) return tl::unexpected(root.error());
  Result<std::vector<config::Setting>> settings = config::settings_of_document(*root, file_name);
  if (!settings) return tl::unexpected(settings.error());
  for (const Override& change : overrides) {
    Result<config::Setting> setting = config::setting_of_override(change);
    if (!setting) return tl::unexpected(setting.error());
    settings->push_back(std::move(*setting));
  }
  return config::apply_settings(std::move(*settings));
}

namespace {

Result<Config> load_file(const std::string& path, const std::vector<Override>& overrides) {
  if (path.empty()) return parse_config("", "", overrides);
  const Result<std::string> text = config::read_file(path, "configuration");
  if (!text) return tl::unexpected(text.error());
  return parse_config(*text, path, overrides);
}

}  // namespace

Result<Config> load_config(const std::string& path, const std::vector<Override>& overrides) {
  Result<Config> config = load_file(path, overrides);
  if (!config || config->prices_file.empty()) return config;
  Result<PriceBook> prices = load_prices(config->prices_file);
  if (!prices) {
    return fail(ErrorKind::kInvalidInput, "prices.file: " + prices.error().message);
  }
  config->prices = std::move(*prices);
  return config;
}

Result<double> parse_ratio(std::string_view text) {
  return config::read_ratio(config::scalar(text));
}

std::string print_config(const Config& config) {
  std::string text;
  for (const config::Node& item : config::tree_of(config).items) {
    text += item.name + ":" + config::value_text(item, 2);
  }
  return text;
}

}  // namespace loadline
