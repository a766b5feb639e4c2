/// Retries what may pass: connection failures, resets, cut bodies, and 429, 500, 502, 503, 504;
/// honours Retry-After.
///
/// Not retried although the status says so: an answer that tells of a query which was too much
/// (errorType timeout or canceled, "query timed out", "too many samples"): it needs a smaller
/// query, not another try. Once retries are used up the last outcome is returned as it is, an error
/// with the number of attempts added.
///
/// Once `RetryWorld::stop` is requested no attempt is begun any more: the outcome is kCancelled,
/// and so is one that `inner` returns.
///
/// Back-off doubles from `initial` to `max`, each wait drawn evenly from [half, whole] (jitter).
/// A stream that broke in the middle is asked for again from its beginning: BodySink::on_start
/// tells the sink, and folding is idempotent (usage/ingest.hpp), so nothing is counted twice.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string_view>

#include "loadline/prometheus/http.hpp"

namespace loadline {

struct RetryPolicy {
  int max_retries = 4;
  Milliseconds initial{500};
  Milliseconds max{15'000};
  Milliseconds max_retry_after{60'000};  ///< a server that asks for more is given up on
};

/// Where waiting and chance come from; tests put their own. All are called from every thread that
/// sends; those named on_... may be empty.
struct RetryWorld {
  std::function<void(Milliseconds)> sleep{};  ///< returns early once `stop` is requested
  std::function<double()> random{};           ///< evenly from [0, 1)
  /// Told of each retry, for logs and metrics: what failed and how long until the next try.
  std::function<void(std::string_view reason, Milliseconds wait)> on_retry{};
  /// Told of each attempt, once it is over: the HTTP status, 0 where it ended in an error.
  std::function<void(int status)> on_attempt{};
  std::stop_token stop{};
};

/// The real clock and a seeded generator. A sleep ends as soon as `stop` is requested.
RetryWorld real_retry_world(std::stop_token stop = {});

/// `inner` must outlive this. Thread-safe as `inner` is.
class RetryingTransport final : public HttpTransport {
 public:
  RetryingTransport(HttpTransport& inner, RetryPolicy policy, RetryWorld world);
  Result<HttpResponse> send(const HttpRequest& request) override;
  Result<HttpResponse> stream(const HttpRequest& request, BodySink& sink) override;
  [[nodiscard]] std::uint64_t retries() const { return retries_; }
  [[nodiscard]] std::uint64_t requests() const { return requests_; }  ///< retries among them

 private:
  Result<HttpResponse> persist(const HttpRequest& request,
                               const std::function<Result<HttpResponse>()>& attempt);

  HttpTransport& inner_;
  RetryPolicy policy_;
  RetryWorld world_;
  std::atomic<std::uint64_t> retries_{0};
  std::atomic<std::uint64_t> requests_{0};
};

}  // namespace loadline
