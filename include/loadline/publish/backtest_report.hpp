/// A finished backtest and its renderings. The JSON form is a documented contract, schema
/// "loadline/backtest.v1" (docs/accuracy.md): fields may be added, never changed.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loadline/publish/report.hpp"
#include "loadline/recommend/backtest.hpp"

namespace loadline {

struct BacktestReport {
  TimeRange window{};     ///< of the samples; empty where there were none
  std::string source{};   ///< "Prometheus 2.42.0 at http://localhost:9090", "trace.csv"
  bool is_trace = false;  ///< then nothing is known of requests, limits and owners
  std::uint64_t samples = 0;
  BacktestOptions options{};
  /// Everything that makes the result incomplete (exit 3), one sentence each.
  std::vector<std::string> incomplete{};
  Backtest result{};
  std::size_t worst = 10;  ///< offenders named, of each policy at most
};

enum class BacktestFormat { kTable, kJson, kCsv, kMarkdown, kHtml };
std::optional<BacktestFormat> parse_backtest_format(std::string_view text);

/// What a reader must know to trust the numbers, one sentence each: what was not judged, what the
/// history hides, what was assumed. The same in every format. Texts are not escaped.
std::vector<std::string> backtest_caveats(const BacktestReport& report);

/// Ends with a newline. The table, Markdown and HTML show a row for each policy, what the columns
/// mean, the worst offenders and the caveats; CSV a row for each policy and, below, one for each
/// container and policy (column `scope`: total or container); JSON all of it. Label values are
/// escaped as in `render`.
void render_backtest(const BacktestReport& report, BacktestFormat format,
                     const RenderOptions& options, std::ostream& out);

}  // namespace loadline
