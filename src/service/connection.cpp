#include "loadline/service/connection.hpp"

#include <string>

#include "loadline/prometheus/curl_transport.hpp"
#include "loadline/prometheus/retrying_transport.hpp"

namespace loadline {

Result<void> require_url(const Config& config) {
  if (!config.prometheus.url.empty()) return {};
  return fail(ErrorKind::kInvalidInput,
              "no Prometheus is named; pass --prometheus URL, or set prometheus.url or "
              "LOADLINE_PROMETHEUS_URL");
}

Result<Connection> connect(const Config& config, const OnEvent& on_event) {
  if (const Result<void> named = require_url(config); !named) return tl::unexpected(named.error());
  Result<std::unique_ptr<HttpTransport>> wire = make_curl_transport(config.prometheus);
  if (!wire) return tl::unexpected(wire.error());
  RetryWorld world = real_retry_world();
  world.on_retry = [on_event](std::string_view reason, Milliseconds wait) {
    if (!on_event) return;
    on_event(LogLevel::kWarning,
             std::string(reason) + "; trying again in " + format_duration(wait));
  };
  const RetryPolicy policy{.max_retries = config.prometheus.max_retries};
  Connection connection{.wire = std::move(*wire)};
  connection.transport =
      std::make_unique<RetryingTransport>(*connection.wire, policy, std::move(world));
  return connection;
}

}  // namespace loadline
