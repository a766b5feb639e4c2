/// Looks a Prometheus over: can it serve loadline, and what is to be mended. Joins the stages for
/// `loadline check`; the judgement is inventory/audit's.
#pragma once

#include "loadline/config/config.hpp"
#include "loadline/prometheus/http.hpp"
#include "loadline/publish/check_report.hpp"

namespace loadline {

/// Reads label sets of the ten minutes before `now` and a few single values; no samples of a
/// window. A failed request is an error. The server's warnings of partial answers become findings.
Result<CheckReport> check_prometheus(HttpTransport& transport, const Config& config, TimePoint now);

}  // namespace loadline
