#include "publish/renderers.hpp"

namespace loadline {

void render(const Report& report, ReportFormat format, const RenderOptions& options,
            std::ostream& out) {
  using publish::TableDetail;
  switch (format) {
    case ReportFormat::kTable:
      return publish::render_table(report, TableDetail::kTable, options, out);
    case ReportFormat::kWide:
      return publish::render_table(report, TableDetail::kWide, options, out);
    case ReportFormat::kJson:
      return publish::render_json(report, out);
    case ReportFormat::kYaml:
      return publish::render_yaml(report, out);
    case ReportFormat::kCsv:
      return publish::render_csv(report, out);
    case ReportFormat::kMarkdown:
      return publish::render_markdown(report, out);
    case ReportFormat::kHtml:
      return publish::render_html(report, out);
  }
}

}  // namespace loadline
