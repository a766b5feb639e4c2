#include "prometheus/curl_errors.hpp"

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include "prometheus/curl_endpoint.hpp"

namespace loadline {
namespace {

struct Explanation {
  CURLcode code = CURLE_OK;
  ErrorKind kind = ErrorKind::kUnreachable;
  std::string_view what{};
  std::string_view next{};  ///< empty: nothing but trying again
};

constexpr std::array<Explanation, 17> kExplanations = {{
    {CURLE_COULDNT_RESOLVE_HOST, ErrorKind::kUnreachable, "cannot resolve the host name",
     "check prometheus.url and DNS"},
    {CURLE_COULDNT_RESOLVE_PROXY, ErrorKind::kUnreachable, "cannot resolve the proxy's name",
     "check prometheus.proxy_url, or HTTP_PROXY and HTTPS_PROXY in the environment"},
    {CURLE_COULDNT_CONNECT, ErrorKind::kUnreachable, "cannot connect",
     "is Prometheus running there? check prometheus.url"},
    {CURLE_PEER_FAILED_VERIFICATION, ErrorKind::kInvalidInput,
     "the server's certificate is not trusted",
     "set prometheus.tls.ca_file to the CA that signed it, or prometheus.tls.server_name to "
     "the name that it was issued for"},
    {CURLE_SSL_CACERT_BADFILE, ErrorKind::kInvalidInput, "cannot use the CA file",
     "check that prometheus.tls.ca_file holds PEM certificates"},
    {CURLE_SSL_CERTPROBLEM, ErrorKind::kInvalidInput, "cannot use the client certificate",
     "check that prometheus.tls.client_certificate_file and prometheus.tls.client_key_file are "
     "PEM files that belong together"},
    {CURLE_SSL_CONNECT_ERROR, ErrorKind::kUnreachable, "the TLS handshake failed",
     "does that port speak https? check prometheus.url and prometheus.tls.client_certificate_file"},
    {CURLE_UNSUPPORTED_PROTOCOL, ErrorKind::kUnreachable, "the answer is not HTTP",
     "check the port in prometheus.url"},
    {CURLE_WEIRD_SERVER_REPLY, ErrorKind::kUnreachable, "the answer is not HTTP",
     "check the port in prometheus.url"},
    {CURLE_GOT_NOTHING, ErrorKind::kUnreachable,
     "the server closed the connection without an answer",
     "does that port speak http or https? check prometheus.url and the server's log"},
    {CURLE_PARTIAL_FILE, ErrorKind::kUnreachable, "the answer was cut short",
     "check the server's log, and the time-outs of proxies before it"},
    {CURLE_RECV_ERROR, ErrorKind::kUnreachable, "the connection broke while receiving",
     "check the server's log, and the time-outs of proxies before it"},
    {CURLE_SEND_ERROR, ErrorKind::kUnreachable, "the connection broke while sending",
     "check the server's log"},
    {CURLE_BAD_CONTENT_ENCODING, ErrorKind::kUnreachable, "the compressed answer is damaged",
     "set prometheus.compression to none"},
    {CURLE_URL_MALFORMAT, ErrorKind::kInvalidInput, "the URL is malformed", "check prometheus.url"},
    {CURLE_OUT_OF_MEMORY, ErrorKind::kInternal, "out of memory", "give loadline more memory"},
    {CURLE_OK, ErrorKind::kUnreachable, "the transfer failed", "check prometheus.url"},
}};

/// The last row explains what no other does.
const Explanation& explanation_of(CURLcode code) {
  const auto* row = std::ranges::find(kExplanations, code, &Explanation::code);
  return row == kExplanations.end() ? kExplanations.back() : *row;
}

/// One line of printable text: a server can write into libcurl's words.
std::string printable(std::string_view text) {
  std::string result(text);
  std::ranges::replace_if(
      result, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return result;
}

Error explain_timeout(const CurlFailure& failure, const Access& access) {
  if (!failure.connected) {
    return {ErrorKind::kUnreachable,
            failure.request + ": no connection within " + format_duration(access.connect_timeout) +
                "; check prometheus.url, firewalls and network policies between here and there"};
  }
  // The server works on it still: asking the same again would double its load, asking for less
  // helps.
  return {ErrorKind::kTooLarge,
          failure.request + ": no complete answer within " +
              format_duration(access.request_timeout) +
              "; raise prometheus.timeouts.request or look at the load of the server"};
}

Error explain_proxy_refusal(const CurlFailure& failure) {
  return {ErrorKind::kUnreachable, failure.request + ": the proxy refused the connection (status " +
                                       std::to_string(failure.proxy_status) +
                                       "); check prometheus.proxy_url and the credentials in it"};
}

/// libcurl's words, or for a refused connection the system's, which are shorter.
std::string detail_of(const CurlFailure& failure) {
  if (failure.code == CURLE_COULDNT_CONNECT && failure.system_error != 0) {
    return std::generic_category().message(failure.system_error);
  }
  if (!failure.detail.empty()) return printable(failure.detail);
  return curl_easy_strerror(failure.code);
}

}  // namespace

Error explain_failure(const CurlFailure& failure, const Access& access) {
  if (failure.code == CURLE_OPERATION_TIMEDOUT) return explain_timeout(failure, access);
  if (failure.proxy_status >= 300) return explain_proxy_refusal(failure);
  const Explanation& row = explanation_of(failure.code);
  return {row.kind, failure.request + ": " + std::string(row.what) + " (" + detail_of(failure) +
                        "); " + std::string(row.next)};
}

Error explain_redirect(std::string_view request, std::string_view location, std::string_view path) {
  std::string target = printable(without_credentials(location));
  if (!path.empty() && target.ends_with(path)) target.resize(target.size() - path.size());
  return {ErrorKind::kInvalidInput,
          std::string(request) + ": answered with a redirect to " + target +
              "; set prometheus.url to it, or the credentials if that is a login page"};
}

}  // namespace loadline
