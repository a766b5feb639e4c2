/// Series selectors as data, and their text: the only place where PromQL is spelled.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "loadline/model/result.hpp"
#include "loadline/model/time.hpp"

namespace loadline {

/// Values as in the remote-read protocol (prompb LabelMatcher.Type).
enum class MatchOp { kEqual = 0, kNotEqual = 1, kRegex = 2, kNotRegex = 3 };

struct Matcher {
  std::string name{};
  MatchOp op = MatchOp::kEqual;
  std::string value{};

  bool operator==(const Matcher&) const = default;
};

/// `{__name__=~"a|b",namespace="x"}` -- values quoted and escaped, whatever bytes they hold.
std::string selector(const std::vector<Matcher>& matchers);
/// A quoted PromQL string literal.
std::string quote_promql(std::string_view text);
/// Escapes RE2's metacharacters, so that the text matches itself (and, of all others, nothing; only
/// a byte that is no UTF-8, which RE2 cannot spell, stands for any one character).
std::string escape_regex(std::string_view text);
/// `name` is any of `values`: an equality for one value, an escaped alternation for more. Needs
/// >= 1.
Matcher any_of(std::string_view name, const std::vector<std::string>& values);
/// Reads user-written matchers: `cluster="eu-1",tier=~"a|b"` (braces allowed). kInvalidInput on bad
/// syntax.
Result<std::vector<Matcher>> parse_matchers(std::string_view text);

}  // namespace loadline
