/// The story of one or more containers for people and for machines. JSON has the schema
/// "loadline/explain.v1": fields may be added, never changed. Label values are escaped for the
/// format.
#pragma once

#include <iosfwd>
#include <optional>
#include <string_view>
#include <vector>

#include "loadline/publish/report.hpp"
#include "loadline/recommend/explain.hpp"

namespace loadline {

enum class ExplainFormat { kText, kJson, kHtml };

struct ExplainReport {
  TimeRange window{};
  std::string currency{};  ///< of costs; empty: no prices
  std::vector<std::string> incomplete{};
  std::vector<Explanation> containers{};
};

/// Ends with a newline.
void render_explanation(const ExplainReport& report, ExplainFormat format,
                        const RenderOptions& options, std::ostream& out);

}  // namespace loadline
