/// Conditional requests.
#pragma once

#include <string_view>

namespace loadline::service {

/// Whether an If-None-Match header names this tag. It compares weakly and may list several.
bool matches_etag(std::string_view if_none_match, std::string_view etag);

}  // namespace loadline::service
