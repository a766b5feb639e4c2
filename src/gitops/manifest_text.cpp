#include <array>
#include <charconv>
#include <optional>

#include "gitops/manifest.hpp"
#include "loadline/gitops/archive.hpp"
#include "publish/text.hpp"

namespace loadline {
namespace {

std::string escaped(char32_t code_point) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text = "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) text += kHex[(code_point >> shift) & 0xfU];
  return text;
}

/// What could move a cursor is escaped; beyond the basic plane nothing is, as that takes
/// surrogates.
std::string quoted(std::string_view text) {
  std::string json = "\"";
  while (!text.empty()) {
    const publish::CodePoint next = publish::first_code_point(text);
    const bool is_basic = next.value <= 0xffff;
    if (next.value == U'"' || next.value == U'\\') {
      json += {'\\', static_cast<char>(next.value)};
    } else if (!next.valid || (is_basic && publish::is_unprintable(next.value))) {
      json += escaped(next.value);
    } else {
      json += text.substr(0, next.length);
    }
    text.remove_prefix(next.length);
  }
  return json + "\"";
}

std::string number(const std::optional<double>& value) {
  if (!value) return "null";
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), *value).ptr;
  return {buffer.data(), end};
}

std::string requirement_text(Resource resource, const Requirement& requirement) {
  const std::string unit(unit_of(resource));
  return quoted(to_string(resource)) + ": {\"request_" + unit +
         "\": " + number(requirement.request) + ", \"limit_" + unit +
         "\": " + number(requirement.limit) + "}";
}

std::string requirements_text(const Requirements& values) {
  std::string json;
  for (const Resource resource : kResources) {
    const Requirement& requirement = values[resource];
    if (!requirement.request && !requirement.limit) continue;
    json += (json.empty() ? "" : ", ") + requirement_text(resource, requirement);
  }
  return json;
}

std::string origin_text(const EmittedOrigin& origin) {
  std::string json;
  if (origin.original) json += ", \"original\": {" + requirements_text(*origin.original) + "}";
  if (!origin.reasons.empty()) json += ", \"reasons\": " + quoted(reasons_text(origin.reasons));
  return json;
}

std::string place_text(const EmittedPlace& place) {
  std::string json;
  if (place.type != ContainerType::kContainer)
    json = ", \"type\": " + quoted(to_string(place.type));
  return json + ", \"containers\": " + std::to_string(place.known_containers) +
         ", \"init_containers\": " + std::to_string(place.known_init_containers);
}

std::string value_text(const Manifest& manifest, const ContainerKey& key,
                       const Requirements& values) {
  const WorkloadKey& workload = key.workload;
  std::string json = "{\"cluster\": " + quoted(workload.cluster) +
                     ", \"namespace\": " + quoted(workload.namespace_name) +
                     ", \"kind\": " + quoted(workload.kind) +
                     ", \"workload\": " + quoted(workload.name) +
                     ", \"container\": " + quoted(key.container);
  const std::string amounts = requirements_text(values);
  if (!amounts.empty()) json += ", " + amounts;
  const auto origin = manifest.origins.find(key);
  if (origin != manifest.origins.end()) json += origin_text(origin->second);
  const auto place = manifest.places.find(key);
  if (place != manifest.places.end()) json += place_text(place->second);
  return json + "}";
}

/// "[" lines "]" with a comma after each but the last.
class Lines {
 public:
  void add(const std::string& line) { text_ += (text_.empty() ? "\n    " : ",\n    ") + line; }
  [[nodiscard]] std::string inside(char open, char close) const {
    return open + text_ + (text_.empty() ? "" : "\n  ") + close;
  }

 private:
  std::string text_{};
};

}  // namespace

Manifest manifest_of(const PatchTree& tree) {
  Manifest manifest{.values = tree.values, .origins = tree.origins, .places = tree.places};
  for (const auto& [path, bytes] : tree.files) manifest.files.emplace(path, sha256_hex(bytes));
  return manifest;
}

std::string manifest_text(const Manifest& manifest) {
  Lines files;
  for (const auto& [path, checksum] : manifest.files)
    files.add(quoted(path) + ": " + quoted(checksum));
  Lines values;
  for (const auto& [key, requirements] : manifest.values) {
    values.add(value_text(manifest, key, requirements));
  }
  return "{\n  \"schema\": \"loadline/patches.v1\",\n  \"files\": " + files.inside('{', '}') +
         ",\n  \"values\": " + values.inside('[', ']') + "\n}\n";
}

}  // namespace loadline
