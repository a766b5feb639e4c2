/// The renderings of a backtest, one file each. Every one ends its output with a newline.
#pragma once

#include <iosfwd>

#include "loadline/publish/backtest_report.hpp"

namespace loadline::publish {

void render_backtest_table(const BacktestReport& report, const RenderOptions& options,
                           std::ostream& out);
void render_backtest_json(const BacktestReport& report, std::ostream& out);
void render_backtest_csv(const BacktestReport& report, std::ostream& out);
void render_backtest_markdown(const BacktestReport& report, std::ostream& out);
void render_backtest_html(const BacktestReport& report, std::ostream& out);

}  // namespace loadline::publish
