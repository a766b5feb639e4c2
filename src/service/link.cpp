#include "service/link.hpp"

#include <string>
#include <utility>

#include "loadline/prometheus/curl_transport.hpp"
#include "loadline/prometheus/retrying_transport.hpp"
#include "loadline/service/connection.hpp"

namespace loadline::service {
namespace {

RetryWorld world_of(std::stop_token stop, const LinkListeners& listeners) {
  RetryWorld world = real_retry_world(std::move(stop));
  world.on_retry = [&log = listeners.log, &metrics = listeners.metrics](std::string_view reason,
                                                                        Milliseconds wait) {
    metrics.add(Count::kPrometheusRetries);
    log.event(LogLevel::kWarning, "trying again",
              {{"reason", reason}, {"in", format_duration(wait)}});
  };
  return world;
}

}  // namespace

Link::Link(std::unique_ptr<HttpTransport> wire, std::unique_ptr<MeteredTransport> metered,
           std::unique_ptr<HttpTransport> retrying)
    : wire_(std::move(wire)), metered_(std::move(metered)), retrying_(std::move(retrying)) {}

Result<std::unique_ptr<Link>> make_link(const Config& config, std::stop_token stop,
                                        LinkListeners listeners) {
  if (const Result<void> named = require_url(config); !named) return tl::unexpected(named.error());
  auto wire = make_curl_transport(config.prometheus, stop);
  if (!wire) return tl::unexpected(wire.error());
  auto metered = std::make_unique<MeteredTransport>(
      **wire, listeners.seconds,
      [&metrics = listeners.metrics](int status) { metrics.add_request(status); });
  auto retrying = std::make_unique<RetryingTransport>(
      *metered, RetryPolicy{.max_retries = config.prometheus.max_retries},
      world_of(std::move(stop), listeners));
  return std::make_unique<Link>(std::move(*wire), std::move(metered), std::move(retrying));
}

}  // namespace loadline::service
