/// What a request to stop does to transfers, with the real transport and a server that never ends.
#include <stop_token>
#include <string>
#include <thread>

#include "support/catch.hpp"
#include "support/curl_fixture.hpp"
#include "support/tcp_server.hpp"

namespace loadline {
namespace {

using test::http_reply;
using test::RecordingSink;
using test::TcpServer;

const HttpRequest kPost{.method = HttpMethod::kPost, .path = "/api/v1/query", .body = "query=up"};

std::unique_ptr<HttpTransport> stoppable(const TcpServer& server, const std::stop_source& source) {
  test::forget_proxies();
  auto transport = make_curl_transport({.url = server.url()}, source.get_token());
  REQUIRE(transport);
  return std::move(*transport);
}

/// Requests the stop once the server has the request. Ends without one when destroyed.
std::jthread stop_when_asked(const TcpServer& server, std::stop_source source) {
  return std::jthread([&server, source](const std::stop_token& over) mutable {
    while (!over.stop_requested() && server.requests().empty()) std::this_thread::yield();
    source.request_stop();
  });
}

Error stopped(const TcpServer& server) {
  return {ErrorKind::kCancelled, "POST " + server.url() + "/api/v1/query: stopped"};
}

/// Each costs up to a second: that often libcurl looks whether to go on while nothing arrives.
const std::vector<std::string> kUnfinished = {"",
                                              "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"};

TEST_CASE("curl cancel: a send under way ends when a stop is requested") {
  for (const std::string& answer : kUnfinished) {
    INFO(answer);
    TcpServer server({{.bytes = answer}});
    const std::stop_source source;
    const auto transport = stoppable(server, source);
    const std::jthread stopper = stop_when_asked(server, source);
    const auto response = transport->send(kPost);
    REQUIRE_FALSE(response);
    CHECK(response.error() == stopped(server));
  }
}

TEST_CASE("curl cancel: a stream under way ends when a stop is requested") {
  for (const std::string& answer : kUnfinished) {
    INFO(answer);
    TcpServer server({{.bytes = answer}});
    const std::stop_source source;
    const auto transport = stoppable(server, source);
    const std::jthread stopper = stop_when_asked(server, source);
    RecordingSink sink;
    const auto response = transport->stream(kPost, sink);
    REQUIRE_FALSE(response);
    CHECK(response.error() == stopped(server));
  }
}

TEST_CASE("curl cancel: a stream whose bytes never cease ends too") {
  TcpServer server({{.bytes = "HTTP/1.1 200 OK\r\nX: y\r\n\r\n",
                     .times = 1'000'000'000,
                     .pause = std::chrono::milliseconds(1)}});
  const std::stop_source source;
  const auto transport = stoppable(server, source);
  const std::jthread stopper = stop_when_asked(server, source);
  RecordingSink sink;
  const auto response = transport->stream(kPost, sink);
  REQUIRE_FALSE(response);
  CHECK(response.error() == stopped(server));
}

TEST_CASE("curl cancel: after the request to stop nothing is sent any more") {
  TcpServer server({{.bytes = http_reply("200 OK", "never")}});
  std::stop_source source;
  const auto transport = stoppable(server, source);
  source.request_stop();
  RecordingSink sink;
  const auto sent = transport->send(kPost);
  const auto streamed = transport->stream(kPost, sink);
  REQUIRE_FALSE(sent);
  REQUIRE_FALSE(streamed);
  CHECK(sent.error() == stopped(server));
  CHECK(streamed.error() == stopped(server));
  CHECK(sink.starts == 0);
  CHECK(server.requests().empty());
}

TEST_CASE("curl cancel: where nobody asks to stop, transfers end as ever") {
  TcpServer server({{.bytes = http_reply("200 OK", "up")}});
  const std::stop_source source;
  const auto transport = stoppable(server, source);
  RecordingSink sink;
  CHECK(transport->send(kPost)->body == "up");
  CHECK(transport->stream(kPost, sink)->status == 200);
  CHECK(sink.body == "up");
}

}  // namespace
}  // namespace loadline
