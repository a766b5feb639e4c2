/// Steps from a directory's descriptor down a path, no symbolic link followed.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gitops/folder.hpp"

namespace loadline {

/// The folder in which the last part of a path stands, or the errno why there is none.
struct ParentFolder {
  std::unique_ptr<Descriptor> folder{};
  std::string name{};  ///< the last part
  int error = 0;
};
ParentFolder open_parent(int root, const std::string& path, Folder::IfAbsent if_absent);

/// Whether an errno says that a path leads nowhere, for one who follows no links.
bool is_absence(int error);

/// The paths of all that is no folder below `path`, at most 16 levels down.
std::vector<std::string> names_below(int root, const std::string& path);

}  // namespace loadline
