#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "gitops/manifest.hpp"
#include "loadline/config/yaml.hpp"
#include "loadline/model/labels.hpp"

namespace loadline {
namespace {

constexpr std::string_view kSchemaStem = "loadline/patches.v";

/// What is wrong with a manifest, and where.
struct Problem {
  std::size_t line = 0;
  std::string sentence{};
};

/// Reads a manifest's parts and remembers the first that is wrong.
class ManifestReader {
 public:
  Manifest read(const YamlNode& root) {
    Manifest manifest;
    read_files(member(root, "files", YamlNode::Kind::kMap), manifest);
    for (const YamlNode& entry : member(root, "values", YamlNode::Kind::kSequence).items) {
      read_value(entry, manifest);
    }
    return manifest;
  }
  [[nodiscard]] const std::optional<Problem>& problem() const { return problem_; }

 private:
  void refuse(const YamlNode& node, const std::string& sentence) {
    if (!problem_) problem_ = Problem{node.line, sentence};
  }

  /// An empty node where there is none.
  const YamlNode& member(const YamlNode& node, std::string_view key, YamlNode::Kind kind) {
    static const YamlNode none;
    const YamlNode* const found = node.find(key);
    if (found != nullptr && found->kind == kind) return *found;
    refuse(node, std::string(key) + " is missing or of the wrong type");
    return none;
  }

  std::string text_of(const YamlNode& node, std::string_view key) {
    return member(node, key, YamlNode::Kind::kScalar).text;
  }

  std::optional<double> number_of(const YamlNode& node, const std::string& key) {
    const YamlNode* const found = node.find(key);
    if (found == nullptr || found->kind == YamlNode::Kind::kNull) return std::nullopt;
    double value = 0;
    const char* const end = found->text.data() + found->text.size();
    const auto [ptr, error] = std::from_chars(found->text.data(), end, value);
    const bool is_number = !found->is_quoted && error == std::errc{} && ptr == end;
    if (!is_number || !std::isfinite(value) || value < 0) refuse(*found, key + " is no amount");
    return value;
  }

  Requirements requirements_of(const YamlNode& entry) {
    Requirements values;
    for (const Resource resource : kResources) {
      const YamlNode* const found = entry.find(to_string(resource));
      if (found == nullptr) continue;
      const std::string unit(unit_of(resource));
      values[resource] = {number_of(*found, "request_" + unit), number_of(*found, "limit_" + unit)};
    }
    return values;
  }

  ContainerType type_of(const YamlNode& entry) {
    if (entry.find("type") == nullptr) return ContainerType::kContainer;
    const std::string text = text_of(entry, "type");
    for (const ContainerType type : {ContainerType::kInit, ContainerType::kSidecar}) {
      if (text == to_string(type)) return type;
    }
    refuse(entry, text + " is no type of container");
    return ContainerType::kContainer;
  }

  void read_files(const YamlNode& files, Manifest& manifest) {
    for (const auto& [path, checksum] : files.members) {
      if (!is_safe_path(path)) refuse(checksum, path + " is no path of a patch");
      manifest.files.emplace(path, checksum.text);
    }
  }

  void read_value(const YamlNode& entry, Manifest& manifest) {
    const ContainerKey key{
        .workload = {.cluster = text_of(entry, "cluster"),
                     .namespace_name = text_of(entry, "namespace"),
                     .kind = text_of(entry, "kind"),
                     .name = text_of(entry, "workload")},
        .container = text_of(entry, "container"),
    };
    if (!manifest.values.emplace(key, requirements_of(entry)).second) {
      refuse(entry, "container " + key.container + " stands twice");
    }
    read_origin(entry, manifest.origins, key);
    read_place(entry, manifest.places, key);
  }

  void read_origin(const YamlNode& entry, EmittedOrigins& origins, const ContainerKey& key) {
    const YamlNode* const original = entry.find("original");
    const YamlNode* const reasons = entry.find("reasons");
    if (original == nullptr && reasons == nullptr) return;
    EmittedOrigin& origin = origins[key];
    if (original != nullptr) origin.original = requirements_of(*original);
    if (reasons != nullptr) origin.reasons = parse_reasons(reasons->text);
  }

  void read_place(const YamlNode& entry, EmittedPlaces& places, const ContainerKey& key) {
    if (entry.find("containers") == nullptr) return;
    places[key] = {.type = type_of(entry),
                   .known_containers = count_of(entry, "containers"),
                   .known_init_containers = count_of(entry, "init_containers")};
  }

  std::size_t count_of(const YamlNode& entry, std::string_view key) {
    const std::string text = text_of(entry, key);
    std::size_t count = 0;
    const char* const end = text.data() + text.size();
    const auto [ptr, error] = std::from_chars(text.data(), end, count);
    if (error != std::errc{} || ptr != end) refuse(entry, std::string(key) + " is no count");
    return count;
  }

  std::optional<Problem> problem_{};
};

tl::unexpected<Error> corrupt(const std::string& sentence) {
  return fail(
      ErrorKind::kCorrupt,
      sentence + "; restore it from Git, or remove it: the patch files then count as yours");
}

tl::unexpected<Error> corrupt(std::string_view file_name, const Problem& problem) {
  const std::string line = problem.line > 0 ? ":" + std::to_string(problem.line) : "";
  return corrupt(printable(file_name, 1000) + line + ": " + printable(problem.sentence));
}

/// nullopt where the text is no version at all.
std::optional<int> version_of(const YamlNode& root) {
  const YamlNode* const schema = root.find("schema");
  if (schema == nullptr || !schema->text.starts_with(kSchemaStem)) return std::nullopt;
  const std::string digits = schema->text.substr(kSchemaStem.size());
  int version = 0;
  const char* const end = digits.data() + digits.size();
  const auto [ptr, error] = std::from_chars(digits.data(), end, version);
  if (error != std::errc{} || ptr != end || version < 1) return std::nullopt;
  return version;
}

/// Of one path's part; the files are ours, so the set can be small.
bool is_safe_part(std::string_view part) {
  if (part.empty() || part.front() == '.') return false;
  return std::all_of(part.begin(), part.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte != 0x7f && byte != '"' && byte != '\\';
  });
}

}  // namespace

bool is_safe_path(std::string_view path) {
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    if (!is_safe_part(path.substr(begin, end - begin))) return false;
    begin = end + 1;
  }
  return !path.empty() && !path.starts_with(kTreeManifest);
}

Result<Manifest> parse_manifest(std::string_view text, std::string_view file_name) {
  const Result<std::vector<YamlNode>> documents = parse_yaml_documents(text, file_name);
  if (!documents) return corrupt(documents.error().message);
  if (documents->size() != 1) return corrupt(file_name, {0, "no manifest of patches"});
  const YamlNode& root = documents->front();
  const std::optional<int> version = version_of(root);
  if (!version) return corrupt(file_name, {0, "no manifest of patches"});
  if (*version > 1) {
    return fail(ErrorKind::kInvalidInput, printable(file_name, 1000) +
                                              ": a newer loadline wrote these patches; use that "
                                              "one, or another directory");
  }
  ManifestReader reader;
  Manifest manifest = reader.read(root);
  if (reader.problem()) return corrupt(file_name, *reader.problem());
  return manifest;
}

}  // namespace loadline
