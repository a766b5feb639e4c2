/// The directory that holds loadline.db: made, checked before it is used, and kept free of more
/// than a few files that were set aside.
#pragma once

#include <string>

#include "loadline/model/result.hpp"
#include "loadline/model/time.hpp"

namespace loadline {

/// <directory>/loadline.db, with the directory (0700) and an empty file (0600) made where they are
/// missing. kInvalidInput where either cannot be read and written; says what to do.
Result<std::string> prepare_state_file(const std::string& directory);

/// Renames the file and its logs to <path>.<why>-20261124T162057Z and removes the oldest beyond
/// three of the same `why`; the new name. kInvalidInput where it cannot be renamed.
Result<std::string> set_aside(const std::string& path, const std::string& why, TimePoint now);

}  // namespace loadline
