#include "prometheus/server_error.hpp"

#include <algorithm>
#include <array>

#include "loadline/prometheus/query_api.hpp"
#include "prometheus/api_json.hpp"
#include "prometheus/quotable.hpp"

namespace loadline {
namespace {

constexpr std::size_t kMaxMessageBytes = 300;

bool contains(std::string_view text, std::string_view word) {
  return text.find(word) != std::string_view::npos;
}

/// What Prometheus, Thanos, Mimir and VictoriaMetrics say when asked for too much at once.
bool says_too_much(std::string_view message) {
  constexpr std::array<std::string_view, 11> kPhrases = {
      "too many samples",      "exceeded maximum resolution",
      "exceeded sample limit", "timed out",
      "deadline exceeded",     "exceeds the limit",
      "exceeded the maximum",  "too many points",
      "-search.max",           "max-query",
      "too many time"};
  return std::any_of(kPhrases.begin(), kPhrases.end(),
                     [message](std::string_view phrase) { return contains(message, phrase); });
}

/// VictoriaMetrics answers 422 for a query that it cannot parse as well; halving will not mend it.
bool says_bad_query(std::string_view message) {
  return contains(message, "parse error") || contains(message, "unexpected token") ||
         contains(message, "unparsed data");
}

std::string_view next_step(ErrorKind kind, int status) {
  switch (kind) {
    case ErrorKind::kUnauthorized:
      return "; check the credentials and headers of the Prometheus access settings";
    case ErrorKind::kUnsupported:
      return "; check that the URL ends where /api/v1 begins, path prefix included";
    case ErrorKind::kTooLarge:
      return "; ask for less at once: a shorter range or narrower matchers";
    case ErrorKind::kUnreachable:
      return status == 503 ? "; the server is starting or overloaded: try again later"
                           : "; look into the server's log";
    case ErrorKind::kInvalidInput:
    case ErrorKind::kRejected:
    case ErrorKind::kCancelled:
    case ErrorKind::kCorrupt:
    case ErrorKind::kInternal:
      return "";
  }
  return "";
}

std::string_view first_printable_line(std::string_view body) {
  while (!body.empty()) {
    const std::string_view line = body.substr(0, body.find('\n'));
    const bool printable_line = std::any_of(line.begin(), line.end(), [](char c) {
      return static_cast<unsigned char>(c) > ' ' && static_cast<unsigned char>(c) != 0x7f;
    });
    if (printable_line) return line;
    body.remove_prefix(std::min(body.size(), line.size() + 1));
  }
  return {};
}

}  // namespace

ErrorKind kind_of_refusal(int status, std::string_view message) {
  if (status == 401 || status == 403) return ErrorKind::kUnauthorized;
  if (status == 413 || status == 504 || says_too_much(message)) return ErrorKind::kTooLarge;
  if (status == 404 || status == 405 || status == 501) return ErrorKind::kUnsupported;
  // VictoriaMetrics' way of saying 404.
  if (contains(message, "unsupported path requested")) return ErrorKind::kUnsupported;
  if (status == 422) return says_bad_query(message) ? ErrorKind::kRejected : ErrorKind::kTooLarge;
  return status >= 500 ? ErrorKind::kUnreachable : ErrorKind::kRejected;
}

Error refusal(int status, std::string_view message, std::string_view what) {
  const ErrorKind kind = kind_of_refusal(status, message);
  std::string text(what);
  text += status == 200 ? ": error in a 200 answer" : ": HTTP " + std::to_string(status);
  if (!message.empty()) text += ": " + quotable(message, kMaxMessageBytes);
  text += next_step(kind, status);
  return Error{kind, text};
}

Error error_of(const HttpResponse& response, std::string_view what) {
  const std::string message = read_error_message(response.body);
  if (!message.empty()) return refusal(response.status, message, what);
  return refusal(response.status, first_printable_line(response.body), what);
}

}  // namespace loadline
