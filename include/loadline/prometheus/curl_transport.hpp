/// HttpTransport over libcurl: keep-alive connections, TLS verified by default, all of Access
/// honoured.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "loadline/prometheus/access.hpp"
#include "loadline/prometheus/http.hpp"

namespace loadline {

/// Checks the settings (URL scheme and syntax, files readable, certificate with key) and makes the
/// transport. No request is made. Fails with kInvalidInput, the setting named.
Result<std::unique_ptr<HttpTransport>> make_curl_transport(const Access& access);

/// Percent-encodes one component of a query or path (RFC 3986 unreserved bytes stay).
std::string url_encode(std::string_view text);

}  // namespace loadline
