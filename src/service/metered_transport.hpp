/// Measures what a server is asked for: status and time of each attempt.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "loadline/prometheus/http.hpp"

namespace loadline::service {

/// `inner` must outlive this. Thread-safe as `inner` is.
class MeteredTransport final : public HttpTransport {
 public:
  /// `seconds` is a clock that only runs forward; `on_attempt` is told the status, 0 where no
  /// answer came, from any thread.
  MeteredTransport(HttpTransport& inner, std::function<double()> seconds,
                   std::function<void(int)> on_attempt);
  Result<HttpResponse> send(const HttpRequest& request) override;
  Result<HttpResponse> stream(const HttpRequest& request, BodySink& sink) override;

  /// Time that requests were under way since the last call, added up over connections: the server's
  /// work, the transfer, and for streams the decoding.
  double take_seconds();

 private:
  Result<HttpResponse> measure(const std::function<Result<HttpResponse>()>& attempt);

  HttpTransport& inner_;
  std::function<double()> seconds_;
  std::function<void(int)> on_attempt_;
  std::atomic<std::int64_t> microseconds_{0};
};

}  // namespace loadline::service
