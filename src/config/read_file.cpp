#include "config/read_file.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "config/document.hpp"
#include "loadline/model/labels.hpp"

namespace loadline::config {

Result<std::string> read_file(const std::string& path, std::string_view what) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text(kMaxDocumentBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || (file.fail() && !file.eof())) {
    const std::string why = errno != 0 ? std::strerror(errno) : "it is not readable";
    return fail(ErrorKind::kInvalidInput,
                "cannot read " + std::string(what) + " " + printable(path) + ": " + why);
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

}  // namespace loadline::config
