/// The renderings of a report, one file each. Every one ends its output with a newline.
#pragma once

#include <iosfwd>

#include "loadline/publish/report.hpp"

namespace loadline::publish {

enum class TableDetail { kTable, kWide };

void render_table(const Report& report, TableDetail detail, const RenderOptions& options,
                  std::ostream& out);
void render_json(const Report& report, std::ostream& out);
void render_yaml(const Report& report, std::ostream& out);
void render_csv(const Report& report, std::ostream& out);
void render_markdown(const Report& report, std::ostream& out);
void render_html(const Report& report, std::ostream& out);

}  // namespace loadline::publish
