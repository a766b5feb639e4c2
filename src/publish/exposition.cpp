#include "publish/exposition.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

#include "publish/text.hpp"

namespace loadline::publish {
namespace {

constexpr std::size_t kPieceBytes = 120UL * 1024;
constexpr std::string_view kReplacement = "\xef\xbf\xbd";

char* copy(std::string_view text, char* at) {
  // std::copy and not std::memcpy: an empty text may have no address.
  return std::copy(text.begin(), text.end(), at);
}

std::string_view without_suffix(std::string_view name, std::string_view suffix) {
  return name.ends_with(suffix) ? name.substr(0, name.size() - suffix.size()) : name;
}

/// OpenMetrics names the family, not its samples.
std::string_view family_name(const FamilyHead& head, MetricsFormat format) {
  if (format == MetricsFormat::kText) return head.name;
  if (head.kind == MetricKind::kCounter) return without_suffix(head.name, "_total");
  if (head.kind == MetricKind::kInfo) return without_suffix(head.name, "_info");
  return head.name;
}

std::string_view type_name(MetricKind kind, MetricsFormat format) {
  const bool is_text = format == MetricsFormat::kText;
  switch (kind) {
    case MetricKind::kGauge:
      return "gauge";
    case MetricKind::kCounter:
      return "counter";
    case MetricKind::kHistogram:
      return "histogram";
    case MetricKind::kInfo:
      return is_text ? "gauge" : "info";
    case MetricKind::kUnknown:
      return is_text ? "untyped" : "unknown";
  }
  return "";
}

std::string_view unit_in(std::string_view name) {
  constexpr std::array<std::string_view, 3> kUnits{"seconds", "bytes", "ratio"};
  for (const std::string_view unit : kUnits) {
    if (name.ends_with(unit) && without_suffix(name, unit).ends_with('_')) return unit;
  }
  return {};
}

void write_comment(PieceWriter& out, std::string_view word, std::string_view name,
                   std::string_view text) {
  for (const std::string_view part : {word, name, std::string_view(" "), text}) out.append(part);
  out.append("\n");
}

char* write_integer(char* at, std::int64_t value) {
  return std::to_chars(at, at + kLongestNumber, value).ptr;
}

/// Three digits after the point, trailing zeros left out; `thousandths` % 1000 is not 0.
char* write_thousandths(char* at, std::int64_t thousandths) {
  at = write_integer(at, thousandths / 1000);
  *at++ = '.';
  std::int64_t fraction = thousandths % 1000;
  for (std::int64_t digit = 100; fraction != 0; digit /= 10) {
    *at++ = static_cast<char>('0' + fraction / digit);
    fraction %= digit;
  }
  return at;
}

char* write_double(char* at, double value) {
  if (std::isnan(value)) return copy("NaN", at);
  if (std::isinf(value)) return copy(value > 0 ? "+Inf" : "-Inf", at);
  return std::to_chars(at, at + kLongestNumber, value).ptr;
}

bool is_plain(char c) {
  return static_cast<unsigned char>(c) < 0x80 && c != '\\' && c != '"' && c != '\n';
}

void append_code_point(std::string& to, std::string_view bytes, const CodePoint& c) {
  switch (c.value) {
    case U'\\':
      to += "\\\\";
      return;
    case U'"':
      to += "\\\"";
      return;
    case U'\n':
      to += "\\n";
      return;
    default:
      to += c.valid ? bytes : kReplacement;
  }
}

}  // namespace

PieceWriter::PieceWriter(const WritePiece& write)
    : write_(write), buffer_(kPieceBytes, '\0'), at_(buffer_.data()) {}

void PieceWriter::append(std::string_view text) {
  end_at(copy(text, room(text.size())));
}

void PieceWriter::hand_over() {
  const std::string_view piece(buffer_.data(), static_cast<std::size_t>(at_ - buffer_.data()));
  if (!reader_gone_ && !piece.empty()) reader_gone_ = !write_(piece);
  at_ = buffer_.data();
}

void PieceWriter::make_room(std::size_t bytes) {
  hand_over();
  if (bytes > buffer_.size()) buffer_.resize(bytes);
  at_ = buffer_.data();
}

bool PieceWriter::finish() {
  hand_over();
  return !reader_gone_;
}

void write_head(PieceWriter& out, const FamilyHead& head, MetricsFormat format) {
  const std::string_view name = family_name(head, format);
  const std::string_view unit = unit_in(name);
  write_comment(out, "# HELP ", name, head.help);
  write_comment(out, "# TYPE ", name, type_name(head.kind, format));
  if (format == MetricsFormat::kOpenMetrics && !unit.empty()) {
    write_comment(out, "# UNIT ", name, unit);
  }
}

void write_sample(PieceWriter& out, std::string_view name, std::string_view labels,
                  std::string_view rest, double value) {
  char* at = out.room(name.size() + labels.size() + rest.size() + kLongestNumber + 1);
  at = copy(rest, copy(labels, copy(name, at)));
  at = write_number(at, value);
  *at++ = '\n';
  out.end_at(at);
}

// Implementation details: nearly every number here is a count, whole bytes or whole millicores, and
// those need no search for the shortest spelling. The product is exact enough to find the only
// candidate; dividing it again proves that the candidate reads back as the same double.
char* write_number(char* at, double value) {
  constexpr double kExactIntegers = 9007199254740992.0;
  constexpr double kLargestFraction = 1e9;
  if (std::abs(value) <= kExactIntegers) {
    const auto whole = static_cast<std::int64_t>(value);
    if (static_cast<double>(whole) == value) return write_integer(at, whole);
  }
  if (value > 0 && value < kLargestFraction) {
    const std::int64_t thousandths = std::llround(value * 1000);
    if (static_cast<double>(thousandths) / 1000 == value) {
      return write_thousandths(at, thousandths);
    }
  }
  return write_double(at, value);
}

void append_label_value(std::string& to, std::string_view value) {
  if (std::all_of(value.begin(), value.end(), is_plain)) {
    to += value;
    return;
  }
  while (!value.empty()) {
    const CodePoint c = first_code_point(value);
    append_code_point(to, value.substr(0, c.length), c);
    value.remove_prefix(c.length);
  }
}

}  // namespace loadline::publish
