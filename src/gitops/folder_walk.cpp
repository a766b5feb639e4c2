#include "gitops/folder_walk.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

namespace loadline {
namespace {

constexpr int kMaxLevels = 16;
constexpr int kOpenFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

using Directory = std::unique_ptr<DIR, int (*)(DIR*)>;

Directory open_folder(int at, const char* name) {
  const int fd = ::openat(at, name, kOpenFolder);
  if (fd < 0) return {nullptr, &::closedir};
  DIR* const directory = ::fdopendir(fd);
  if (directory == nullptr) ::close(fd);
  return {directory, &::closedir};
}

void collect(DIR* directory, const std::string& path, int levels, std::vector<std::string>& names) {
  while (const dirent* const entry = ::readdir(directory)) {
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    const std::string below = path + "/" + std::string(name);
    const Directory inner = levels > 0 ? open_folder(::dirfd(directory), entry->d_name)
                                       : Directory{nullptr, &::closedir};
    if (inner) {
      collect(inner.get(), below, levels - 1, names);
    } else {
      names.push_back(below);
    }
  }
}

}  // namespace

bool is_absence(int error) {
  return error == ENOENT || error == ELOOP || error == ENOTDIR;
}

ParentFolder open_parent(int root, const std::string& path, Folder::IfAbsent if_absent) {
  ParentFolder parent{.folder = std::make_unique<Descriptor>(::openat(root, ".", kOpenFolder))};
  std::size_t begin = 0;
  for (std::size_t slash = 0;
       parent.folder->is_open() && (slash = path.find('/', begin)) != std::string::npos;
       begin = slash + 1) {
    const std::string part = path.substr(begin, slash - begin);
    if (if_absent == Folder::IfAbsent::kCreate) ::mkdirat(parent.folder->get(), part.c_str(), 0777);
    parent.folder =
        std::make_unique<Descriptor>(::openat(parent.folder->get(), part.c_str(), kOpenFolder));
  }
  parent.error = errno;
  if (!parent.folder->is_open()) parent.folder.reset();
  parent.name = path.substr(begin);
  return parent;
}

std::vector<std::string> names_below(int root, const std::string& path) {
  std::vector<std::string> names;
  const ParentFolder parent = open_parent(root, path, Folder::IfAbsent::kNone);
  if (!parent.folder) return names;
  const Directory directory = open_folder(parent.folder->get(), parent.name.c_str());
  if (directory) collect(directory.get(), path, kMaxLevels, names);
  return names;
}

}  // namespace loadline
