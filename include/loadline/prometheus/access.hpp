/// How to reach one Prometheus: plain settings, filled by config, used by the HTTP transport.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "loadline/model/time.hpp"

namespace loadline {

enum class Compression { kNone, kGzip };
enum class TlsVerification { kOn, kOff };

/// Secrets stay in files and are read when a request is made, so that a rotated token is picked up;
/// they never appear in an error, a log line or the printed configuration.
struct Access {
  std::string url{};  ///< with path prefix, e.g. https://mimir.example/prometheus; user:password@
                      ///< is refused
  std::string bearer_token_file{};
  std::string basic_auth_username{};
  std::string basic_auth_password_file{};
  std::string ca_file{};
  std::string client_certificate_file{};
  std::string client_key_file{};
  std::string server_name{};  ///< name to verify and send (SNI) instead of the URL's host
  std::string proxy_url{};    ///< empty: what the environment says (HTTPS_PROXY, NO_PROXY)
  std::vector<std::pair<std::string, std::string>>
      headers{};  ///< e.g. X-Scope-OrgID; values are secret
  TlsVerification tls_verification = TlsVerification::kOn;
  Compression compression = Compression::kNone;  ///< gzip costs the server 5-10x the time
  Milliseconds connect_timeout{10'000};
  Milliseconds request_timeout{150'000};  ///< of one whole query
  Milliseconds stall_timeout{60'000};     ///< a streamed read may last, but not stand still
  int max_retries = 4;
  int concurrency = 2;
};

}  // namespace loadline
