/// Text files of the user.
#pragma once

#include <string>
#include <string_view>

#include "loadline/model/result.hpp"

namespace loadline::gitops {

/// kInvalidInput with the path and the reason; `what` names it in the sentence: "mapping file".
Result<std::string> read_text_file(const std::string& path, std::string_view what);

}  // namespace loadline::gitops
