/// The report as one ordered document, "loadline/report.v1": what JSON and YAML both write, in
/// parts small enough to write a fleet row by row. docs/report_schema.md tells every field.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "loadline/publish/report.hpp"

namespace loadline::publish {

/// All fields but the last one, which is the list `kRowsKey` of the rows.
nlohmann::ordered_json head_of(const Report& report);
inline constexpr std::string_view kRowsKey = "recommendations";
nlohmann::ordered_json row_of(const Recommendation& row);

}  // namespace loadline::publish
