/// The report as one ordered document, "loadline/report.v1": what JSON and YAML both write.
/// docs/report_schema.md tells every field.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "loadline/publish/report.hpp"

namespace loadline::publish {

nlohmann::ordered_json document_of(const Report& report);

}  // namespace loadline::publish
