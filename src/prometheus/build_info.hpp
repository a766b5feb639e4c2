/// Which server answers: from its build information and, where that says little, from what it can
/// do.
#pragma once

#include <string_view>

#include "loadline/prometheus/http.hpp"
#include "loadline/prometheus/query_api.hpp"

namespace loadline {

/// As QueryApi::build_info.
Result<BuildInfo> find_build_info(HttpTransport& transport);
/// Whether VictoriaMetrics' /api/v1/export answers; fails only where nothing does.
Result<bool> speaks_export(HttpTransport& transport, const std::vector<Matcher>& extra,
                           TimePoint now);
/// The version in the text of VictoriaMetrics' /metrics
/// (`vm_app_version{...short_version="v1.79"}`), or "".
std::string_view victoria_metrics_version(std::string_view metrics);

}  // namespace loadline
