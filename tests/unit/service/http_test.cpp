#include "service/http.hpp"

#include "support/catch.hpp"
#include "support/matchers.hpp"

namespace loadline::service {
namespace {

const TimePoint kNow = TimePoint(Milliseconds(1'795'536'057'123));

TEST_CASE("dates are written as HTTP has them") {
  CHECK(http_date(kNow) == "Tue, 24 Nov 2026 16:00:57 GMT");
  CHECK(http_date(TimePoint{}) == "Thu, 01 Jan 1970 00:00:00 GMT");
  CHECK(http_date(from_unix_ms(951'782'399'999)) == "Mon, 28 Feb 2000 23:59:59 GMT");
}

TEST_CASE("every head carries the safety headers and ends with an empty line") {
  for (const int status : {200, 304, 400, 401, 404, 405, 413, 414, 500, 503, 505}) {
    CAPTURE(status);
    const std::string head =
        head_of({.status = status}, Framing::kLength, Persistence::kKeepAlive, kNow);
    CHECK_THAT(head, test::starts_with("HTTP/1.1 " + std::to_string(status) + " "));
    CHECK_THAT(head, test::ends_with("\r\n\r\n"));
    CHECK_THAT(head, test::contains("\r\nX-Content-Type-Options: nosniff\r\n"));
    CHECK_THAT(head, test::contains("\r\nX-Frame-Options: DENY\r\n"));
    CHECK_THAT(head, test::contains("\r\nReferrer-Policy: no-referrer\r\n"));
    CHECK_THAT(head, test::contains("\r\nContent-Security-Policy: default-src 'none';"));
    CHECK_THAT(head, test::contains("\r\nCache-Control: no-store\r\n"));
    CHECK(head.find("Server:") == std::string::npos);
  }
}

TEST_CASE("framing and persistence are told") {
  const HttpAnswer answer{.body = "four"};
  CHECK_THAT(head_of(answer, Framing::kLength, Persistence::kClose, kNow),
             test::contains("Content-Length: 4\r\nConnection: close\r\n"));
  const std::string chunked = head_of(answer, Framing::kChunked, Persistence::kKeepAlive, kNow);
  CHECK_THAT(chunked, test::contains("Transfer-Encoding: chunked\r\n"));
  CHECK(chunked.find("Content-Length") == std::string::npos);
  const std::string bare = head_of({.status = 304}, Framing::kLength, Persistence::kClose, kNow);
  CHECK(bare.find("\r\nContent-Type") == std::string::npos);
  CHECK(bare.find("\r\nContent-Length") == std::string::npos);
}

TEST_CASE("a header cannot be split, whatever its value holds") {
  HttpAnswer answer;
  answer.headers.emplace_back("ETag", "\"a\"\r\nSet-Cookie: x=y\r\n\r\n<html>\x7f");
  const std::string head = head_of(answer, Framing::kLength, Persistence::kClose, kNow);
  CHECK_THAT(head, test::contains("\r\nETag: \"a\"Set-Cookie: x=y<html>\r\n\r\n"));
}

TEST_CASE("an answer's own Cache-Control stands alone") {
  HttpAnswer answer;
  answer.headers.emplace_back("Cache-Control", "private, no-cache");
  const std::string head = head_of(answer, Framing::kLength, Persistence::kClose, kNow);
  CHECK(head.find("Cache-Control") == head.rfind("Cache-Control"));
}

TEST_CASE("errors are JSON that quotes nothing raw") {
  CHECK(error_answer(400, "use \"x\"\r\n", "<b>\xff").body ==
        "{\"error\":{\"status\":400,\"parameter\":\"<b>\\ufffd\",\"message\":\"use "
        "\\\"x\\\"\\r\\n\"}}\n");
  CHECK(error_answer(404, "no").body == "{\"error\":{\"status\":404,\"message\":\"no\"}}\n");
  CHECK(busy_answer("later", 2).headers.at(0) ==
        std::pair<std::string, std::string>{"Retry-After", "2"});
}

}  // namespace
}  // namespace loadline::service
