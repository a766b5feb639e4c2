/// Streams, and everything that can go wrong on the way.
#include <new>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/curl_fixture.hpp"
#include "support/matchers.hpp"
#include "support/tcp_server.hpp"

namespace loadline {
namespace {

using test::After;
using test::contains;
using test::http_reply;
using test::RecordingSink;
using test::send_error;
using test::starts_with;
using test::stream_error;
using test::TcpServer;
using test::transport_to;

const HttpRequest kGet{.path = "/api/v1/labels"};

TEST_CASE("curl transfer: a stream gives the sink the head first, then all bytes") {
  std::string body;
  for (int i = 0; i < 300'000; ++i) body += static_cast<char>(i * 7);
  TcpServer server({{.bytes = http_reply("200 OK", body, "Content-Type: a/b\r\n")}});
  RecordingSink sink;
  const auto response = transport_to({.url = server.url()})->stream(kGet, sink);
  REQUIRE(response);
  CHECK(sink.starts == 1);
  CHECK(sink.head.status == 200);
  CHECK(sink.head.content_type == "a/b");
  CHECK((sink.body == body));
  CHECK(response->body.empty());
  CHECK(response->wire_bytes == 300'000);
}

TEST_CASE("curl transfer: an empty 2xx body still starts the sink") {
  TcpServer server(
      {{.bytes = http_reply("200 OK", "")}, {.bytes = "HTTP/1.1 204 No Content\r\n\r\n"}});
  const auto transport = transport_to({.url = server.url()});
  RecordingSink sink;
  CHECK(transport->stream(kGet, sink)->status == 200);
  CHECK(transport->stream(kGet, sink)->status == 204);
  CHECK(sink.starts == 2);
  CHECK(sink.body.empty());
}

TEST_CASE("curl transfer: an error of the sink ends the transfer and is what stream returns") {
  const Error error{ErrorKind::kCorrupt, "bad frame"};
  TcpServer server({{.bytes = http_reply("200 OK", std::string(5 << 20, 'x'))}});
  const auto transport = transport_to({.url = server.url()});
  RecordingSink at_data;
  at_data.data_error = error;
  CHECK(transport->stream(kGet, at_data).error() == error);
  CHECK(at_data.calls == 1);
  RecordingSink at_start;
  at_start.start_error = error;
  CHECK(transport->stream(kGet, at_start).error() == error);
  CHECK(at_start.calls == 0);
}

TEST_CASE("curl transfer: an error of the sink at the start of an empty body is returned too") {
  TcpServer server({{.bytes = http_reply("200 OK", "")}});
  RecordingSink sink;
  sink.start_error = Error{ErrorKind::kUnsupported, "no content type"};
  CHECK(transport_to({.url = server.url()})->stream(kGet, sink).error() == *sink.start_error);
}

TEST_CASE("curl transfer: what the sink throws comes out of stream, and the transport works on") {
  TcpServer server({{.bytes = http_reply("200 OK", "x")}});
  const auto transport = transport_to({.url = server.url()});
  RecordingSink sink;
  sink.throws = true;
  CHECK_THROWS_AS(transport->stream(kGet, sink), std::bad_alloc);
  CHECK(transport->send(kGet)->body == "x");
}

TEST_CASE("curl transfer: a stream may last longer than every time-out while bytes arrive") {
  // The first of the pieces is the head, the others are the body.
  const std::string piece = "HTTP/1.1 200 OK\r\nX: y\r\n\r\n";
  TcpServer slow({{.bytes = piece, .after = After::kClose, .times = 8, .pause = Milliseconds(60)}});
  RecordingSink sink;
  const auto response = transport_to({.url = slow.url(),
                                      .request_timeout = Milliseconds(200),
                                      .stall_timeout = Milliseconds(300)})
                            ->stream(kGet, sink);
  REQUIRE(response);
  CHECK(sink.body.size() == 7 * piece.size());
}

// ---- what goes wrong on the way

TEST_CASE("curl transfer: transfers that break are kUnreachable and say how") {
  struct Row {
    std::string name{};
    test::Reply reply{};
    std::string says{};
  };
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello";
  const std::vector<Row> rows = {
      {"shorter than announced",
       {.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", .after = After::kClose},
       "the answer was cut short"},
      {"chunks without an end", {.bytes = chunked, .after = After::kClose}, "cut short"},
      {"nothing after the announced head",
       {.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", .after = After::kClose},
       "the answer was cut short"},
      {"reset in the body",
       {.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", .after = After::kReset},
       "the connection broke while receiving"},
      {"reset before the answer", {.after = After::kReset}, "the connection broke while receiving"},
      {"closed before the answer",
       {.after = After::kClose},
       "the server closed the connection without an answer"},
      {"not HTTP",
       {.bytes = "SSH-2.0-OpenSSH_9.2\r\n", .after = After::kClose},
       "the answer is not HTTP"},
      {"bad chunk size",
       {.bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        .after = After::kClose},
       "the connection broke while receiving"},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    TcpServer server({row.reply});
    const auto transport = transport_to({.url = server.url()});
    for (const Error& error : {send_error(*transport, kGet), stream_error(*transport, kGet)}) {
      CHECK(error.kind == ErrorKind::kUnreachable);
      CHECK(error.message.starts_with("GET " + server.url() + "/api/v1/labels: "));
      CHECK_THAT(error.message, contains(row.says));
    }
  }
}

TEST_CASE("curl transfer: a stream that broke had handed over what came") {
  TcpServer server(
      {{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", .after = After::kClose}});
  RecordingSink sink;
  CHECK_FALSE(transport_to({.url = server.url()})->stream(kGet, sink));
  CHECK(sink.body == "half");
}

TEST_CASE("curl transfer: a damaged gzip body says which setting avoids it") {
  TcpServer server({{.bytes = http_reply("200 OK", "not gzip", "Content-Encoding: gzip\r\n")}});
  const auto transport = transport_to({.url = server.url(), .compression = Compression::kGzip});
  CHECK_THAT(send_error(*transport, kGet).message, contains("set prometheus.compression to none"));
}

TEST_CASE("curl transfer: a server that does not answer in time ends a send") {
  TcpServer server({{.bytes = ""}, {.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"}});
  const auto transport = transport_to({.url = server.url(), .request_timeout = Milliseconds(50)});
  for (int i = 0; i < 2; ++i) {
    const Error error = send_error(*transport, kGet);
    CHECK(error.kind == ErrorKind::kTooLarge);
    CHECK(error.message == "GET " + server.url() +
                               "/api/v1/labels: no complete answer within 50ms; raise "
                               "prometheus.timeouts.request or look at the load of the server");
  }
}

TEST_CASE("curl transfer: a stream that stands still ends after the stall time-out") {
  TcpServer server({{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"}});
  const auto transport = transport_to({.url = server.url(), .stall_timeout = Milliseconds(50)});
  const Error error = stream_error(*transport, kGet);
  CHECK(error.kind == ErrorKind::kUnreachable);
  CHECK(error.message == "GET " + server.url() +
                             "/api/v1/labels: nothing arrived for 50ms; raise "
                             "prometheus.timeouts.stall or look at the load of the server");
}

TEST_CASE("curl transfer: a refused connection asks whether Prometheus runs there") {
  std::string url;
  { url = TcpServer({test::Reply{}}).url(); }
  const Error error = send_error(*transport_to({.url = url}), kGet);
  CHECK(error == Error{ErrorKind::kUnreachable,
                       "GET " + url +
                           "/api/v1/labels: cannot connect (Connection refused); is Prometheus "
                           "running there? check prometheus.url"});
}

TEST_CASE("curl transfer: a name that does not resolve is said to be one") {
  const Error error = send_error(*transport_to({.url = "http://prometheus.invalid:9090"}), kGet);
  CHECK(error.kind == ErrorKind::kUnreachable);
  CHECK_THAT(error.message,
             starts_with("GET http://prometheus.invalid:9090/api/v1/labels: cannot resolve "
                         "the host name (Could not resolve host: prometheus.invalid"));
  CHECK_THAT(error.message, contains("; check prometheus.url and DNS"));
}

TEST_CASE("curl transfer: a redirect is not followed and names the URL to set") {
  struct Row {
    std::string location{};
    std::string target{};
  };
  TcpServer elsewhere({{.bytes = http_reply("200 OK", "never")}});
  const std::vector<Row> rows = {
      {elsewhere.url() + "/prom/api/v1/labels", elsewhere.url() + "/prom"},
      {"https://login.example/auth?state=sec#x", "https://login.example/auth"},
      {"http://user:pw@other.example/api/v1/labels", "http://other.example"},
  };
  for (const Row& row : rows) {
    TcpServer server(
        {{.bytes = http_reply("302 Found", "", "Location: " + row.location + "\r\n")}});
    const auto transport = transport_to({.url = server.url()});
    for (const Error& error : {send_error(*transport, kGet), stream_error(*transport, kGet)}) {
      CHECK(error == Error{ErrorKind::kInvalidInput,
                           "GET " + server.url() + "/api/v1/labels: answered with a redirect to " +
                               row.target +
                               "; set prometheus.url to it, or the credentials if that is a "
                               "login page"});
    }
  }
  CHECK(elsewhere.requests().empty());
}

TEST_CASE("curl transfer: a redirect within the server is quoted with the server") {
  TcpServer server({{.bytes = http_reply("301 Moved", "", "Location: /new/api/v1/labels\r\n")}});
  CHECK_THAT(send_error(*transport_to({.url = server.url()}), kGet).message,
             contains("redirect to " + server.url() + "/new;"));
}

TEST_CASE("curl transfer: a long query is cut in errors") {
  TcpServer server({{.after = After::kClose}});
  const HttpRequest request{.path = "/q", .query = std::string(5'000, 'q')};
  CHECK_THAT(send_error(*transport_to({.url = server.url()}), request).message,
             starts_with("GET " + server.url() + "/q?" + std::string(100, 'q') + "...: "));
}

}  // namespace
}  // namespace loadline
