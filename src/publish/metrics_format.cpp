#include <algorithm>
#include <optional>

#include "loadline/publish/metrics.hpp"

namespace loadline {
namespace {

/// Cuts the text up to the next `separator` outside quotes off `rest`, blanks around it removed.
std::string_view next_part(std::string_view& rest, char separator) {
  bool is_quoted = false;
  std::size_t end = 0;
  for (; end < rest.size() && (is_quoted || rest[end] != separator); ++end) {
    if (rest[end] == '"') is_quoted = !is_quoted;
    if (is_quoted && rest[end] == '\\') ++end;
  }
  end = std::min(end, rest.size());
  std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  constexpr std::string_view kBlanks = " \t";
  part.remove_prefix(std::min(part.find_first_not_of(kBlanks), part.size()));
  return part.substr(0, part.find_last_not_of(kBlanks) + 1);
}

bool equal_ignoring_case(std::string_view text, std::string_view lower) {
  const auto same = [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  };
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(), same);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// RFC 9110, 12.4.2: 0 to 1 with at most three digits after the point, in thousandths.
std::optional<int> parse_quality(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  if (text.size() > 1 && text[1] != '.') return std::nullopt;
  int thousandths = (text[0] - '0') * 1000;
  int worth = 100;
  for (const char digit : text.substr(std::min<std::size_t>(2, text.size()))) {
    if (!is_digit(digit)) return std::nullopt;
    thousandths += (digit - '0') * worth;
    worth /= 10;
  }
  return thousandths <= 1000 ? std::optional(thousandths) : std::nullopt;
}

/// One element of the header: which media types, of which version, how welcome.
struct MediaRange {
  std::string_view type{};
  std::string_view version{};
  int quality = 1000;
};

std::string_view unquoted(std::string_view text) {
  const bool is_quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return is_quoted ? text.substr(1, text.size() - 2) : text;
}

/// nullopt for a weight that is none: such an element asks for nothing.
std::optional<MediaRange> parse_range(std::string_view text) {
  MediaRange range;
  range.type = next_part(text, ';');
  while (!text.empty()) {
    std::string_view value = next_part(text, ';');
    const std::string_view name = next_part(value, '=');
    if (equal_ignoring_case(name, "version")) range.version = unquoted(value);
    if (!equal_ignoring_case(name, "q")) continue;
    const std::optional<int> quality = parse_quality(value);
    if (!quality) return std::nullopt;
    range.quality = *quality;
  }
  return range;
}

/// What we offer under one name, and how welcome it has proved so far.
struct Offer {
  std::string_view type{};
  std::string_view any_subtype{};
  std::string_view version{};
  int quality = 0;
  int precision = 0;  ///< of the range that decided; 0: none matched
};

/// How closely the range names the offer: 4 its version, 3 its type, 2 "text/*", 1 "*/*", 0 not.
int precision_of(const MediaRange& range, const Offer& offer) {
  if (equal_ignoring_case(range.type, offer.type)) {
    if (range.version.empty()) return 3;
    return range.version == offer.version ? 4 : 0;
  }
  if (equal_ignoring_case(range.type, offer.any_subtype)) return 2;
  return range.type == "*/*" ? 1 : 0;
}

/// RFC 9110, 12.5.1: the most precise range that matches decides; of equals the most welcome.
void weigh(Offer& offer, const MediaRange& range) {
  const int precision = precision_of(range, offer);
  if (precision == 0 || precision < offer.precision) return;
  offer.quality =
      precision > offer.precision ? range.quality : std::max(offer.quality, range.quality);
  offer.precision = precision;
}

}  // namespace

MetricsFormat negotiate_metrics_format(std::string_view accept) {
  Offer text{"text/plain", "text/*", "0.0.4"};
  Offer open_metrics{"application/openmetrics-text", "application/*", "1.0.0"};
  while (!accept.empty()) {
    const std::optional<MediaRange> range = parse_range(next_part(accept, ','));
    if (!range) continue;
    weigh(text, *range);
    weigh(open_metrics, *range);
  }
  if (open_metrics.quality == 0 || open_metrics.quality < text.quality) return MetricsFormat::kText;
  const bool is_tie = open_metrics.quality == text.quality;
  // "application/openmetrics-text, */*" plainly wants the first.
  if (is_tie && open_metrics.precision <= text.precision) return MetricsFormat::kText;
  return MetricsFormat::kOpenMetrics;
}

std::string_view content_type(MetricsFormat format) {
  switch (format) {
    case MetricsFormat::kText:
      return "text/plain; version=0.0.4; charset=utf-8";
    case MetricsFormat::kOpenMetrics:
      return "application/openmetrics-text; version=1.0.0; charset=utf-8";
  }
  return "";
}

}  // namespace loadline
