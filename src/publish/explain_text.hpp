/// The story of one container as lines of text, which the page shows too.
#pragma once

#include <iosfwd>

#include "loadline/publish/explain_report.hpp"

namespace loadline::publish {

/// `currency`: of its cost.
void write_explanation(const Explanation& explanation, const std::string& currency, Color color,
                       std::ostream& out);
/// Names are escaped for a terminal: "shop/Deployment/web/app".
std::string explained_name(const Explanation& explanation);

}  // namespace loadline::publish
