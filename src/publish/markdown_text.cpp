#include "publish/markdown_text.hpp"

#include "publish/text.hpp"

namespace loadline::publish {
namespace {

std::string replaced(std::string_view text, std::string_view bytes,
                     std::string (*replacement)(char)) {
  std::string result;
  for (const char c : text) {
    if (bytes.find(c) == std::string_view::npos) {
      result += c;
    } else {
      result += replacement(c);
    }
  }
  return result;
}

std::string entity(char c) {
  return "&#" + std::to_string(static_cast<unsigned char>(c)) + ";";
}

std::string hex_escape(char c) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  return {'\\', 'x', kDigits[byte >> 4U], kDigits[byte & 0xfU]};
}

}  // namespace

std::string prose(std::string_view text) {
  std::string result = replaced(printable_text(text), "&<>|`*_[]#@\\", entity);
  for (std::size_t at = result.find("://"); at != std::string::npos;
       at = result.find("://", at + 1)) {
    result.replace(at, 1, "&#58;");
  }
  return result;
}

std::string code(std::string_view text) {
  return "`" + replaced(printable_text(text), "`|<>", hex_escape) + "`";
}

}  // namespace loadline::publish
