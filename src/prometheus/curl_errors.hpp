/// libcurl's ways to fail, put as errors of ours: what failed and what to do next.
#pragma once

#include <curl/curl.h>

#include <string>
#include <string_view>

#include "loadline/model/result.hpp"
#include "loadline/prometheus/access.hpp"

namespace loadline {

/// What is known of a transfer that failed.
struct CurlFailure {
  CURLcode code = CURLE_OK;
  std::string request{};  ///< as describe_request
  std::string detail{};   ///< libcurl's own words, without secrets; may be empty
  int system_error = 0;   ///< errno of the connection
  int proxy_status = 0;   ///< of the proxy's answer to CONNECT; 0: none
  bool connected = false;
};

/// kUnreachable where trying again may help, kInvalidInput for what settings must mend (TLS trust,
/// certificate files), kInternal for memory.
Error explain_failure(const CurlFailure& failure, const Access& access);

/// A redirect is not followed: it would carry credentials to another server, and turn POST into
/// GET. `location` is absolute; `path` is that of the request, so that what remains is the setting.
/// kInvalidInput.
Error explain_redirect(std::string_view request, std::string_view location, std::string_view path);

}  // namespace loadline
