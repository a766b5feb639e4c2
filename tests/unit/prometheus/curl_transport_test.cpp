#include "loadline/prometheus/curl_transport.hpp"

#include <atomic>
#include <filesystem>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include "support/catch.hpp"
#include "support/curl_fixture.hpp"
#include "support/matchers.hpp"
#include "support/tcp_server.hpp"
#include "support/temp_dir.hpp"

namespace loadline {
namespace {

using test::After;
using test::contains;
using test::http_reply;
using test::RecordingSink;
using test::send_error;
using test::TcpServer;
using test::TempDir;
using test::transport_to;

const HttpRequest kGet{.path = "/api/v1/labels"};

// ---- what is sent

TEST_CASE("curl: the path prefix is kept and slashes do not double") {
  for (const std::string prefix : {"/prometheus", "/prometheus/", "/a/b//"}) {
    TcpServer server({{.bytes = http_reply("200 OK", "x")}});
    CHECK(transport_to({.url = server.url() + prefix})
              ->send({.path = "/api/v1/labels", .query = "start=1"}));
    const std::string kept = prefix.substr(0, prefix.find_last_not_of('/') + 1);
    CHECK(server.requests()[0].line() == "GET " + kept + "/api/v1/labels?start=1 HTTP/1.1");
  }
}

TEST_CASE("curl: GET without settings sends no credentials and asks for no compression") {
  TcpServer server({{.bytes = http_reply("200 OK", "answer", "Content-Type: text/x\r\n")}});
  const auto response = transport_to({.url = server.url()})->send(kGet);
  REQUIRE(response);
  CHECK(response->status == 200);
  CHECK(response->content_type == "text/x");
  CHECK(response->body == "answer");
  CHECK(response->wire_bytes == 6);
  CHECK_FALSE(response->retry_after);
  const auto request = server.requests()[0];
  CHECK(request.header("Authorization").empty());
  CHECK(request.header("Accept-Encoding").empty());
  CHECK(request.header("User-Agent").starts_with("loadline/"));
  CHECK(request.header("Host") == server.url().substr(7));
}

TEST_CASE("curl: POST sends the body as it is, NUL bytes and all, without asking first") {
  TcpServer server({{.bytes = http_reply("200 OK", "x")}});
  std::string body(3 << 20, 'b');
  body[10] = '\0';
  CHECK(transport_to({.url = server.url()})
            ->send({.method = HttpMethod::kPost,
                    .path = "/api/v1/read",
                    .headers = {{"Content-Type", "application/x-protobuf"}, {"X-Empty", ""}},
                    .body = body}));
  const auto request = server.requests()[0];
  CHECK(request.line() == "POST /api/v1/read HTTP/1.1");
  CHECK((request.body == body));
  CHECK(request.header("Content-Type") == "application/x-protobuf");
  CHECK(request.head.find("X-Empty:") != std::string::npos);
  CHECK(request.header("Expect").empty());
}

TEST_CASE("curl: an empty POST and a form POST carry their length and type") {
  TcpServer server({{.bytes = http_reply("200 OK", "x")}});
  const auto transport = transport_to({.url = server.url()});
  CHECK(transport->send({.method = HttpMethod::kPost, .path = "/q"}));
  CHECK(transport->send({.method = HttpMethod::kPost, .path = "/q", .body = "query=up"}));
  CHECK(server.requests()[0].header("Content-Length") == "0");
  CHECK(server.requests()[1].header("Content-Type") == "application/x-www-form-urlencoded");
  CHECK(server.requests()[1].body == "query=up");
}

TEST_CASE("curl: a bearer token is read from its file at each request") {
  const TempDir dir;
  TcpServer server({{.bytes = http_reply("200 OK", "x")}});
  const auto transport =
      transport_to({.url = server.url(), .bearer_token_file = dir.write("token", "first-token\n")});
  CHECK(transport->send(kGet));
  dir.write("token", "other-token");
  CHECK(transport->send(kGet));
  CHECK(server.requests()[0].header("Authorization") == "Bearer first-token");
  CHECK(server.requests()[1].header("Authorization") == "Bearer other-token");
}

TEST_CASE("curl: a token file that vanished fails the request with its setting named") {
  const TempDir dir;
  TcpServer server({{.bytes = http_reply("200 OK", "x")}});
  const std::string file = dir.write("token", "first-token");
  const auto transport = transport_to({.url = server.url(), .bearer_token_file = file});
  std::filesystem::remove(file);
  const auto response = transport->send(kGet);
  REQUIRE_FALSE(response);
  CHECK(response.error().kind == ErrorKind::kInvalidInput);
  CHECK(response.error().message == "cannot use " + file +
                                        ": No such file or directory; check "
                                        "prometheus.bearer_token_file");
  CHECK(server.requests().empty());
}

TEST_CASE("curl: basic authentication is encoded as RFC 7617 says") {
  struct Row {
    std::string password{};
    std::string header{};
  };
  for (const Row& row :
       {Row{"open sesame\n", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}, Row{"p", "Basic QWxhZGRpbjpw"},
        Row{"\xc3\xa9", "Basic QWxhZGRpbjrDqQ=="}, Row{"ab:c", "Basic QWxhZGRpbjphYjpj"}}) {
    const TempDir dir;
    TcpServer server({{.bytes = http_reply("200 OK", "x")}});
    CHECK(transport_to({.url = server.url(),
                        .basic_auth_username = "Aladdin",
                        .basic_auth_password_file = dir.write("password", row.password)})
              ->send(kGet));
    CHECK(server.requests()[0].header("Authorization") == row.header);
  }
}

TEST_CASE("curl: extra headers go with every request") {
  TcpServer server({{.bytes = http_reply("200 OK", "x")}});
  CHECK(transport_to({.url = server.url(), .headers = {{"X-Scope-OrgID", "team-a"}, {"X-Y", "1"}}})
            ->send(kGet));
  CHECK(server.requests()[0].header("X-Scope-OrgID") == "team-a");
  CHECK(server.requests()[0].header("X-Y") == "1");
}

TEST_CASE("curl: a proxy gets the request, and its credentials do not show in errors") {
  TcpServer proxy({{.bytes = http_reply("200 OK", "by proxy")}, {.after = After::kClose}});
  const std::string address = proxy.url().substr(7);
  const auto transport = transport_to(
      {.url = "http://prometheus.invalid:9090/p", .proxy_url = "http://me:hidden99@" + address});
  CHECK(transport->send(kGet)->body == "by proxy");
  CHECK(proxy.requests()[0].line() ==
        "GET http://prometheus.invalid:9090/p/api/v1/labels HTTP/1.1");
  CHECK(proxy.requests()[0].header("Proxy-Authorization") == "Basic bWU6aGlkZGVuOTk=");
  const auto broken = transport->send(kGet);
  REQUIRE_FALSE(broken);
  CHECK(broken.error().message.find("through proxy http://" + address) != std::string::npos);
  CHECK(broken.error().message.find("hidden99") == std::string::npos);
}

TEST_CASE("curl: a tunnel goes to the real host and the proxy sees no secret in it") {
  const TempDir dir;
  TcpServer proxy({{.bytes = http_reply("407 Proxy Authentication Required", "")}});
  const auto transport = transport_to({.url = "https://prometheus.invalid:9090",
                                       .bearer_token_file = dir.write("token", "hidden-token"),
                                       .server_name = "prom.internal",
                                       .proxy_url = proxy.url(),
                                       .headers = {{"X-Scope-OrgID", "hidden-tenant"}}});
  CHECK(send_error(*transport, kGet) ==
        Error{ErrorKind::kUnreachable,
              "GET https://prometheus.invalid:9090/api/v1/labels through proxy " + proxy.url() +
                  ": the proxy refused the connection (status 407); check prometheus.proxy_url "
                  "and the credentials in it"});
  CHECK(proxy.requests()[0].line() == "CONNECT prometheus.invalid:9090 HTTP/1.1");
  CHECK_THAT(proxy.requests()[0].head, !contains("hidden"));
}

// ---- connections

TEST_CASE("curl: a connection that the server closed meanwhile is replaced without an error") {
  TcpServer server({{.bytes = http_reply("200 OK", "x"), .after = After::kClose}});
  const auto transport = transport_to({.url = server.url()});
  for (int i = 0; i < 3; ++i) {
    CHECK(transport->send({.method = HttpMethod::kPost, .path = "/q", .body = "b"})->body == "x");
  }
  CHECK(server.requests()[2].connection == 2);
}

TEST_CASE("curl: one connection serves request after request, from whichever thread") {
  TcpServer server({{.bytes = http_reply("200 OK", "x")}});
  const auto transport = transport_to({.url = server.url()});
  CHECK(transport->send(kGet));
  std::jthread([&] { (void)transport->send(kGet); }).join();
  CHECK(transport->send(kGet));
  REQUIRE(server.requests().size() == 3);
  for (const auto& request : server.requests()) CHECK(request.connection == 0);
}

TEST_CASE("curl: an error status does not cost the connection") {
  TcpServer server({{.bytes = http_reply("404 Not Found", "no")}});
  const auto transport = transport_to({.url = server.url()});
  CHECK(transport->send(kGet)->status == 404);
  CHECK(transport->send(kGet)->status == 404);
  CHECK(server.requests()[1].connection == 0);
}

TEST_CASE("curl: settings of one request do not leak into the next on the same connection") {
  TcpServer server({{.bytes = http_reply("200 OK", "x")}});
  const auto transport = transport_to({.url = server.url()});
  CHECK(transport->send(
      {.method = HttpMethod::kPost, .path = "/q", .headers = {{"X-A", "1"}}, .body = "b"}));
  CHECK(transport->send(kGet));
  const auto request = server.requests()[1];
  CHECK(request.line() == "GET /api/v1/labels HTTP/1.1");
  CHECK(request.header("X-A").empty());
  CHECK(request.body.empty());
}

TEST_CASE("curl: threads that send at once get their own answers") {
  TcpServer server({{.bytes = http_reply("200 OK", "x")}});
  const auto transport = transport_to({.url = server.url()});
  std::atomic<int> good = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < 25; ++n) {
          const auto response = transport->send(kGet);
          good += response && response->body == "x" ? 1 : 0;
        }
      });
    }
  }
  CHECK(good == 100);
  for (const auto& request : server.requests()) CHECK(request.connection < 4);
}

// ---- answers

TEST_CASE("curl: the body of an error status is in the answer") {
  TcpServer server({{.bytes = http_reply("404 Not Found", "no such page")}});
  const auto transport = transport_to({.url = server.url()});
  RecordingSink sink;
  for (const auto& response : {transport->send(kGet), transport->stream(kGet, sink)}) {
    REQUIRE(response);
    CHECK(response->status == 404);
    CHECK(response->body == "no such page");
  }
  CHECK(sink.starts == 0);
  CHECK(sink.body.empty());
}

TEST_CASE("curl: of an endless error body 64 KiB are kept") {
  TcpServer server({{.bytes = "HTTP/1.1 500 Oops\r\n\r\n" + std::string(200'000, 'e')}});
  const auto transport = transport_to({.url = server.url()});
  RecordingSink sink;
  for (const auto& response : {transport->send(kGet), transport->stream(kGet, sink)}) {
    REQUIRE(response);
    CHECK(response->status == 500);
    CHECK((response->body == std::string(65'536, 'e')));
  }
}

TEST_CASE("curl: Retry-After is read as seconds and as a date") {
  TcpServer server(
      {{.bytes = http_reply("429 Slow down", "", "Retry-After: 7\r\n")},
       {.bytes = http_reply("503 Later", "", "Retry-After: 0\r\n")},
       {.bytes = http_reply("503 Later", "", "Retry-After: nonsense\r\n")},
       {.bytes = http_reply("503 Later", "", "Retry-After: 999999999999\r\n")},
       {.bytes = http_reply("503 Later", "", "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\n")},
       {.bytes = http_reply("503 Later", "", "Retry-After: Fri, 01 Jan 2100 00:00:00 GMT\r\n")}});
  const auto transport = transport_to({.url = server.url()});
  // libcurl caps what it reads, from some release on at six hours.
  const Milliseconds longest = std::chrono::hours(6);
  CHECK(transport->send(kGet)->retry_after == Milliseconds(7'000));
  CHECK(transport->send(kGet)->retry_after == std::nullopt);
  CHECK(transport->send(kGet)->retry_after == std::nullopt);
  CHECK(transport->send(kGet)->retry_after >= longest);
  CHECK(transport->send(kGet)->retry_after == std::nullopt);
  CHECK(transport->send(kGet)->retry_after >= longest);
}

TEST_CASE("curl: a body of exactly the limit is taken, one byte more is too large") {
  const std::string body(10'000, 'x');
  TcpServer server({{.bytes = http_reply("200 OK", body)}});
  const auto transport = transport_to({.url = server.url()});
  HttpRequest request = kGet;
  request.max_body_bytes = 10'000;
  CHECK(transport->send(request)->body.size() == 10'000);
  request.max_body_bytes = 9'999;
  const auto refused = transport->send(request);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::kTooLarge);
  CHECK(refused.error().message == "GET " + server.url() +
                                       "/api/v1/labels: the answer is over 9999 bytes; ask for "
                                       "fewer series or a shorter time");
}

TEST_CASE("curl: a body without announced length is limited too") {
  TcpServer server({{.bytes = "HTTP/1.1 200 OK\r\n\r\n" + std::string(200'000, 'x')}});
  HttpRequest request = kGet;
  request.max_body_bytes = 100'000;
  CHECK(transport_to({.url = server.url()})->send(request).error().kind == ErrorKind::kTooLarge);
}

TEST_CASE("curl: a body of many megabytes without announced length arrives whole") {
  std::string body;
  body.reserve(std::size_t{24} << 20);
  while (body.size() < std::size_t{24} << 20) body += "row " + std::to_string(body.size()) + "\n";
  TcpServer server({{.bytes = "HTTP/1.1 200 OK\r\n\r\n" + body, .after = After::kClose}});
  const auto response = transport_to({.url = server.url()})->send(kGet);
  REQUIRE(response);
  CHECK((response->body == body));
}

TEST_CASE("curl: a 100 Continue before the answer is skipped") {
  TcpServer server({{.bytes = "HTTP/1.1 100 Continue\r\n\r\n" + http_reply("200 OK", "answer")}});
  const auto response = transport_to({.url = server.url()})->send(kGet);
  CHECK(response->status == 200);
  CHECK(response->body == "answer");
}

TEST_CASE("curl: an answer compressed with gzip arrives as it was, counted as it came") {
  // gzip of 4096 times 'a'
  const std::string gzip(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\xed\xc1\x01\x0d\x00\x00\x00\xc2\xa0\xac\xef\x5f\xc2"
      "\x1e\x0e\x28\x00\x00\x00\xe0\xdd\x00\x73\xdc\x99\x9c\x00\x10\x00\x00",
      40);
  TcpServer server({{.bytes = http_reply("200 OK", gzip, "Content-Encoding: gzip\r\n")}});
  const auto transport = transport_to({.url = server.url(), .compression = Compression::kGzip});
  const auto response = transport->send(kGet);
  REQUIRE(response);
  CHECK(response->body == std::string(4096, 'a'));
  CHECK(response->wire_bytes == 40);
  HttpRequest small = kGet;
  small.max_body_bytes = 4095;
  CHECK(send_error(*transport, small).kind == ErrorKind::kTooLarge);
}

TEST_CASE("curl: gzip is offered only where it is set and the request leaves encodings alone") {
  struct Row {
    Compression compression = Compression::kNone;
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string offered{};
  };
  const std::vector<Row> rows = {
      {Compression::kNone, {}, ""},
      {Compression::kGzip, {}, "gzip"},
      {Compression::kGzip, {{"Content-Encoding", "snappy"}}, ""},
      {Compression::kGzip, {{"accept-encoding", "snappy"}}, "snappy"},
  };
  for (const Row& row : rows) {
    TcpServer server({{.bytes = http_reply("200 OK", "raw", "Content-Encoding: snappy\r\n")}});
    HttpRequest request = kGet;
    request.headers = row.headers;
    const auto response =
        transport_to({.url = server.url(), .compression = row.compression})->send(request);
    CHECK(server.requests()[0].header("Accept-Encoding") == row.offered);
    if (row.offered != "gzip") CHECK(response->body == "raw");
  }
}

TEST_CASE("curl: percent-encoding leaves the unreserved bytes and no others") {
  CHECK(url_encode("") == "");
  CHECK(url_encode("AZaz09-._~") == "AZaz09-._~");
  CHECK(url_encode("a b+c&d=e%/{}\"") == "a%20b%2Bc%26d%3De%25%2F%7B%7D%22");
  CHECK(url_encode("\xc3\xa9\n") == "%C3%A9%0A");
  CHECK(url_encode(std::string("\0", 1)) == "%00");
}

}  // namespace
}  // namespace loadline
