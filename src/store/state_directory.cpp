#include "store/state_directory.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <vector>

#include "loadline/model/labels.hpp"

namespace loadline {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kKept = 3;
// Logs first: killed in between, the file stands without its log and is an older state, not a mixed
// one.
constexpr std::array<const char*, 3> kLogs{"-wal", "-shm", "-journal"};

tl::unexpected<Error> unusable(const std::string& path, const std::string& why,
                               const std::string& next_step) {
  return fail(ErrorKind::kInvalidInput,
              "cannot keep state in " + printable(path) + ": " + why + "; " + next_step);
}

const std::string kMakeWritable =
    "make it writable for this user, or choose another --state-dir (\"\" keeps no state)";

bool is_there(const fs::path& path) {
  std::error_code unknown;
  return fs::exists(path, unknown);
}

Result<void> make_directory(const fs::path& directory) {
  if (directory.has_parent_path() && directory.parent_path() != directory &&
      !is_there(directory.parent_path()))
    if (auto parent = make_directory(directory.parent_path()); !parent) return parent;
  if (::mkdir(directory.c_str(), 0700) == 0 || errno == EEXIST) return {};
  return unusable(directory, std::strerror(errno), kMakeWritable);
}

Result<void> check_directory(const std::string& directory) {
  struct stat info {};
  if (::stat(directory.c_str(), &info) != 0)
    return unusable(directory, std::strerror(errno), kMakeWritable);
  if (!S_ISDIR(info.st_mode))
    return unusable(directory, "it is no directory", "name a directory by --state-dir");
  if (::faccessat(AT_FDCWD, directory.c_str(), R_OK | W_OK | X_OK, AT_EACCESS) != 0)
    return unusable(directory, std::strerror(errno), kMakeWritable);
  return {};
}

Result<void> make_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0 && errno != EEXIST) return unusable(path, std::strerror(errno), kMakeWritable);
  if (fd >= 0) ::close(fd);
  return {};
}

/// Without opening it: closing a file drops this process' locks on it, SQLite's too.
Result<void> check_file(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0)
    return unusable(path, std::strerror(errno), "remove it, or choose another --state-dir");
  if (!S_ISREG(info.st_mode))
    return unusable(path, "it is no regular file", "move it away, or choose another --state-dir");
  if (::faccessat(AT_FDCWD, path.c_str(), R_OK | W_OK, AT_EACCESS) != 0)
    return unusable(path, std::strerror(errno), kMakeWritable);
  return {};
}

std::string compact(TimePoint now) {
  std::string text = format_rfc3339(from_unix_ms(to_unix_ms(now) / 1000 * 1000));
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

/// A name that is free, though two files be set aside in one second.
std::string free_name(const std::string& wanted) {
  std::string name = wanted;
  for (int n = 2; is_there(name); ++n) name = wanted + "." + std::to_string(n);
  return name;
}

bool is_log(const std::string& name) {
  return std::ranges::any_of(kLogs, [&](const char* log) { return name.ends_with(log); });
}

/// Ascending by name, which is by time.
std::vector<std::string> files_with(const std::string& prefix) {
  std::vector<std::string> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(fs::path(prefix).parent_path(), error)) {
    const std::string name = entry.path().string();
    if (name.starts_with(prefix) && !is_log(name)) found.push_back(name);
  }
  std::ranges::sort(found);
  return found;
}

void remove_oldest(const std::string& prefix) {
  std::vector<std::string> files = files_with(prefix);
  std::error_code ignored;  // what cannot be removed is tried again next time
  for (std::size_t i = 0; i + kKept < files.size(); ++i) {
    fs::remove(files[i], ignored);
    for (const char* log : kLogs) fs::remove(files[i] + log, ignored);
  }
}

}  // namespace

Result<std::string> prepare_state_file(const std::string& directory) {
  const std::string path = (fs::path(directory) / "loadline.db").string();
  if (auto made = make_directory(fs::path(directory).lexically_normal()); !made)
    return tl::unexpected(std::move(made.error()));
  if (auto good = check_directory(directory); !good) return tl::unexpected(std::move(good.error()));
  if (auto made = make_file(path); !made) return tl::unexpected(std::move(made.error()));
  if (auto good = check_file(path); !good) return tl::unexpected(std::move(good.error()));
  return path;
}

Result<std::string> set_aside(const std::string& path, const std::string& why, TimePoint now) {
  const std::string prefix = path + "." + why + "-";
  const std::string name = free_name(prefix + compact(now));
  for (const char* log : kLogs)
    if (::rename((path + log).c_str(), (name + log).c_str()) != 0 && errno != ENOENT)
      return unusable(path + log, std::strerror(errno), "move it away by hand");
  if (::rename(path.c_str(), name.c_str()) != 0)
    return unusable(path, std::strerror(errno), "move it away by hand");
  remove_oldest(prefix);
  return name;
}

}  // namespace loadline
