/// The server's refusals: from a status and a message to an Error. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "loadline/model/result.hpp"

namespace loadline {

/// The kind of a refusal, as told in query_api.hpp at error_of. `status` is 200 for a body that
/// says "error" under a good status.
ErrorKind kind_of_refusal(int status, std::string_view message);
/// `<what>: HTTP 422: <message>; <next step>`, the message made printable and cut to 300 bytes.
Error refusal(int status, std::string_view message, std::string_view what);

}  // namespace loadline
