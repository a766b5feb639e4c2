#include "gitops/summary_text.hpp"

#include "publish/text.hpp"

namespace loadline::gitops {
namespace {

bool is_in(char c, std::string_view bytes) {
  return bytes.find(c) != std::string_view::npos;
}

std::string hex_escape(char c) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  return {'\\', 'x', kDigits[byte >> 4U], kDigits[byte & 0xfU]};
}

std::string escaped(std::string_view text, std::string_view bytes) {
  std::string result;
  for (const char c : publish::printable_text(text)) {
    result += is_in(c, bytes) ? hex_escape(c) : std::string(1, c);
  }
  return result;
}

/// Escaped first and quoted then: whatever the name, what stands between the quotes has none, and a
/// shell does nothing with it.
std::string shell_word(std::string_view text) {
  constexpr std::string_view kHarmless =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/-";
  if (!text.empty() && text.find_first_not_of(kHarmless) == std::string_view::npos) {
    return std::string(text);
  }
  return "'" + escaped(text, "'`|<>") + "'";
}

}  // namespace

std::string prose(std::string_view text) {
  std::string result;
  for (const char c : publish::printable_text(text)) {
    if (is_in(c, "&<>|`*_[]#@\\~")) {
      result += "&#" + std::to_string(static_cast<unsigned char>(c)) + ";";
    } else {
      result += c;
    }
  }
  for (std::size_t at = result.find("://"); at != std::string::npos;
       at = result.find("://", at + 1)) {
    result.replace(at, 1, "&#58;");
  }
  return result;
}

std::string code(std::string_view text) {
  return "`" + escaped(text, "`|<>") + "`";
}

std::string path_of(const WorkloadKey& workload) {
  const std::string cluster = workload.cluster.empty() ? "" : workload.cluster + "/";
  return cluster + workload.namespace_name + "/" + workload.kind + "/" + workload.name;
}

std::string path_of(const ContainerKey& key) {
  return path_of(key.workload) + "/" + key.container;
}

std::string explain_command(const WorkloadKey& workload) {
  WorkloadKey local = workload;
  local.cluster.clear();
  return "`loadline explain " + shell_word(path_of(local)) + "`";
}

}  // namespace loadline::gitops
