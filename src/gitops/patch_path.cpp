#include "loadline/gitops/patch_path.hpp"

#include <algorithm>
#include <array>

#include "gitops/kinds.hpp"
#include "loadline/gitops/archive.hpp"

namespace loadline {
namespace {

constexpr std::size_t kMostBytes = 100;
constexpr std::size_t kKept = 40;
constexpr std::size_t kHashDigits = 32;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) { return lower(c); });
  return result;
}

/// "con", "com1", also before an extension: Windows opens the device for "con.yaml".
bool is_device(std::string_view name) {
  constexpr std::array<std::string_view, 4> kDevices{"con", "prn", "aux", "nul"};
  const std::string_view stem = name.substr(0, name.find('.'));
  if (std::find(kDevices.begin(), kDevices.end(), stem) != kDevices.end()) return true;
  const bool is_port = stem.substr(0, 3) == "com" || stem.substr(0, 3) == "lpt";
  return is_port && stem.size() == 4 && stem[3] >= '0' && stem[3] <= '9';
}

/// What a tool would take for something else than a name: an index, or a folder for a file.
bool is_meaningful(std::string_view name) {
  if (name == "kustomization" || is_device(name)) return true;
  return name.ends_with(".yaml") || name.ends_with(".yml") || name.ends_with(".json");
}

bool is_clean(std::string_view name) {
  if (name.empty() || name.size() > kMostBytes) return false;
  const bool has_other = std::any_of(name.begin(), name.end(), [](char c) {
    return !is_letter_or_digit(c) && c != '-' && c != '.';
  });
  return !has_other && is_letter_or_digit(name.front()) && is_letter_or_digit(name.back()) &&
         name.find("..") == std::string_view::npos && !is_meaningful(name);
}

/// The characters that are harmless, lower case; none begins like an option.
std::string harmless(std::string_view name) {
  std::string kept;
  for (const char c : name) {
    if (kept.size() == kKept) break;
    if (is_letter_or_digit(lower(c)) || (c == '-' && !kept.empty())) kept += lower(c);
  }
  return kept;
}

std::string hashed(std::string_view name) {
  return harmless(name) + "_" + sha256_hex(name).substr(0, kHashDigits);
}

std::string kind_part(const std::string& kind) {
  return gitops::is_known_kind(kind) ? lower(kind) : hashed(kind);
}

}  // namespace

std::string patch_path_part(std::string_view name) {
  return is_clean(name) ? std::string(name) : hashed(name);
}

std::string patch_path(const WorkloadKey& workload) {
  const std::string cluster =
      workload.cluster.empty() ? "" : patch_path_part(workload.cluster) + "/";
  return cluster + patch_path_part(workload.namespace_name) + "/" + kind_part(workload.kind) + "-" +
         patch_path_part(workload.name);
}

}  // namespace loadline
