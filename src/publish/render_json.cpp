#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>

#include "publish/document.hpp"
#include "publish/renderers.hpp"

namespace loadline::publish {
namespace {

/// Pure ASCII, so that no terminal acts on a label's bytes; broken UTF-8 becomes U+FFFD.
std::string text_of(const nlohmann::ordered_json& value) {
  constexpr int kIndent = 2;
  constexpr bool kAsciiOnly = true;
  return value.dump(kIndent, ' ', kAsciiOnly, nlohmann::ordered_json::error_handler_t::replace);
}

/// As deep as a row stands in the document. Texts hold no line ends of their own: JSON escapes
/// them.
std::string indented(std::string_view text) {
  constexpr std::string_view kLineBegin = "\n    ";
  std::string result;
  result.reserve(text.size() * 3 / 2);
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    result.append(kLineBegin).append(line);
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return result;
}

}  // namespace

// Implementation details: one row at a time is a document, for the whole of a large cluster would
// take a gigabyte.
void render_json(const Report& report, std::ostream& out) {
  constexpr std::string_view kEnd = "\n}";
  const std::string head = text_of(head_of(report));
  out << std::string_view(head).substr(0, head.size() - kEnd.size()) << ",\n  \"" << kRowsKey
      << "\": [";
  bool is_first = true;
  for (const Recommendation& row : report.recommendations) {
    if (!is_first) out << ',';
    is_first = false;
    out << indented(text_of(row_of(row)));
  }
  out << (is_first ? "]" : "\n  ]") << kEnd << '\n';
}

}  // namespace loadline::publish
