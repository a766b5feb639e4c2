/// What is at the other end of a connection, and how to read from it.
#pragma once

#include <string>

#include "loadline/config/config.hpp"
#include "loadline/prometheus/query_api.hpp"
#include "loadline/prometheus/sources.hpp"

namespace loadline::service {

struct Server {
  std::string name{};  ///< "Prometheus 2.42.0"
  ChosenPath path{};
};

/// Asks the server what it is and chooses the path, as configured or as found.
Result<Server> look_at_server(HttpTransport& transport, QueryApi& api, const Config& config,
                              TimePoint now);

}  // namespace loadline::service
