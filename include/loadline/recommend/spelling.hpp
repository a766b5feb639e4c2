/// Amounts as reasons and reports spell them. Numbers for machines never pass through here.
#pragma once

#include <string>
#include <string_view>

#include "loadline/model/resources.hpp"

namespace loadline {

/// A request or a limit, in Kubernetes' own spelling where it has a short one: "250m", "2",
/// "512Mi", "500M"; bytes that no suffix makes short are "~477Mi", rounded to three digits and
/// marked.
std::string spell_requirement(Resource resource, double value);

/// A measured value, at most three significant digits: "387m", "1203m", "96Mi", "1.4Gi". CPU rounds
/// up to whole millicores.
std::string spell_usage(Resource resource, double value);

/// "CPU", "memory": inside a sentence.
std::string_view spell_resource(Resource resource);

/// "p95", "p99.5".
std::string spell_quantile(double quantile);

/// Fixed point with at most `digits` decimals, trailing zeros removed: "1.2", "3".
std::string spell_decimal(double value, int digits);

}  // namespace loadline
