#include "loadline/prometheus/curl_transport.hpp"

#include <curl/curl.h>
#include <fcntl.h>

#include <array>
#include <cerrno>
#include <stop_token>
#include <system_error>
#include <utility>

#include "loadline/model/descriptor.hpp"
#include "prometheus/curl_endpoint.hpp"
#include "prometheus/curl_errors.hpp"
#include "prometheus/curl_handle.hpp"
#include "prometheus/curl_headers.hpp"
#include "prometheus/curl_transfer.hpp"

namespace loadline {
namespace {

constexpr long kReceiveBufferBytes = 512L << 10;

/// Thread-safe since libcurl 7.84, and counted: nothing needs to undo it.
bool start_libcurl() {
  static const bool started = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return started;
}

/// A handle of the pool for as long as one request runs.
class BorrowedHandle {
 public:
  explicit BorrowedHandle(CurlPool& pool) : pool_(pool), handle_(pool.take()) {}
  ~BorrowedHandle() {
    if (handle_) pool_.give_back(std::move(handle_));
  }
  BorrowedHandle(const BorrowedHandle&) = delete;
  BorrowedHandle& operator=(const BorrowedHandle&) = delete;
  [[nodiscard]] CURL* get() const { return handle_.get(); }

 private:
  CurlPool& pool_;
  CurlHandle handle_;
};

int number(CURL* handle, CURLINFO what) {
  long value = 0;
  return curl_easy_getinfo(handle, what, &value) == CURLE_OK ? static_cast<int>(value) : 0;
}

void set_protocol_options(CurlOptions& options) {
  options.set(CURLOPT_NOSIGNAL, 1L);
  options.set(CURLOPT_PROTOCOLS_STR, "http,https");
  options.set(CURLOPT_FOLLOWLOCATION, 0L);
  // One request a connection at a time: HTTP/2 would only add its flow control to a bulk transfer.
  options.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  options.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  options.set(CURLOPT_BUFFERSIZE, kReceiveBufferBytes);
  options.set(CURLOPT_TCP_KEEPALIVE, 1L);
  options.set(CURLOPT_USERAGENT, "loadline/" LOADLINE_VERSION);
}

void set_tls_options(const Access& access, CurlOptions& options) {
  const bool verify = access.tls_verification == TlsVerification::kOn;
  options.set(CURLOPT_SSL_VERIFYPEER, verify ? 1L : 0L);
  options.set(CURLOPT_SSL_VERIFYHOST, verify ? 2L : 0L);
  options.set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  options.set_unless_empty(CURLOPT_SSLCERT, access.client_certificate_file);
  options.set_unless_empty(CURLOPT_SSLKEY, access.client_key_file);
  options.set_unless_empty(CURLOPT_CAINFO, access.ca_file);
  // A CA file of one's own is small and may be rotated; only the system's bundle is worth caching.
  if (!access.ca_file.empty()) options.set(CURLOPT_CA_CACHE_TIMEOUT, 0L);
}

void set_address_options(const Endpoint& endpoint, const std::string& url, curl_slist* connect_to,
                         CurlOptions& options) {
  options.set(CURLOPT_URL, url.c_str());
  if (connect_to != nullptr) options.set(CURLOPT_CONNECT_TO, connect_to);
  options.set_unless_empty(CURLOPT_PROXY, endpoint.proxy);
  if (endpoint.bypasses_proxy) options.set(CURLOPT_PROXY, "");
}

/// libcurl keeps the pointer to the body, not a copy.
void set_body_options(const HttpRequest& request, CurlOptions& options) {
  if (request.method == HttpMethod::kGet) return;
  options.set(CURLOPT_POST, 1L);
  options.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  options.set(CURLOPT_POSTFIELDS, request.body.c_str());
}

class CurlTransport final : public HttpTransport {
 public:
  CurlTransport(Access access, Endpoint endpoint, std::stop_token stop)
      : access_(std::move(access)), endpoint_(std::move(endpoint)), stop_(std::move(stop)) {}

  Result<HttpResponse> send(const HttpRequest& request) override {
    const BorrowedHandle handle(pool_);
    if (handle.get() == nullptr) return no_handle();
    CurlTransfer transfer(handle.get(), request.max_body_bytes, stop_);
    return run(request, handle.get(), transfer, access_.request_timeout);
  }

  Result<HttpResponse> stream(const HttpRequest& request, BodySink& sink) override {
    const BorrowedHandle handle(pool_);
    if (handle.get() == nullptr) return no_handle();
    CurlTransfer transfer(handle.get(), sink, access_.stall_timeout, stop_);
    return run(request, handle.get(), transfer, Milliseconds(0));
  }

 private:
  /// A `timeout` of 0 is none.
  Result<HttpResponse> run(const HttpRequest& request, CURL* handle, CurlTransfer& transfer,
                           Milliseconds timeout) {
    if (stop_.stop_requested()) return cancelled(request);
    const Result<HeaderLines> headers = make_headers(access_, request);
    if (!headers) return tl::unexpected(headers.error());
    const CurlList lines = make_list(header_lines(*headers));
    const CurlList connect_to =
        endpoint_.connect_to.empty() ? nullptr : make_list({endpoint_.connect_to});
    const std::string url = request_url(endpoint_, request);
    std::array<char, CURL_ERROR_SIZE> words{};

    CurlOptions options(handle);
    set_protocol_options(options);
    set_tls_options(access_, options);
    set_address_options(endpoint_, url, connect_to.get(), options);
    set_body_options(request, options);
    options.set(CURLOPT_HTTPHEADER, lines.get());
    options.set(CURLOPT_ERRORBUFFER, words.data());
    options.set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(access_.connect_timeout.count()));
    options.set(CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
    if (accepts_gzip(*headers)) options.set(CURLOPT_ACCEPT_ENCODING, "gzip");
    transfer.install(options);
    if (options.first_failure() != CURLE_OK) return refused_option(options.first_failure());

    const CURLcode code = curl_easy_perform(handle);
    transfer.finish(code);
    return outcome(request, handle, transfer, {code, redact(words.data(), headers->secrets)},
                   headers->secrets);
  }

  struct Ended {
    CURLcode code = CURLE_OK;
    std::string words{};
  };

  Result<HttpResponse> outcome(const HttpRequest& request, CURL* handle, CurlTransfer& transfer,
                               const Ended& ended, const std::vector<std::string>& secrets) const {
    switch (transfer.stop()) {
      case Stop::kSink:
        return tl::unexpected(transfer.sink_error());
      case Stop::kTooLarge:
        return too_large(request);
      case Stop::kStalled:
        return stalled(request);
      case Stop::kCancelled:
        return cancelled(request);
      case Stop::kErrorBodyKept:
        return answer(request, handle, transfer, secrets);
      case Stop::kNone:
        break;
    }
    if (ended.code == CURLE_OK) return answer(request, handle, transfer, secrets);
    return tl::unexpected(explain_failure(failure_of(request, handle, ended), access_));
  }

  Result<HttpResponse> answer(const HttpRequest& request, CURL* handle, CurlTransfer& transfer,
                              const std::vector<std::string>& secrets) const {
    HttpResponse& response = transfer.response();
    const char* location = nullptr;
    curl_easy_getinfo(handle, CURLINFO_REDIRECT_URL, &location);
    if (location != nullptr) {
      return tl::unexpected(explain_redirect(describe_request(endpoint_, request),
                                             redact(location, secrets), request.path));
    }
    const bool success = response.status >= 200 && response.status < 300;
    if (!success) response.body = redact(std::move(response.body), secrets);
    return std::move(response);
  }

  [[nodiscard]] CurlFailure failure_of(const HttpRequest& request, CURL* handle,
                                       const Ended& ended) const {
    curl_off_t ready_after = 0;  // until the connection, TLS included, stood
    curl_easy_getinfo(handle, CURLINFO_PRETRANSFER_TIME_T, &ready_after);
    return {.code = ended.code,
            .request = describe_request(endpoint_, request),
            .detail = ended.words,
            .system_error = number(handle, CURLINFO_OS_ERRNO),
            .proxy_status = number(handle, CURLINFO_HTTP_CONNECTCODE),
            .connected = ready_after > 0};
  }

  [[nodiscard]] std::vector<std::string> header_lines(const HeaderLines& headers) const {
    std::vector<std::string> lines = headers.lines;
    if (!endpoint_.host_header.empty()) lines.push_back(endpoint_.host_header);
    return lines;
  }

  /// A request that speaks of encodings itself (remote read and its snappy) gets the bytes as they
  /// are: libcurl fails on an encoding that it does not know.
  [[nodiscard]] bool accepts_gzip(const HeaderLines& headers) const {
    return access_.compression == Compression::kGzip && !headers.negotiates_encoding;
  }

  [[nodiscard]] tl::unexpected<Error> too_large(const HttpRequest& request) const {
    return fail(ErrorKind::kTooLarge, describe_request(endpoint_, request) +
                                          ": the answer is over " +
                                          std::to_string(request.max_body_bytes) +
                                          " bytes; ask for fewer series or a shorter time");
  }
  [[nodiscard]] tl::unexpected<Error> stalled(const HttpRequest& request) const {
    return fail(ErrorKind::kUnreachable,
                describe_request(endpoint_, request) + ": nothing arrived for " +
                    format_duration(access_.stall_timeout) +
                    "; raise prometheus.timeouts.stall or look at the load of the server");
  }
  [[nodiscard]] tl::unexpected<Error> cancelled(const HttpRequest& request) const {
    return fail(ErrorKind::kCancelled, describe_request(endpoint_, request) + ": stopped");
  }
  static tl::unexpected<Error> no_handle() {
    return fail(ErrorKind::kInternal, "libcurl cannot make a handle: out of memory");
  }
  static tl::unexpected<Error> refused_option(CURLcode code) {
    return fail(ErrorKind::kInternal, std::string("this libcurl refuses an option: ") +
                                          curl_easy_strerror(code) +
                                          "; loadline needs 7.87 or later with TLS");
  }

  const Access access_;
  const Endpoint endpoint_;
  const std::stop_token stop_;
  CurlPool pool_{};
};

Result<void> check_readable(const std::string& path, std::string_view setting) {
  if (path.empty()) return {};
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) {
    return fail(ErrorKind::kInvalidInput, "cannot read " + path + ": " +
                                              std::generic_category().message(errno) + "; check " +
                                              std::string(setting));
  }
  return {};
}

Result<void> check_files(const Access& access) {
  if (access.client_certificate_file.empty() != access.client_key_file.empty()) {
    return fail(ErrorKind::kInvalidInput,
                "prometheus.tls.client_certificate_file and prometheus.tls.client_key_file belong "
                "together; set both or neither");
  }
  if (auto ok = check_readable(access.ca_file, "prometheus.tls.ca_file"); !ok) return ok;
  if (auto ok =
          check_readable(access.client_certificate_file, "prometheus.tls.client_certificate_file");
      !ok) {
    return ok;
  }
  return check_readable(access.client_key_file, "prometheus.tls.client_key_file");
}

Result<void> check_timeouts(const Access& access) {
  for (const auto& [name, value] :
       {std::pair("connect", access.connect_timeout), std::pair("request", access.request_timeout),
        std::pair("stall", access.stall_timeout)}) {
    if (value <= Milliseconds(0)) {
      return fail(ErrorKind::kInvalidInput,
                  std::string("prometheus.timeouts.") + name + " must be over 0; e.g. 30s");
    }
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<HttpTransport>> make_curl_transport(const Access& access,
                                                           std::stop_token stop) {
  Result<Endpoint> endpoint = make_endpoint(access);
  if (!endpoint) return tl::unexpected(endpoint.error());
  for (const auto check : {check_headers, check_files, check_timeouts}) {
    if (auto ok = check(access); !ok) return tl::unexpected(ok.error());
  }
  if (!start_libcurl()) return fail(ErrorKind::kInternal, "libcurl cannot start: out of memory");
  return std::make_unique<CurlTransport>(access, std::move(*endpoint), std::move(stop));
}

}  // namespace loadline
