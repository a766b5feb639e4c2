#include "gitops/verify_target.hpp"

#include <algorithm>
#include <array>
#include <regex>

#include "loadline/model/labels.hpp"

namespace loadline::gitops {
namespace {

constexpr std::array<const char*, 5> kFields{"kind", "name", "namespace", "group", "version"};
constexpr std::string_view kMeaningful = "\\.+*?()|[]{}^$";
/// No object's name is longer; std::regex descends once a character.
constexpr std::size_t kLongest = 253;
/// std::regex tries every way of dividing a text among the repetitions of a pattern.
constexpr int kMostRepetitions = 3;

std::string text_of(const YamlNode& node, std::string_view key) {
  const YamlNode* const member = node.find(key);
  return member != nullptr ? member->text : "";
}

/// "apps/v1" -> apps, v1; "v1" -> "", v1.
std::pair<std::string, std::string> group_and_version(const std::string& api_version) {
  const std::size_t slash = api_version.find('/');
  if (slash == std::string::npos) return {"", api_version};
  return {api_version.substr(0, slash), api_version.substr(slash + 1)};
}

bool is_repetition(char c) {
  return c == '*' || c == '+' || c == '{' || c == '?';
}

/// Whether a pattern can be tried in a moment: few repetitions, none of a group.
bool is_simple(std::string_view pattern) {
  int repetitions = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (!is_repetition(pattern[i])) continue;
    if (i > 0 && pattern[i - 1] == ')') return false;
    ++repetitions;
  }
  return repetitions <= kMostRepetitions && pattern.size() <= kLongest;
}

bool is_tried(const std::string& pattern) {
  return pattern.empty() || literal_of(pattern) || is_simple(pattern);
}

bool matches_text(const std::string& pattern, const std::string& text) {
  if (pattern.empty()) return true;
  if (const auto literal = literal_of(pattern)) return *literal == text;
  if (text.size() > kLongest) return false;
  return std::regex_match(text, std::regex(pattern));
}

bool matches_manifest(const YamlNode& target, const Manifest& manifest) {
  const auto [group, version] = group_and_version(manifest.api_version);
  const std::array<std::pair<std::string_view, std::string>, 5> fields{
      {{"kind", manifest.key.kind},
       {"name", manifest.key.name},
       {"namespace", manifest.key.namespace_name},
       {"group", group},
       {"version", version}}};
  return std::all_of(fields.begin(), fields.end(), [&](const auto& field) {
    return matches_text(text_of(target, field.first), field.second);
  });
}

std::vector<const Manifest*> candidates(const YamlNode& target, const ManifestIndex& index) {
  const auto kind = literal_of(text_of(target, "kind"));
  const auto name = literal_of(text_of(target, "name"));
  if (kind && name) return index.find(*kind, *name);
  std::vector<const Manifest*> all;
  for (const Manifest& manifest : index.all()) all.push_back(&manifest);
  return all;
}

}  // namespace

std::optional<std::string> literal_of(std::string_view pattern) {
  if (pattern.size() < 2 || pattern.front() != '^' || pattern.back() != '$') return std::nullopt;
  const std::string_view inner = pattern.substr(1, pattern.size() - 2);
  std::string literal;
  for (std::size_t i = 0; i < inner.size(); ++i) {
    const bool is_escape = inner[i] == '\\' && i + 1 < inner.size();
    if (is_escape) ++i;
    const bool is_meaningful = kMeaningful.find(inner[i]) != std::string_view::npos;
    // "\d" is a class, and a lone "." is any character.
    if (is_escape != is_meaningful) return std::nullopt;
    literal += inner[i];
  }
  return literal;
}

std::string target_name(const YamlNode& target) {
  std::string name;
  for (const char* key : {"namespace", "kind", "name"}) {
    const std::string pattern = text_of(target, key);
    name += (name.empty() ? "" : "/") + literal_of(pattern).value_or(pattern);
  }
  return name;
}

Result<std::vector<const Manifest*>> matching(const YamlNode& target, const ManifestIndex& index) {
  for (const char* key : {"kind", "name"}) {
    if (!text_of(target, key).empty()) continue;
    return fail(ErrorKind::kInvalidInput, std::string("its target has no ") + key +
                                              ", so that it would match every object; write the "
                                              "patches again");
  }
  for (const char* key : kFields) {
    if (is_tried(text_of(target, key))) continue;
    return fail(ErrorKind::kInvalidInput, std::string("the ") + key +
                                              " of its target is more intricate than loadline "
                                              "writes it; write the patches again");
  }
  std::vector<const Manifest*> found;
  try {
    for (const Manifest* manifest : candidates(target, index)) {
      if (matches_manifest(target, *manifest)) found.push_back(manifest);
    }
  } catch (const std::regex_error&) {
    return fail(ErrorKind::kInvalidInput,
                "its target is no regular expression; write the patches again");
  }
  return found;
}

}  // namespace loadline::gitops
