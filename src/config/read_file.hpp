/// Files of settings.
#pragma once

#include <string>
#include <string_view>

#include "loadline/model/result.hpp"

namespace loadline::config {

/// At most one byte more than a document may have: enough to refuse it. `what` is for the error:
/// "configuration".
Result<std::string> read_file(const std::string& path, std::string_view what);

}  // namespace loadline::config
