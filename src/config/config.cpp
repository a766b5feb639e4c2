#include "loadline/config/config.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "config/document.hpp"
#include "config/schema.hpp"
#include "config/settings.hpp"
#include "loadline/model/labels.hpp"

namespace loadline {
namespace {

/// At most one byte more than a document may have: enough to refuse it.
Result<std::string> read_file(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text(config::kMaxDocumentBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || (file.fail() && !file.eof())) {
    const std::string why = errno != 0 ? std::strerror(errno) : "it is not readable";
    return fail(ErrorKind::kInvalidInput,
                "cannot read configuration " + printable(path) + ": " + why);
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

}  // namespace

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

Result<Config> load_config(const std::string& path, const std::vector<Override>& overrides) {
  if (path.empty()) return parse_config("", "", overrides);
  const Result<std::string> text = read_file(path);
  if (!text) return tl::unexpected(text.error());
  return parse_config(*text, path, overrides);
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
