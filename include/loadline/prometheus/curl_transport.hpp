/// HttpTransport over libcurl: keep-alive connections, TLS verified by default, all of Access
/// honoured.
///
/// Thread-safe; as many connections are kept as requests ever ran at once. HTTP/1.1, and a body
/// goes from the receive buffer to the BodySink without a copy.
///
/// Time: a `send` lasts at most request_timeout. A `stream` may last for ever, but fails once
/// nothing came or went for stall_timeout (noticed within a second); what the sink needs is not
/// counted. Secret files are read at each request, certificate files at each new connection.
///
/// Stopping: once `stop` is requested a transfer under way ends within a second, wherever it stands
/// (a name that is being resolved included), and no other is begun; both fail with kCancelled.
///
/// With `server_name` the connection and the Host header go to the URL's host, SNI and verification
/// by the name; names in NO_PROXY then apply to the URL's host, address ranges in it do not (set
/// proxy_url). Redirects are errors that name the URL to set.
///
/// Every error names method and URL, what failed and the next step; none shows a secret. What a
/// server echoes of secrets of eight characters or more is masked.
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "loadline/prometheus/access.hpp"
#include "loadline/prometheus/http.hpp"

namespace loadline {

/// Checks the settings (URL scheme and syntax, files readable, certificate with key, one way of
/// authentication, headers that stay headers, time-outs over 0) and makes the transport. No request
/// is made. Fails with kInvalidInput, the setting named.
Result<std::unique_ptr<HttpTransport>> make_curl_transport(const Access& access,
                                                           std::stop_token stop = {});

/// Percent-encodes one component of a query or path (RFC 3986 unreserved bytes stay).
std::string url_encode(std::string_view text);

}  // namespace loadline
