/// SQLite's exceptions as errors of ours: what failed, and what to do about it.
#pragma once

#include <SQLiteCpp/Exception.h>

#include <string>

#include "loadline/model/result.hpp"

namespace loadline {

/// True where the file is to blame and not its surroundings: what is in it cannot be used.
bool is_damage(const SQLite::Exception& exception);

/// kCorrupt for damage, kInvalidInput for what the operator set up (a directory, a second
/// process), kInternal for the disk. `doing`: "saving the state".
Error sqlite_error(const std::string& path, const std::string& doing,
                   const SQLite::Exception& exception);

}  // namespace loadline
