#include "support/simulate/matchers.hpp"

#include <charconv>
#include <optional>

namespace loadline::simulate {
namespace {

constexpr std::string_view kMeta = ".+*?()[]{}^$";

tl::unexpected<Error> not_simulated(std::string_view what) {
  return fail(ErrorKind::kInvalidInput, "the simulator does not know " + std::string(what));
}

Result<std::vector<std::string>> branches_of(std::string_view pattern) {
  std::vector<std::string> branches(1);
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (kMeta.find(c) != std::string_view::npos) return not_simulated(pattern);
    if (c == '|') {
      branches.emplace_back();
    } else if (c == '\\' && i + 1 < pattern.size()) {
      branches.back() += pattern[++i];
    } else {
      branches.back() += c;
    }
  }
  return branches;
}

/// One past the brace that closes the selector which begins at the start of `text`.
std::optional<std::size_t> end_of_selector(std::string_view text) {
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (in_string && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      in_string = !in_string;
    } else if (text[i] == '}' && !in_string) {
      return i + 1;
    }
  }
  return std::nullopt;
}

Result<std::int64_t> parse_range(std::string_view rest) {
  std::int64_t milliseconds = 0;
  const char* const end = rest.data() + rest.size();
  const auto parsed = std::from_chars(rest.data() + 1, end, milliseconds);
  const std::string_view unit(parsed.ptr, static_cast<std::size_t>(end - parsed.ptr));
  if (parsed.ec != std::errc{} || !unit.starts_with("ms]")) return not_simulated(rest);
  return milliseconds;
}

}  // namespace

Result<std::vector<std::string>> wanted_values(const std::vector<Matcher>& matchers,
                                               std::string_view name) {
  const Matcher* found = nullptr;
  for (const Matcher& matcher : matchers) {
    if (matcher.name != name || matcher.op == MatchOp::kNotEqual) continue;
    if (found != nullptr) return not_simulated("two matchers on one label");
    found = &matcher;
  }
  if (found == nullptr) return std::vector<std::string>{};
  if (found->op == MatchOp::kEqual) return std::vector<std::string>{found->value};
  if (found->op != MatchOp::kRegex) return not_simulated("!~");
  return branches_of(found->value);
}

Result<Expression> parse_expression(std::string_view promql) {
  const std::size_t begin = promql.find('{');
  if (begin == std::string_view::npos) return not_simulated(promql);
  const auto length = end_of_selector(promql.substr(begin));
  if (!length) return not_simulated(promql);
  auto matchers = parse_matchers(promql.substr(begin, *length));
  if (!matchers) return tl::unexpected<Error>(matchers.error());
  Expression expression{.matchers = std::move(*matchers)};
  const std::string_view rest = promql.substr(begin + *length);
  if (!rest.starts_with('[')) return expression;
  const auto range_ms = parse_range(rest);
  if (!range_ms) return tl::unexpected<Error>(range_ms.error());
  expression.range_ms = *range_ms;
  expression.is_last = promql.substr(0, begin).ends_with("last_over_time(");
  expression.is_range = !expression.is_last;
  return expression;
}

}  // namespace loadline::simulate
