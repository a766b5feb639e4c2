#include <optional>

#include "loadline/prometheus/promql.hpp"
#include "prometheus/quotable.hpp"
#include "prometheus/utf8.hpp"

namespace loadline {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

int digit_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 99;
}

/// A reader by recursive descent over `name op string, ...`. After the first error `error_` is set
/// and everything that follows is ignored.
class MatcherReader {
 public:
  explicit MatcherReader(std::string_view text) : text_(text) {}

  Result<std::vector<Matcher>> read() {
    skip_spaces();
    const bool braces = take('{');
    std::vector<Matcher> matchers = read_list();
    if (braces && !take('}')) set_error("expected ',' or '}'");
    skip_spaces();
    if (at_ < text_.size()) set_error(braces ? "unexpected text after '}'" : "expected ','");
    if (error_) return tl::unexpected<Error>(*error_);
    return matchers;
  }

 private:
  std::vector<Matcher> read_list() {
    std::vector<Matcher> matchers;
    skip_spaces();
    while (!error_ && at_ < text_.size() && peek() != '}') {
      matchers.push_back(read_matcher());
      skip_spaces();
      if (!take(',')) break;
      skip_spaces();
    }
    return matchers;
  }

  Matcher read_matcher() {
    Matcher matcher;
    matcher.name = read_name();
    skip_spaces();
    matcher.op = read_op();
    skip_spaces();
    matcher.value = read_string("a quoted value");
    return matcher;
  }

  std::string read_name() {
    if (peek() == '"' || peek() == '\'' || peek() == '`') {
      std::string name = read_string("a label name");
      if (name.empty()) set_error("empty label name");
      return name;
    }
    const std::size_t begin = at_;
    if (!is_name_start(peek())) set_error("expected a label name");
    while (is_name_start(peek()) || (at_ > begin && is_digit(peek()))) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  MatchOp read_op() {
    if (take("=~")) return MatchOp::kRegex;
    if (take("!~")) return MatchOp::kNotRegex;
    if (take("!=")) return MatchOp::kNotEqual;
    if (!take("=")) set_error("expected one of = != =~ !~");
    return MatchOp::kEqual;
  }

  std::string read_string(std::string_view what) {
    const char quote = peek();
    if (quote != '"' && quote != '\'' && quote != '`') {
      set_error("expected " + std::string(what));
      return {};
    }
    ++at_;
    std::string value;
    while (!error_ && at_ < text_.size() && peek() != quote) {
      if (quote != '`' && peek() == '\n') set_error("line break inside quotes");
      if (quote != '`' && peek() == '\\') {
        value += read_escape(quote);
      } else {
        value += text_[at_++];
      }
    }
    if (!take(quote)) set_error("unclosed quote");
    return value;
  }

  std::string read_escape(char quote) {
    constexpr std::string_view kShort = "abfnrtv\\";
    constexpr std::string_view kMeaning = "\a\b\f\n\r\t\v\\";
    ++at_;
    const char c = peek();
    if (c == quote || kShort.find(c) != std::string_view::npos) {
      ++at_;
      return {c == quote ? quote : kMeaning[kShort.find(c)]};
    }
    if (take('x')) return read_byte(2, 16);
    if (take('u')) return read_code_point(4);
    if (take('U')) return read_code_point(8);
    if (is_digit(c)) return read_byte(3, 8);
    set_error("unknown escape");
    return {};
  }

  std::string read_byte(int digits, int base) {
    const std::optional<std::uint32_t> value = read_digits(digits, base);
    if (value && *value > 0xff) set_error("escape beyond one byte");
    return {static_cast<char>(value.value_or(0) & 0xffU)};
  }

  std::string read_code_point(int digits) {
    std::string bytes = encode_utf8(read_digits(digits, 16).value_or(0));
    if (bytes.empty()) set_error("escape is no Unicode character");
    return bytes;
  }

  std::optional<std::uint32_t> read_digits(int digits, int base) {
    std::uint32_t value = 0;
    for (int i = 0; i < digits; ++i) {
      const int digit = digit_value(peek());
      if (digit >= base) {
        set_error("bad digit in an escape");
        return std::nullopt;
      }
      value = value * static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(digit);
      ++at_;
    }
    return value;
  }

  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool take(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }
  void skip_spaces() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }
  void set_error(const std::string& problem) {
    if (error_) return;
    error_ = Error{ErrorKind::kInvalidInput,
                   "label matchers `" + quotable(text_) + "`: " + problem + " at byte " +
                       std::to_string(at_ + 1) + R"(; write them like cluster="eu-1",tier=~"a|b")"};
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::optional<Error> error_{};
};

}  // namespace

Result<std::vector<Matcher>> parse_matchers(std::string_view text) {
  return MatcherReader(text).read();
}

}  // namespace loadline
