/// A file that is written whole or not at all.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>

#include "loadline/model/result.hpp"

namespace loadline::cli {

/// Lets `write` fill a new file beside `path`, syncs it and puts it in the place of `path`; a
/// reader sees the old content or the new one. Permissions of an existing file are kept; a symbolic
/// link is followed. What is no regular file (/dev/null, a pipe) is written to directly. kInternal
/// with the path and the reason; the old file is then untouched.
Result<void> write_file(const std::string& path, const std::function<void(std::ostream&)>& write);

}  // namespace loadline::cli
