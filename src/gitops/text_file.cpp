#include "gitops/text_file.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "loadline/model/labels.hpp"

namespace loadline::gitops {

Result<std::string> read_text_file(const std::string& path, std::string_view what) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text;
  char buffer[1U << 14U];
  while (file.read(buffer, sizeof buffer) || file.gcount() > 0) {
    text.append(buffer, static_cast<std::size_t>(file.gcount()));
  }
  if (file.is_open() && !file.bad()) return text;
  return fail(ErrorKind::kInvalidInput,
              "cannot read " + std::string(what) + " " + printable(path, 1000) + ": " +
                  (errno != 0 ? std::strerror(errno) : "it is not readable"));
}

}  // namespace loadline::gitops
