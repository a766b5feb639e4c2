/// The HTTP port: all that loadline asks of a network. CurlTransport is the real one,
/// RetryingTransport wraps any; tests use a recording fake.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "loadline/model/result.hpp"
#include "loadline/model/time.hpp"

namespace loadline {

enum class HttpMethod { kGet, kPost };

/// A request below the base URL of the Access that the transport was made with.
struct HttpRequest {
  HttpMethod method = HttpMethod::kGet;
  std::string path{};   ///< "/api/v1/read", appended to the URL's path prefix
  std::string query{};  ///< already percent-encoded, without '?'
  /// One that names Accept-Encoding or Content-Encoding gets the body as it was sent; otherwise
  /// gzip is offered where Access says so, and undone.
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
  /// Limit for the body of a `send`; a longer one fails with kTooLarge. Streams are not limited.
  std::size_t max_body_bytes = 256ULL << 20;

  bool operator==(const HttpRequest&) const = default;
};

/// Any status that a server sent, an error status included.
struct HttpResponse {
  int status = 0;
  std::string content_type{};
  std::optional<Milliseconds> retry_after{};
  std::string body{};
  std::uint64_t wire_bytes = 0;  ///< body bytes as transferred
};

/// Takes the body of a 2xx answer as it arrives.
class BodySink {
 public:
  virtual ~BodySink() = default;
  /// Called before the first byte of each attempt: forget what an attempt that broke had brought.
  /// An error (e.g. kUnsupported for a content type) ends the transfer and is returned by `stream`.
  virtual Result<void> on_start(const HttpResponse& head) = 0;
  /// An error ends the transfer and is returned by `stream`.
  virtual Result<void> on_data(std::span<const std::byte> data) = 0;
};

/// Thread-safe: several threads may send at once.
class HttpTransport {
 public:
  virtual ~HttpTransport() = default;
  /// The whole answer. Fails only where there is none: kUnreachable (connect, reset, cut body),
  /// kTooLarge (over max_body_bytes, or not whole within the request time-out), or kInvalidInput
  /// (unreadable secret file, certificate that is not trusted, redirect: those are not followed),
  /// or kCancelled (the program is asked to stop).
  /// An HTTP error status is an answer; its body is kept to 64 KiB, with secrets that the server
  /// echoed masked.
  virtual Result<HttpResponse> send(const HttpRequest& request) = 0;
  /// As `send`, with a 2xx body going to `sink` (and left out of the answer); the body of an error
  /// status is kept in the answer (at most 64 KiB).
  virtual Result<HttpResponse> stream(const HttpRequest& request, BodySink& sink) = 0;
};

}  // namespace loadline
