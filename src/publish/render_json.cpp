#include <nlohmann/json.hpp>
#include <ostream>

#include "publish/document.hpp"
#include "publish/renderers.hpp"

namespace loadline::publish {

// Pure ASCII, so that no terminal acts on a label's bytes; broken UTF-8 becomes U+FFFD.
void render_json(const Report& report, std::ostream& out) {
  constexpr bool kAsciiOnly = true;
  out << document_of(report).dump(2, ' ', kAsciiOnly,
                                  nlohmann::ordered_json::error_handler_t::replace)
      << '\n';
}

}  // namespace loadline::publish
