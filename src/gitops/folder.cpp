#include "gitops/folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "gitops/folder_walk.hpp"
#include "loadline/model/labels.hpp"

namespace loadline {
namespace {

constexpr std::size_t kMaxFileBytes = 256U << 20U;

/// 0, or the errno of what failed.
int write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

int read_all(int fd, std::string& bytes) {
  char buffer[1U << 16U];
  for (;;) {
    const ssize_t got = ::read(fd, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    if (got == 0) return 0;
    bytes.append(buffer, static_cast<std::size_t>(got));
    if (bytes.size() > kMaxFileBytes) return EFBIG;
  }
}

int write_temporary(int root, std::string_view bytes) {
  if (::unlinkat(root, kTemporaryFile, 0) != 0 && errno != ENOENT) return errno;
  const Descriptor file(
      ::openat(root, kTemporaryFile, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644));
  if (!file.is_open()) return errno;
  if (const int error = write_all(file.get(), bytes); error != 0) return error;
  if (::fchmod(file.get(), 0644) != 0) return errno;
  return ::fsync(file.get()) == 0 ? 0 : errno;
}

/// Not every file system can rename without replacing.
int rename_new(int root, int folder, const char* name) {
  if (::renameat2(root, kTemporaryFile, folder, name, RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  struct stat existing {};
  if (::fstatat(folder, name, &existing, AT_SYMLINK_NOFOLLOW) == 0) return EEXIST;
  return ::renameat(root, kTemporaryFile, folder, name) == 0 ? 0 : errno;
}

int put_in_place(int root, int folder, const char* name, Folder::Existing existing) {
  const bool replaces = existing == Folder::Existing::kReplace;
  if (replaces && ::renameat(root, kTemporaryFile, folder, name) != 0) return errno;
  if (!replaces) {
    if (const int error = rename_new(root, folder, name); error != 0) return error;
  }
  return ::fsync(folder) == 0 ? 0 : errno;
}

std::string reason(int error) {
  if (error == ELOOP || error == ENOTDIR) {
    return "a symbolic link or a file stands where a folder should be; nothing is followed out of "
           "the directory, so move it away";
  }
  if (error == EEXIST) {
    return "something stands there that is not loadline's; move it away, or run again if it is new";
  }
  return std::strerror(error);
}

}  // namespace

Folder::Folder(std::string directory, int fd) : directory_(std::move(directory)), root_(fd) {}

Result<std::unique_ptr<Folder>> Folder::open(const std::string& directory, IfAbsent if_absent) {
  if (if_absent == IfAbsent::kCreate) {
    std::error_code ignored;  // what is wrong shows when it is opened
    std::filesystem::create_directories(directory, ignored);
  }
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd >= 0) return std::make_unique<Folder>(directory, fd);
  if (errno == ENOENT && if_absent == IfAbsent::kNone) return nullptr;
  return fail(ErrorKind::kInternal,
              "cannot open directory " + printable(directory, 1000) + ": " + std::strerror(errno));
}

tl::unexpected<Error> Folder::failed(std::string_view doing, std::string_view path,
                                     int error) const {
  return fail(ErrorKind::kInternal, "cannot " + std::string(doing) + " " +
                                        printable(directory_ + "/" + std::string(path), 1000) +
                                        ": " + reason(error));
}

Result<Folder::Content> Folder::read(const std::string& path) const {
  const ParentFolder parent = open_parent(root_.get(), path, IfAbsent::kNone);
  if (!parent.folder) {
    if (is_absence(parent.error)) return Content{};
    return failed("read", path, parent.error);
  }
  const Descriptor file(::openat(parent.folder->get(), parent.name.c_str(),
                                 O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file.is_open() && errno == ENOENT) return Content{};
  if (!file.is_open() && (errno == ELOOP || errno == ENXIO)) return Content{Kind::kOther, ""};
  if (!file.is_open()) return failed("read", path, errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return failed("read", path, errno);
  if (!S_ISREG(status.st_mode)) return Content{Kind::kOther, ""};
  Content content{Kind::kFile, ""};
  if (const int error = read_all(file.get(), content.bytes); error != 0) {
    return failed("read", path, error);
  }
  return content;
}

Result<PatchFiles> Folder::read_below(const std::string& path) const {
  PatchFiles files;
  for (const std::string& found : names_below(root_.get(), path)) {
    Result<Content> content = read(found);
    if (!content) return tl::unexpected(content.error());
    files.emplace(found, std::move(content->bytes));
  }
  return files;
}

Result<void> Folder::write(const std::string& path, std::string_view bytes, Existing existing) {
  if (const int error = write_temporary(root_.get(), bytes); error != 0) {
    ::unlinkat(root_.get(), kTemporaryFile, 0);
    return failed("write", kTemporaryFile, error);
  }
  const ParentFolder parent = open_parent(root_.get(), path, IfAbsent::kCreate);
  const int error =
      parent.folder ? put_in_place(root_.get(), parent.folder->get(), parent.name.c_str(), existing)
                    : parent.error;
  if (error == 0) return {};
  ::unlinkat(root_.get(), kTemporaryFile, 0);
  return failed("write", path, error);
}

Result<void> Folder::rename(const char* from, const char* to) {
  if (::renameat(root_.get(), from, root_.get(), to) != 0 || ::fsync(root_.get()) != 0) {
    return failed("write", to, errno);
  }
  return {};
}

Result<void> Folder::remove(const std::string& path) {
  const ParentFolder parent = open_parent(root_.get(), path, IfAbsent::kNone);
  if (!parent.folder) {
    if (is_absence(parent.error)) return {};
    return failed("remove", path, parent.error);
  }
  if (::unlinkat(parent.folder->get(), parent.name.c_str(), 0) != 0 && errno != ENOENT) {
    return failed("remove", path, errno);
  }
  if (::fsync(parent.folder->get()) != 0) return failed("remove", path, errno);
  return {};
}

void Folder::remove_empty_parents(const std::string& path) {
  for (std::string up = path; up.find('/') != std::string::npos;) {
    up.resize(up.rfind('/'));
    const ParentFolder parent = open_parent(root_.get(), up, IfAbsent::kNone);
    if (!parent.folder) {
      if (is_absence(parent.error)) continue;
      return;
    }
    const bool removed = ::unlinkat(parent.folder->get(), parent.name.c_str(), AT_REMOVEDIR) == 0;
    if (!removed && errno != ENOENT) return;
  }
}

Result<void> Folder::lock() {
  if (::flock(root_.get(), LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return {};
  return fail(ErrorKind::kInternal, "another loadline is writing to " +
                                        printable(directory_, 1000) +
                                        "; try again when it is done");
}

}  // namespace loadline
