#include "config/values.hpp"

#include <charconv>
#include <cmath>
#include <system_error>

#include "loadline/model/labels.hpp"
#include "loadline/model/quantity.hpp"

namespace loadline::config {
namespace {

tl::unexpected<Error> wrong(std::string problem) {
  return fail(ErrorKind::kInvalidInput, std::move(problem));
}

/// `"x" is not <expected>`, for values that may be shown.
tl::unexpected<Error> wrong_value(const Node& node, std::string_view expected) {
  return wrong("\"" + printable(node.text) + "\" is not " + std::string(expected));
}

std::string number_text(double value) {
  char buffer[32];
  const auto end = std::to_chars(std::begin(buffer), std::end(buffer), value);
  return {buffer, end.ptr};
}

}  // namespace

Result<std::string> read_text(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kScalar:
      return node.text;
    case Node::Kind::kNull:
      return wrong("a value is expected");
    case Node::Kind::kList:
      return wrong("one value is expected, not a list");
    case Node::Kind::kMap:
      return wrong("one value is expected, not a map");
  }
  return wrong("a value is expected");
}

Node write_text(const std::string& text) {
  return scalar(text);
}

Result<bool> read_bool(const Node& node) {
  const Result<std::string> text = read_text(node);
  if (!text) return tl::unexpected(text.error());
  if (*text == "true") return true;
  if (*text == "false") return false;
  return wrong_value(node, "true or false");
}

Node write_bool(bool value) {
  return scalar(value ? "true" : "false");
}

Result<double> read_number(const Node& node) {
  const Result<std::string> text = read_text(node);
  if (!text) return tl::unexpected(text.error());
  double value = 0;
  const char* const end = text->data() + text->size();
  const auto parsed = std::from_chars(text->data(), end, value);
  if (parsed.ec != std::errc{} || parsed.ptr != end || !std::isfinite(value)) {
    return wrong_value(node, "a number");
  }
  return value;
}

Node write_number(double value) {
  return scalar(number_text(value));
}

Result<int> read_integer(const Node& node, int least, int most) {
  const Result<std::string> text = read_text(node);
  if (!text) return tl::unexpected(text.error());
  int value = 0;
  const char* const end = text->data() + text->size();
  const auto parsed = std::from_chars(text->data(), end, value);
  if (parsed.ec != std::errc{} || parsed.ptr != end || value < least || value > most) {
    return wrong_value(
        node, "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  }
  return value;
}

Node write_integer(int value) {
  return scalar(std::to_string(value));
}

Result<double> read_ratio(const Node& node) {
  const Result<std::string> text = read_text(node);
  if (!text) return tl::unexpected(text.error());
  const bool percent = text->ends_with('%');
  const Result<double> number =
      read_number(scalar(percent ? text->substr(0, text->size() - 1) : *text));
  const double ratio = number ? *number / (percent ? 100 : 1) : -1;
  if (ratio >= 0 && ratio <= 1) return ratio;
  return wrong_value(node, "a share of 0% to 100%, e.g. 10% or 0.1");
}

Node write_ratio(double ratio) {
  const std::string percent = number_text(ratio * 100);
  double back = 0;
  std::from_chars(percent.data(), percent.data() + percent.size(), back);
  const bool exact = back / 100 == ratio && percent.size() < 8;
  return scalar(exact ? percent + "%" : number_text(ratio));
}

Result<Milliseconds> read_duration(const Node& node) {
  const Result<std::string> text = read_text(node);
  if (!text) return tl::unexpected(text.error());
  const Result<Milliseconds> duration = parse_duration(*text);
  if (!duration) return wrong_value(node, "a duration, e.g. 30s, 5m or 3d");
  return *duration;
}

Result<Milliseconds> read_positive_duration(const Node& node) {
  Result<Milliseconds> duration = read_duration(node);
  if (duration && *duration <= Milliseconds(0)) return wrong_value(node, "longer than zero");
  return duration;
}

Node write_duration(Milliseconds duration) {
  return scalar(format_duration(duration));
}

Result<std::chrono::days> read_window(const Node& node) {
  const Result<Milliseconds> duration = read_duration(node);
  if (!duration) return tl::unexpected(duration.error());
  const auto days = std::chrono::duration_cast<std::chrono::days>(*duration);
  if (days != *duration || days.count() < 1 || days.count() > 90) {
    return wrong_value(node, "1 to 90 whole days, e.g. 14d");
  }
  return days;
}

Node write_window(std::chrono::days window) {
  return scalar(std::to_string(window.count()) + "d");
}

Result<double> read_quantity(const Node& node) {
  const Result<std::string> text = read_text(node);
  if (!text) return tl::unexpected(text.error());
  const Result<double> value = parse_quantity(*text);
  if (!value || *value < 0) return wrong_value(node, "a quantity, e.g. 250m, 0.5 or 64Mi");
  return *value;
}

Node write_quantity(Resource resource, double value) {
  const std::string text = resource == Resource::kCpu ? format_cpu(value) : format_memory(value);
  const Result<double> back = parse_quantity(text);
  // The canonical spelling rounds up to millicores and bytes; a finer setting is written as it is.
  return scalar(back && *back == value ? text : number_text(value));
}

}  // namespace loadline::config
