#include "service/http.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

#include "service/json_text.hpp"

namespace loadline::service {
namespace {

std::string_view phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return status < 500 ? "Error" : "Internal Server Error";
  }
}

/// The report's page carries its style; nothing else of a page may load or run.
constexpr std::string_view kSafety =
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'\r\n";

std::string framing_line(const HttpAnswer& answer, Framing framing) {
  if (answer.status == 304) return {};
  switch (framing) {
    case Framing::kLength:
      return "Content-Length: " + std::to_string(answer.body.size()) + "\r\n";
    case Framing::kChunked:
      return "Transfer-Encoding: chunked\r\n";
    case Framing::kUntilClose:
      return {};
  }
  return {};
}

std::string two_digits(std::int64_t number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

bool has_header(const HttpAnswer& answer, std::string_view name) {
  return std::any_of(answer.headers.begin(), answer.headers.end(),
                     [name](const auto& header) { return header.first == name; });
}

}  // namespace

HttpAnswer error_answer(int status, std::string_view message, std::string_view parameter) {
  JsonObject error;
  error.count("status", static_cast<std::uint64_t>(status));
  if (!parameter.empty()) error.text("parameter", parameter);
  error.text("message", message);
  return {.status = status,
          .content_type = "application/json",
          .body = JsonObject().raw("error", error.str()).str() + "\n"};
}

HttpAnswer busy_answer(std::string_view message, int retry_after_seconds) {
  HttpAnswer answer = error_answer(503, message);
  answer.headers.emplace_back("Retry-After", std::to_string(retry_after_seconds));
  return answer;
}

std::string header_value(std::string_view text) {
  std::string value;
  std::copy_if(text.begin(), text.end(), std::back_inserter(value),
               [](char c) { return c >= ' ' && c != 0x7f; });
  return value;
}

std::string http_date(TimePoint time) {
  static constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed",
                                                    "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  return std::string(kDays[std::chrono::weekday(day).c_encoding()]) + ", " +
         two_digits(static_cast<unsigned>(date.day())) + ' ' +
         kMonths[static_cast<unsigned>(date.month()) - 1] + ' ' +
         std::to_string(static_cast<int>(date.year())) + ' ' + two_digits(clock.hours().count()) +
         ':' + two_digits(clock.minutes().count()) + ':' + two_digits(clock.seconds().count()) +
         " GMT";
}

std::string head_of(const HttpAnswer& answer, Framing framing, Persistence persistence,
                    TimePoint now) {
  std::string head = "HTTP/1.1 " + std::to_string(answer.status) + ' ' +
                     std::string(phrase(answer.status)) + "\r\nDate: " + http_date(now) + "\r\n";
  if (answer.status != 304) head += "Content-Type: " + answer.content_type + "\r\n";
  head += framing_line(answer, framing);
  head += persistence == Persistence::kClose ? "Connection: close\r\n" : "";
  if (!has_header(answer, "Cache-Control")) head += "Cache-Control: no-store\r\n";
  head += kSafety;
  for (const auto& [name, value] : answer.headers) {
    head += name + ": " + header_value(value) + "\r\n";
  }
  return head + "\r\n";
}

}  // namespace loadline::service
