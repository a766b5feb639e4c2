/// Where requests go: the settings of an Access that make up the address, checked and taken apart.
#pragma once

#include <string>
#include <string_view>

#include "loadline/model/result.hpp"
#include "loadline/prometheus/access.hpp"
#include "loadline/prometheus/http.hpp"

namespace loadline {

/// `base` is what libcurl is given, `display` what errors name; both are scheme, host, port and
/// path prefix without a trailing slash, and differ only in the host where a server name is set.
///
/// Implementation details: libcurl verifies the certificate against the host of the URL and sends
/// it as SNI, with no option for another name. So the server name stands in the URL, `connect_to`
/// (CURLOPT_CONNECT_TO) directs the connection to the real host and port, also through a proxy, and
/// `host_header` keeps the real host for the server's virtual hosts: what Go's
/// tls.Config.ServerName does.
struct Endpoint {
  std::string base{};
  std::string display{};
  std::string host_header{};  ///< "Host: prometheus:9090"; empty: as libcurl writes it
  std::string connect_to{};   ///< "::10.0.0.1:9090"; empty: the URL's own host
  std::string proxy{};        ///< the setting, with its credentials
  std::string proxy_display{};
  bool bypasses_proxy = false;  ///< NO_PROXY names the real host, which libcurl does not see
};

/// Fails with kInvalidInput: url empty, not http(s), with credentials, query or fragment; server
/// name or proxy that cannot be one. The message names the setting and shows no credentials.
Result<Endpoint> make_endpoint(const Access& access);

/// The URL of a request as libcurl takes it.
std::string request_url(const Endpoint& endpoint, const HttpRequest& request);
/// "POST http://prometheus:9090/api/v1/query?query=up" for errors, a long query cut.
std::string describe_request(const Endpoint& endpoint, const HttpRequest& request);

/// `url` without credentials, query and fragment. Credentials are taken to reach to the last '@',
/// so that none shows even of a URL that is written wrongly.
std::string without_credentials(std::string_view url);

}  // namespace loadline
