/// The page before the first report.
#pragma once

#include "loadline/service/board.hpp"
#include "service/http.hpp"

namespace loadline::service {

/// What the service is doing and how far it is; asks the browser to come again. Errors of the
/// server read from are escaped.
HttpAnswer waiting_page(const ServiceStatus& status, TimePoint now);

}  // namespace loadline::service
