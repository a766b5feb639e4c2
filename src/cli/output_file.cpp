#include "cli/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "cli/fd_stream.hpp"
#include "loadline/model/descriptor.hpp"
#include "loadline/model/labels.hpp"

namespace loadline::cli {
namespace {

tl::unexpected<Error> failed(const std::string& path, int error) {
  return fail(ErrorKind::kInternal,
              "cannot write " + printable(path) + ": " + std::strerror(error));
}

/// 0, or the errno of what failed.
int fill(int fd, const std::function<void(std::ostream&)>& write) {
  FdStream stream(fd);
  write(stream);
  stream.flush();
  return stream.error();
}

/// What a new file would get: 0666 less the umask, which can only be read by setting it.
mode_t mode_for(const std::string& path) {
  struct stat existing {};
  if (::stat(path.c_str(), &existing) == 0) return existing.st_mode & 0777U;
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666U & ~mask;
}

Result<void> write_directly(const std::string& path,
                            const std::function<void(std::ostream&)>& write) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file.is_open()) return failed(path, errno);
  if (const int error = fill(file.get(), write); error != 0) return failed(path, error);
  return {};
}

Result<void> replace(const std::string& path, const std::function<void(std::ostream&)>& write) {
  std::string temporary = path + ".XXXXXX";
  const Descriptor file(::mkstemp(temporary.data()));
  if (!file.is_open()) return failed(path, errno);
  int error = fill(file.get(), write);
  if (error == 0 && ::fchmod(file.get(), mode_for(path)) != 0) error = errno;
  if (error == 0 && ::fsync(file.get()) != 0) error = errno;
  if (error == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) error = errno;
  if (error == 0) return {};
  ::unlink(temporary.c_str());
  return failed(path, error);
}

}  // namespace

Result<void> write_file(const std::string& path, const std::function<void(std::ostream&)>& write) {
  struct stat existing {};
  if (::stat(path.c_str(), &existing) != 0) return replace(path, write);
  if (S_ISDIR(existing.st_mode)) return failed(path, EISDIR);
  if (!S_ISREG(existing.st_mode)) return write_directly(path, write);
  std::error_code error;
  const std::filesystem::path target = std::filesystem::canonical(path, error);
  return replace(error ? path : target.string(), write);
}

}  // namespace loadline::cli
