#include "loadline/publish/backtest_report.hpp"

#include "publish/backtest_renderers.hpp"

namespace loadline {

std::optional<BacktestFormat> parse_backtest_format(std::string_view text) {
  if (text == "table") return BacktestFormat::kTable;
  if (text == "json") return BacktestFormat::kJson;
  if (text == "csv") return BacktestFormat::kCsv;
  if (text == "markdown") return BacktestFormat::kMarkdown;
  if (text == "html") return BacktestFormat::kHtml;
  return std::nullopt;
}

void render_backtest(const BacktestReport& report, BacktestFormat format,
                     const RenderOptions& options, std::ostream& out) {
  switch (format) {
    case BacktestFormat::kTable:
      return publish::render_backtest_table(report, options, out);
    case BacktestFormat::kJson:
      return publish::render_backtest_json(report, out);
    case BacktestFormat::kCsv:
      return publish::render_backtest_csv(report, out);
    case BacktestFormat::kMarkdown:
      return publish::render_backtest_markdown(report, out);
    case BacktestFormat::kHtml:
      return publish::render_backtest_html(report, out);
  }
}

}  // namespace loadline
