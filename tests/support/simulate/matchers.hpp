/// Series selectors as far as loadline writes them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "loadline/model/result.hpp"
#include "loadline/prometheus/promql.hpp"

namespace loadline::simulate {

/// The texts that a matcher on `name` lets through: one for an equality, the branches of an
/// alternation whose branches are escaped texts. Empty where no matcher speaks of `name`.
/// kInvalidInput for any other regular expression, and for more than one such matcher.
Result<std::vector<std::string>> wanted_values(const std::vector<Matcher>& matchers,
                                               std::string_view name);

/// An expression around one selector, as loadline's queries are.
struct Expression {
  std::vector<Matcher> matchers{};
  bool is_range = false;      ///< {...}[15m]
  bool is_last = false;       ///< last_over_time({...}[15m])
  std::int64_t range_ms = 0;  ///< of either
};
/// kInvalidInput where there is no selector, or the range is not written in milliseconds.
Result<Expression> parse_expression(std::string_view promql);

}  // namespace loadline::simulate
