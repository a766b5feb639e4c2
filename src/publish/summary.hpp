/// What a report says above and below its rows, in words: the same in the table, in Markdown and on
/// the page. Texts are not escaped; server names, URLs and warnings are others' words.
#pragma once

#include <string>
#include <vector>

#include "loadline/publish/report.hpp"

namespace loadline::publish {

/// The sums of one resource. A risk stands before a saving.
struct TotalsLine {
  std::string resource{};     ///< "CPU", "memory"
  std::string at_risk{};      ///< "2 of 9 containers"
  std::string unset{};        ///< "1 container"
  std::string missing{};      ///< "0.8 cores"
  std::string reclaimable{};  ///< "6.1 cores"
  std::string from{};         ///< "24 replicas of 3 containers"
  std::string requested{};    ///< "12.5 cores", "unknown"
  std::string recommended{};  ///< "7.2 cores"
};

/// A row at risk and its first risk, for the list that stands before the savings.
struct RiskLine {
  std::string path{};
  std::string sentence{};
};

struct Summary {
  std::string window{};    ///< "14.7 days, 2026-11-10T00:00:00Z to 2026-11-24T16:20:57Z"
  std::string source{};    ///< "Prometheus 2.42.0 at http://localhost:9090"
  std::string read{};      ///< the way, what came and what was left out
  std::string policy{};    ///< "request = p95, limit = 2 x p95, ..."
  std::string headline{};  ///< "3 of 9 containers are at risk"
  std::string verdicts{};  ///< "6 change, 3 keep"
  std::string backtest{};  ///< what following the advice would have risked; empty: not known
  std::string cost{};  ///< "EUR 1,234.50 a month now, 987.00 if followed: ..."; empty: no prices
  std::vector<TotalsLine> totals{};
  std::vector<RiskLine> risks{};     ///< the first kMostRisks
  std::vector<std::string> notes{};  ///< hidden rows, marks, what totals leave out
};
inline constexpr std::size_t kMostRisks = 5;

Summary summarise(const Report& report);

/// "1,234.50": two decimals, thousands grouped.
std::string money_text(double amount);

/// "1 container", "3 containers"; thousands grouped: "40,320 samples".
std::string counted(std::uint64_t count, const std::string& noun);

/// False where nothing tells what any container asks for today: totals are then unknown, not 0.
bool knows_current(const Report& report);

}  // namespace loadline::publish
