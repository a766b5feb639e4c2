/// The JSON half of the check report, apart because nlohmann's header is slow to compile.
#pragma once

#include <iosfwd>
#include <string_view>

#include "loadline/publish/check_report.hpp"

namespace loadline::publish {

/// "needed", "wanted", "evidence".
std::string_view to_word(MetricNeed need);
void render_check_json(const CheckReport& check, std::ostream& out);

}  // namespace loadline::publish
