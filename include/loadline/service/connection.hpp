/// The way to the configured Prometheus: libcurl's transport with retries around it.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "loadline/config/config.hpp"
#include "loadline/prometheus/http.hpp"

namespace loadline {

/// Told what happens, one sentence each, for people; called from any thread.
using OnEvent = std::function<void(LogLevel, std::string_view)>;

/// Owns both transports; thread-safe as they are. Requests go through `transport`.
struct Connection {
  std::unique_ptr<HttpTransport> wire{};
  std::unique_ptr<HttpTransport> transport{};
};

/// kInvalidInput, with what to set, where no URL is configured.
Result<void> require_url(const Config& config);

/// Makes no request. kInvalidInput where no URL is configured or the access settings cannot work.
/// Each retry is told to `on_event` as a warning.
Result<Connection> connect(const Config& config, const OnEvent& on_event);

}  // namespace loadline
