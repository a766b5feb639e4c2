// The texts for people that are made of the schema: the commented example and the reference.

#include <algorithm>
#include <sstream>

#include "config/document.hpp"
#include "config/schema.hpp"
#include "loadline/config/config.hpp"

namespace loadline {
namespace {

constexpr std::string_view kIntroduction =
    "loadline's settings, each with its default. All may be left out. An unknown key is an error.\n"
    "A variable (in parentheses) overrides the file, a flag overrides both. See "
    "docs/configuration.md.";

/// The text as comment lines of at most 100 columns.
std::string comment(std::string_view text, std::size_t indent) {
  std::string lines;
  std::istringstream words{std::string(text)};
  std::string line;
  for (std::string word; words >> word;) {
    if (!line.empty() && indent + 2 + line.size() + 1 + word.size() > 100) {
      lines += std::string(indent, ' ') + "# " + line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return lines + std::string(indent, ' ') + "# " + line + "\n";
}

std::string full_text(const config::Key& key) {
  return key.detail.empty() ? key.summary : key.summary + " " + key.detail;
}

std::string key_comment(const config::Key& key, std::size_t indent) {
  return comment(full_text(key), indent) +
         comment("[" + key.type + "] (" + config::environment_name(key.name) + ")", indent);
}

/// Writes a level of the tree; `path` is the dotted name of what holds it, with its dot.
void write_commented(const config::Node& map, const std::string& path, std::ostream& out) {
  const std::size_t depth = static_cast<std::size_t>(std::count(path.begin(), path.end(), '.'));
  const std::string indent(depth * 2, ' ');
  for (const config::Node& item : map.items) {
    const std::string name = path + item.name;
    if (const config::Key* key = config::find_key(name)) {
      out << key_comment(*key, indent.size()) << indent << item.name << ':'
          << config::value_text(item, indent.size() + 2);
      continue;
    }
    if (depth == 0) out << '\n';
    const std::string_view about = config::section_summary(name);
    if (!about.empty()) out << comment(about, indent.size());
    out << indent << item.name << ":\n";
    write_commented(item, name + ".", out);
    if (depth == 0) out << '\n';
  }
}

/// Escapes what would end a table's cell.
std::string markdown(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

}  // namespace

std::vector<KeyInfo> config_keys() {
  std::vector<KeyInfo> all;
  for (const config::Key& key : config::schema()) {
    all.push_back({.name = key.name,
                   .type = key.type,
                   .summary = key.summary,
                   .detail = key.detail,
                   .environment = config::environment_name(key.name)});
  }
  return all;
}

std::string commented_config() {
  std::ostringstream out;
  std::istringstream lines{std::string(kIntroduction)};
  for (std::string line; std::getline(lines, line);) out << "# " << line << '\n';
  write_commented(config::tree_of(Config{}), "", out);
  std::string text = out.str();
  // Sections stand between single empty lines.
  for (std::size_t at = 0; (at = text.find("\n\n\n", at)) != std::string::npos;) text.erase(at, 1);
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

std::string config_reference() {
  std::ostringstream out;
  out << "| Key | Default | Type | Meaning | Variable |\n|---|---|---|---|---|\n";
  const Config defaults;
  for (const config::Key& key : config::schema()) {
    const std::string standard = config::inline_text(key.get(defaults));
    out << "| `" << key.name << "` | `" << markdown(standard) << "` | " << markdown(key.type)
        << " | " << markdown(full_text(key)) << " | `" << config::environment_name(key.name)
        << "` |\n";
  }
  return out.str();
}

}  // namespace loadline
