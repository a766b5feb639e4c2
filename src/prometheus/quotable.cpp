#include "prometheus/quotable.hpp"

#include "loadline/model/labels.hpp"

namespace loadline {

std::string quotable(std::string_view text, std::size_t max_bytes) {
  std::string quoted = printable(text.substr(0, text.find('"')), max_bytes);
  for (std::size_t quote = text.find('"');
       quote != std::string_view::npos && quoted.size() < max_bytes; quote = text.find('"')) {
    text.remove_prefix(quote + 1);
    quoted += '"';
    quoted += printable(text.substr(0, text.find('"')), max_bytes - quoted.size());
  }
  return quoted;
}

}  // namespace loadline
