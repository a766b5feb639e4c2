#include "prometheus/secret_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <system_error>

#include "loadline/model/descriptor.hpp"

namespace loadline {
namespace {

std::string last_system_error() {
  return std::generic_category().message(errno);
}

bool is_regular_file(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

/// At most one byte over the limit: enough to tell that the file is too long. nullopt: errno says.
std::optional<std::string> read_bounded(int fd) {
  std::string content(kMaxSecretBytes + 1, '\0');
  std::size_t size = 0;
  while (size < content.size()) {
    const ssize_t got = ::read(fd, content.data() + size, content.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  content.resize(size);
  return content;
}

/// What makes this content no secret; empty where nothing does.
std::string_view fault_of(std::string_view secret) {
  if (secret.size() > kMaxSecretBytes) return "it is over 64 KiB";
  if (secret.empty()) return "it is empty";
  if (!is_header_safe(secret)) return "it holds a line break or another control character";
  return {};
}

}  // namespace

bool is_header_safe(std::string_view text) {
  return std::ranges::none_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
  });
}

Result<std::string> read_secret_file(const std::string& path, std::string_view setting) {
  const auto refuse = [&](std::string_view why) {
    return fail(ErrorKind::kInvalidInput,
                "cannot use " + path + ": " + std::string(why) + "; check " + std::string(setting));
  };
  // Non-blocking, so that a FIFO is refused instead of waited for.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) return refuse(last_system_error());
  if (!is_regular_file(file.get())) return refuse("it is not a regular file");
  std::optional<std::string> content = read_bounded(file.get());
  if (!content) return refuse(last_system_error());
  while (!content->empty() && (content->back() == '\n' || content->back() == '\r')) {
    content->pop_back();
  }
  if (const std::string_view fault = fault_of(*content); !fault.empty()) return refuse(fault);
  return std::move(*content);
}

}  // namespace loadline
