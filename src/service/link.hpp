/// The daemon's way to Prometheus: a connection that can be stopped and tells what it is asked.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>

#include "loadline/config/config.hpp"
#include "loadline/prometheus/http.hpp"
#include "loadline/publish/self_metrics.hpp"
#include "loadline/service/log.hpp"
#include "service/metered_transport.hpp"

namespace loadline::service {

/// Whom a link tells; must outlive it.
struct LinkListeners {
  Log& log;
  SelfMetrics& metrics;
  std::function<double()> seconds{};
};

/// libcurl's transport, metered, with retries around it.
class Link {
 public:
  Link(std::unique_ptr<HttpTransport> wire, std::unique_ptr<MeteredTransport> metered,
       std::unique_ptr<HttpTransport> retrying);
  HttpTransport& transport() { return *retrying_; }
  double take_seconds() { return metered_->take_seconds(); }

 private:
  std::unique_ptr<HttpTransport> wire_;
  std::unique_ptr<MeteredTransport> metered_;
  std::unique_ptr<HttpTransport> retrying_;
};

/// As connect: makes no request. Once `stop` is requested, requests and waits under way end.
Result<std::unique_ptr<Link>> make_link(const Config& config, std::stop_token stop,
                                        LinkListeners listeners);

}  // namespace loadline::service
