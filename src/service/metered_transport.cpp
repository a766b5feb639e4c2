#include "service/metered_transport.hpp"

#include <utility>

namespace loadline::service {

MeteredTransport::MeteredTransport(HttpTransport& inner, std::function<double()> seconds,
                                   std::function<void(int)> on_attempt)
    : inner_(inner), seconds_(std::move(seconds)), on_attempt_(std::move(on_attempt)) {}

Result<HttpResponse> MeteredTransport::send(const HttpRequest& request) {
  return measure([&] { return inner_.send(request); });
}

Result<HttpResponse> MeteredTransport::stream(const HttpRequest& request, BodySink& sink) {
  return measure([&] { return inner_.stream(request, sink); });
}

double MeteredTransport::take_seconds() {
  return static_cast<double>(microseconds_.exchange(0)) / 1e6;
}

Result<HttpResponse> MeteredTransport::measure(
    const std::function<Result<HttpResponse>()>& attempt) {
  const double begin = seconds_();
  Result<HttpResponse> response = attempt();
  microseconds_ += static_cast<std::int64_t>((seconds_() - begin) * 1e6);
  on_attempt_(response ? response->status : 0);
  return response;
}

}  // namespace loadline::service
