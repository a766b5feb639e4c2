/// A backtest in words, the same in the table, in Markdown and on the page. Texts are not escaped.
#pragma once

#include <string>
#include <vector>

#include "loadline/publish/backtest_report.hpp"

namespace loadline::publish {

struct BacktestColumn {
  std::string title{};
  std::string meaning{};             ///< one sentence; empty: the title says it
  std::vector<std::string> cells{};  ///< one a policy
  bool is_number = true;
};
std::vector<BacktestColumn> backtest_columns(const BacktestReport& report);

/// One container that a policy served badly.
struct OffenderText {
  std::string path{};      ///< "shop/Deployment/web/app"
  std::string sentence{};  ///< the numbers
};
/// The worst of one policy, at most report.worst.
std::vector<OffenderText> offenders(const BacktestReport& report, std::size_t policy);

/// "2022-04-19T17:15:00Z to ..., from trace.csv: 3 judged days, 4,190 pod-days of 212 containers"
std::string backtest_headline(const BacktestReport& report);

/// "2022-04-22".
std::string date_text(std::int32_t day);

/// "shop/Deployment/web/app", the cluster before it where there is one.
std::string path_text(const ContainerKey& key);

}  // namespace loadline::publish
